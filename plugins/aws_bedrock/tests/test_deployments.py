"""What stands in the account, as it is told and as it is paid for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bonito_emulators import Fault
from bonito_emulators.aws import Account, AWSCloud
from bonito_emulators.faults import Respond
from bonito_providers import Connection, DeploymentRequest, State
from bonito_providers.errors import DeploymentNotFound, MalformedAnswer, ServiceUnavailable
from bonito_providers.invocation import InvocationRequest
from plugins.aws_bedrock.tests.journey import NOVA, RESERVED, deploy
from plugins.aws_bedrock.tests.resources import REGION, Connect, only
from tests.virtual_time import VirtualClock

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

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


async def test_a_reason_that_may_not_be_read_is_told_as_that_with_the_permission(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    cloud.fail_builds, cloud.failure = True, "There is no room."
    made = await deploy(connection, RESERVED)
    account.users[0].denied = {"bedrock:GetProvisionedModelThroughput"}
    found = await connection.provider.get_deployment(connection, made.ref)
    assert found.state is State.FAILED
    assert "does not say" not in str(found.error)
    assert "permission bedrock:GetProvisionedModelThroughput" in str(found.error)


UNSEEN = Respond(
    404,
    {"x-amzn-errortype": "ResourceNotFoundException"},
    {"message": "The resource is not found."},
)
PROFILES, THROUGHPUTS = "/inference-profiles", "/provisioned-model-throughputs"


@dataclass(frozen=True)
class HiddenOnceMade:
    """Makes a profile that neither the next listing nor the next look shows."""

    cloud: AWSCloud

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        none = Respond(200, body={"inferenceProfileSummaries": []})
        self.cloud.faults.add(Fault(action=none, method="GET", path_prefix=PROFILES))
        self.cloud.faults.add(Fault(action=UNSEEN, method="GET", path_prefix=f"{PROFILES}/"))
        await app(scope, receive, send)


@pytest.mark.parametrize("answer", [UNSEEN, Respond(403, body={"message": "Not you."})])
async def test_throughput_that_is_paid_for_and_not_shown_yet_is_on_its_way(
    connection: Connection, cloud: AWSCloud, account: Account, answer: Respond
) -> None:
    plan = await connection.provider.plan_deployment(connection, RESERVED)
    cloud.faults.add(
        Fault(action=answer, method="GET", path_prefix="/provisioned-model-throughput/")
    )
    made = await connection.provider.deploy(connection, plan)
    assert (made.state, made.created, made.owned) == (State.PROVISIONING, True, True)
    assert [each.name for each in account.throughputs] == [made.ref.name]
    seen = await connection.provider.get_deployment(connection, made.ref)
    assert (seen.endpoint, seen.sku, seen.capacity) == (made.endpoint, made.sku, made.capacity)


async def test_a_profile_that_was_made_and_is_not_shown_yet_is_on_its_way(
    connection: Connection, cloud: AWSCloud
) -> None:
    plan = await connection.provider.plan_deployment(connection, NOVA)
    cloud.faults.add(Fault(action=HiddenOnceMade(cloud), method="POST", path_prefix=PROFILES))
    made = await connection.provider.deploy(connection, plan)
    assert (made.state, made.created) == (State.PROVISIONING, True)
    seen = await connection.provider.get_deployment(connection, made.ref)
    assert (seen.state, seen.endpoint) == (State.READY, made.endpoint)


@dataclass(frozen=True)
class Lag:
    """A listing that does not show what was made; what is asked for by itself is shown."""

    rows: str

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        listing = scope["path"] in (PROFILES, THROUGHPUTS)
        if listing:
            await Respond(200, body={self.rows: []})(app, scope, receive, send)
        else:
            await app(scope, receive, send)


def lag(cloud: AWSCloud) -> None:
    """Lets the listings lag: whatever is made does not come up in them."""
    for path, rows in (
        (PROFILES, "inferenceProfileSummaries"),
        (THROUGHPUTS, "provisionedModelSummaries"),
    ):
        cloud.faults.add(Fault(action=Lag(rows), method="GET", path_prefix=path, times=None))


@pytest.mark.parametrize("request_", [NOVA, RESERVED])
async def test_what_was_made_and_is_not_listed_yet_is_neither_absent_nor_beyond_deleting(
    connection: Connection,
    cloud: AWSCloud,
    account: Account,
    request_: DeploymentRequest,
) -> None:
    made = await deploy(connection, request_)
    lag(cloud)
    seen = await connection.provider.get_deployment(connection, made.ref)
    assert (seen.state, seen.endpoint, seen.owned) == (State.READY, made.endpoint, True)
    await connection.provider.delete_deployment(connection, made.ref)
    assert (account.profiles, account.throughputs) == ([], [])
    gone = await connection.provider.get_deployment(connection, made.ref)
    assert gone.state is State.ABSENT


async def test_throughput_that_is_not_listed_yet_is_found_by_its_name_from_another_process(
    connection: Connection, connect: Connect, cloud: AWSCloud
) -> None:
    made = await deploy(connection, RESERVED)
    lag(cloud)
    async with connect() as other:
        seen = await other.provider.get_deployment(other, made.ref)
    assert (seen.state, seen.endpoint) == (State.READY, made.endpoint)


async def test_what_is_shown_by_nothing_is_on_its_way_and_gone_once_it_has_been_shown(
    connection: Connection, cloud: AWSCloud, account: Account
) -> None:
    plan = await connection.provider.plan_deployment(connection, NOVA)
    cloud.faults.add(Fault(action=HiddenOnceMade(cloud), method="POST", path_prefix=PROFILES))
    made = await connection.provider.deploy(connection, plan)
    (profile,) = account.profiles
    account.profiles.clear()
    seen = await connection.provider.get_deployment(connection, made.ref)
    assert (seen.state, seen.endpoint) == (State.PROVISIONING, made.endpoint)
    with pytest.raises(ServiceUnavailable, match="does not show it yet"):
        await connection.provider.delete_deployment(connection, made.ref)
    account.profiles.append(profile)
    await connection.provider.get_deployment(connection, made.ref)
    account.profiles.clear()
    gone = await connection.provider.get_deployment(connection, made.ref)
    assert gone.state is State.ABSENT


async def test_what_was_deleted_can_be_made_again_and_a_plan_sent_twice_is_paid_for_once(
    connection: Connection, account: Account, clock: VirtualClock
) -> None:
    tokens = []
    for _ in range(2):
        await clock.sleep(1)
        plan = await connection.provider.plan_deployment(connection, RESERVED)
        first = await connection.provider.deploy(connection, plan)
        second = await connection.provider.deploy(connection, plan)
        assert (first.created, second.created) == (True, False)
        tokens += [each.token for each in account.throughputs]
        await connection.provider.delete_deployment(connection, first.ref)
    assert len(set(tokens)) == 2
    assert None not in tokens


@pytest.mark.parametrize("told", ["", "<Account>None</Account>", "<Account>12345</Account>"])
async def test_an_account_without_its_number_is_no_account(
    connection: Connection, cloud: AWSCloud, told: str
) -> None:
    body = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
        f"<GetCallerIdentityResult>{told}</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
    answer = Respond(200, {"content-type": "text/xml"}, body)
    cloud.faults.add(Fault(action=answer, method="POST", path_prefix="/", times=None))
    with pytest.raises(MalformedAnswer, match="which account"):
        await connection.provider.list_deployments(connection)
