"""Deploying ends in one resource that answers, whatever happens on the way."""

from __future__ import annotations

import pytest

from bonito_azure_arm.access import ARM_HOST
from bonito_emulators import Emulation, Reset
from bonito_emulators.azure import Account, AzureCloud, Creation, Pace
from bonito_emulators.faults import AfterApplied
from bonito_providers import Connection, State
from bonito_providers.errors import PlanRefused
from plugins.azure_arm.tests.resources import (
    DATA_HOST,
    FIELDS,
    arm_fault,
    bearers,
    managed_cloud,
    writes,
)
from plugins.azure_foundry.tests.deploying import WRITER, deployed, planned
from plugins.azure_foundry.tests.resources import keys_sent

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


async def test_a_deployment_is_made_proved_and_marked_as_own(
    managed: Connection, account: Account
) -> None:
    made = await deployed(managed)
    assert (made.state, made.created, made.verified, made.owned) == (State.READY, True, True, True)
    standing = account.deployment("writer")
    assert standing is not None
    assert standing.tags == {"managed-by": "bonito-providers"}


async def test_the_same_request_twice_gives_one_resource(
    managed: Connection, cloud: AzureCloud, emulation: Emulation
) -> None:
    first, second = await deployed(managed), await deployed(managed)
    assert first.ref == second.ref
    assert (first.created, second.created) == (True, False)
    assert len(writes(emulation.log)) == 1
    assert cloud.bill.count("created", deployment="writer") == 1


@pytest.mark.parametrize("shape", ["immediate", "body", "header"])
@pytest.mark.parametrize("times", [1, 2])
async def test_an_answer_that_is_lost_costs_no_second_resource(
    managed: Connection, cloud: AzureCloud, account: Account, shape: str, times: int
) -> None:
    account.creation = Creation(shape=shape, pace=Pace(looks=2))  # type: ignore[arg-type]  # one of its literals
    cloud.faults.add(arm_fault(AfterApplied(Reset()), method="PUT", times=times))
    made = await deployed(managed)
    assert (made.state, made.verified) == (State.READY, True)
    assert cloud.bill.count("created", deployment="writer") == 1
    assert [each.name for each in account.standing()].count("writer") == 1


async def test_a_change_is_shown_and_needs_to_be_asked_for(
    managed: Connection, account: Account
) -> None:
    await deployed(managed)
    larger = WRITER.model_copy(update={"capacity": 25})
    plan = await planned(managed, larger)
    assert plan.changes == ("capacity 10 to 25",)
    with pytest.raises(PlanRefused, match="capacity 10 to 25"):
        await managed.provider.deploy(managed, plan)
    changed = await deployed(managed, larger.model_copy(update={"update": True}))
    assert (changed.state, changed.created, changed.capacity) == (State.READY, False, 25)
    standing = account.deployment("writer")
    assert standing is not None
    assert standing.capacity == 25


async def test_management_tokens_and_keys_never_meet(
    managed: Connection, cloud: AzureCloud, emulation: Emulation
) -> None:
    await managed.provider.check_credentials(managed)
    made = await deployed(managed)
    await managed.provider.delete_deployment(managed, made.ref)
    managing, calling = emulation.log.select(ARM_HOST), emulation.log.select(DATA_HOST)
    tokens = bearers(managing)
    issued = [cloud.directory.token(each) for each in tokens]
    assert {each.audience for each in issued if each} == {"https://management.azure.com"}
    assert tokens & bearers(calling) == set()
    assert {host for host, _ in keys_sent(emulation.log)} == {ARM_HOST, DATA_HOST}
    assert all(each.header("api-key") is None for each in managing)
    assert {each.header("api-key") for each in calling} == {FIELDS["api_key"]}
