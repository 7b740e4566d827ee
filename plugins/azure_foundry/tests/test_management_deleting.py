"""Deleting removes what this project made, and nothing else unless somebody insists."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation, Reset
from bonito_emulators.azure import Account, AzureCloud, Creation, Deletion, Pace
from bonito_emulators.azure import Deployment as Standing
from bonito_emulators.faults import AfterApplied
from bonito_providers import (
    Connection,
    DeploymentRef,
    State,
)
from bonito_providers.errors import Conflict, InvalidRequest
from plugins.azure_arm.tests.resources import arm_fault, managed_cloud, writes
from plugins.azure_foundry.tests.deploying import deployed

pytestmark = pytest.mark.anyio

FOREIGN = DeploymentRef(provider="azure_foundry", resource="contoso", name="mini")


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


async def test_what_was_made_here_is_deleted_and_deleting_again_succeeds(
    managed: Connection, account: Account, emulation: Emulation
) -> None:
    made = await deployed(managed)
    for _ in range(2):
        gone = await managed.provider.delete_deployment(managed, made.ref)
        assert gone.state is State.ABSENT
    assert (await managed.provider.get_deployment(managed, made.ref)).state is State.ABSENT
    assert account.deployment("writer") is None
    assert len([each for each in writes(emulation.log) if each.method == "DELETE"]) == 1


async def test_what_somebody_else_made_is_deleted_only_on_insistence(
    managed: Connection, account: Account
) -> None:
    account.add(Standing(name="theirs", model="gpt-4o", tags={"managed-by": "terraform"}))
    for name in ("mini", "theirs"):
        ref = FOREIGN.model_copy(update={"name": name})
        with pytest.raises(Conflict, match="not created by this project"):
            await managed.provider.delete_deployment(managed, ref)
        assert account.deployment(name) is not None
        gone = await managed.provider.delete_deployment(managed, ref, include_unowned=True)
        assert gone.state is State.ABSENT
        assert account.deployment(name) is None


@pytest.mark.parametrize("shape", ["header", "location"])
async def test_deleting_that_takes_a_while_is_seen_as_such_and_ends(
    managed: Connection, account: Account, emulation: Emulation, shape: str
) -> None:
    made = await deployed(managed)
    account.deletion = Deletion(shape=shape, pace=Pace(looks=4))  # type: ignore[arg-type]  # one of its literals
    states = [(await managed.provider.delete_deployment(managed, made.ref)).state]
    states.append((await managed.provider.delete_deployment(managed, made.ref)).state)
    while states[-1] is not State.ABSENT:
        states.append((await managed.provider.get_deployment(managed, made.ref)).state)
    assert states[:2] == [State.DELETING, State.DELETING]
    assert set(states[2:-1]) <= {State.DELETING}
    assert len([each for each in writes(emulation.log) if each.method == "DELETE"]) == 1


async def test_what_is_just_being_deleted_is_deployed_once_it_is_gone(
    managed: Connection, account: Account, cloud: AzureCloud
) -> None:
    made = await deployed(managed)
    account.deletion = Deletion(shape="header", pace=Pace(looks=4))
    await managed.provider.delete_deployment(managed, made.ref)
    again = await deployed(managed)
    assert (again.state, again.verified) == (State.READY, True)
    assert (cloud.bill.count("created"), cloud.bill.count("deleted")) == (2, 1)


async def test_deleting_on_a_busy_account_is_queued(managed: Connection, account: Account) -> None:
    made = await deployed(managed)
    account.hold_writes(Pace(looks=1))
    queued = await managed.provider.delete_deployment(managed, made.ref)
    assert queued.state is State.QUEUED
    assert queued.retry_after
    gone = await managed.provider.delete_deployment(managed, made.ref)
    assert gone.state is State.ABSENT


async def test_an_answer_lost_in_deleting_is_no_error(
    managed: Connection, cloud: AzureCloud
) -> None:
    made = await deployed(managed)
    cloud.faults.add(arm_fault(AfterApplied(Reset()), method="DELETE"))
    gone = await managed.provider.delete_deployment(managed, made.ref)
    assert gone.state is State.ABSENT
    assert cloud.bill.count("deleted") == 1


async def test_what_was_made_and_removed_elsewhere_is_absent(
    managed: Connection, account: Account
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=1))
    made = await deployed(managed)
    account.remove("writer")
    assert (await managed.provider.get_deployment(managed, made.ref)).state is State.ABSENT


async def test_a_deployment_of_another_resource_is_refused(managed: Connection) -> None:
    ref = FOREIGN.model_copy(update={"resource": "fabrikam"})
    with pytest.raises(InvalidRequest, match="not to this connection"):
        await managed.provider.get_deployment(managed, ref)
    with pytest.raises(InvalidRequest, match="not to this connection"):
        await managed.provider.delete_deployment(managed, ref)
