"""What stands in the account, as it is told and as it is paid for."""

from __future__ import annotations

import pytest

from bonito_emulators.aws import Account, AWSCloud
from bonito_providers import Connection, State
from bonito_providers.errors import DeploymentNotFound
from bonito_providers.invocation import InvocationRequest
from plugins.aws_bedrock.tests.journey import NOVA, RESERVED, deploy
from plugins.aws_bedrock.tests.resources import REGION, only

pytestmark = pytest.mark.anyio


async def test_a_profile_whose_model_is_listed_no_more_is_told_all_the_same(
    connection: Connection, cloud: AWSCloud
) -> None:
    cloud.put_outside("old", NOVA.model or "", region=REGION, scope="eu")
    cloud.withdraw(NOVA.model or "")
    listed = only((await connection.provider.list_deployments(connection)).items)
    found = await connection.provider.get_deployment(connection, listed.ref)
    assert (found.model.name, found.model.kind) == (NOVA.model, None)
    assert (listed.model, listed.state) == (found.model, State.READY)
    with pytest.raises(DeploymentNotFound, match="identifier is invalid"):
        await connection.provider.invoke_model(connection, found, InvocationRequest())


async def test_a_listing_says_that_it_is_whole_and_what_else_can_be_adopted(
    connection: Connection,
) -> None:
    listing = await connection.provider.list_deployments(connection)
    assert listing.complete
    assert listing.notes == (
        "Models and profiles of the service itself can be adopted by their id.",
    )


async def test_throughput_is_told_with_its_units_and_term_and_has_no_price_for_tokens(
    connection: Connection, account: Account
) -> None:
    consents = RESERVED.consents | {"aws_commitment"}
    term = {"consents": consents, "fields": {"commitment": "OneMonth"}, "name": "term"}
    made = [
        await deploy(connection, RESERVED),
        await deploy(connection, RESERVED.model_copy(update=term)),
    ]
    assert [each.billing for each in made] == [
        "Billed by the hour for 1 model units, used or not.",
        "Billed by the hour for 1 model units, committed for OneMonth, used or not.",
    ]
    assert [each.model.price_key for each in made] == [None, None]
    assert [each.units for each in account.throughputs] == [1, 1]


async def test_a_build_that_failed_tells_the_services_own_reason(
    connection: Connection, cloud: AWSCloud
) -> None:
    cloud.fail_builds, cloud.failure = True, "There is no room."
    made = await deploy(connection, RESERVED)
    found = await connection.provider.get_deployment(connection, made.ref)
    assert (found.state, found.error) == (State.FAILED, "There is no room.")
