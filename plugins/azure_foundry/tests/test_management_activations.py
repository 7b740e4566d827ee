"""Many activations at once, of many names or of one, end in one resource for each name."""

from __future__ import annotations

import asyncio

import pytest

from bonito_azure_arm.access import ARM_HOST
from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Creation, Pace
from bonito_providers import Connection, DeploymentRequest, State, wait
from plugins.azure_arm.tests.resources import managed_cloud
from plugins.azure_foundry.tests.deploying import deployed, planned
from tests.virtual_time import VirtualClock

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


class SharedClock(VirtualClock):
    """Virtual time in which those who sleep at once sleep side by side."""

    async def sleep(self, seconds: float) -> None:
        end = self.elapsed + seconds
        await asyncio.sleep(0)
        self.elapsed = max(self.elapsed, end)


@pytest.fixture
def clock() -> VirtualClock:
    return SharedClock()


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


async def test_a_busy_account_queues_the_write_until_it_is_taken(
    managed: Connection, account: Account, cloud: AzureCloud
) -> None:
    account.hold_writes(Pace(looks=3))
    seen: list[State] = []
    plan = await planned(managed)
    first = await managed.provider.deploy(managed, plan)
    assert (first.state, first.created) == (State.QUEUED, False)
    assert first.retry_after
    made = await wait(managed, plan, progress=lambda each: seen.append(each.state))
    assert (made.state, made.created, made.verified) == (State.READY, True, True)
    assert seen[0] is State.QUEUED
    assert cloud.bill.count("created") == 1


@pytest.mark.parametrize(
    ("creation", "settling"),
    [(Creation(), Pace(looks=1)), (Creation(shape="header", pace=Pace(looks=1)), Pace())],
    ids=["at-once", "long-operation"],
)
async def test_twenty_activations_at_once_on_one_account_all_end_ready(
    managed: Connection, account: Account, emulation: Emulation, creation: Creation, settling: Pace
) -> None:
    account.creation, account.settling = creation, settling
    requests = [
        DeploymentRequest(model="gpt-4o-mini", name=f"many-{number}", capacity=1)
        for number in range(20)
    ]
    made = await asyncio.gather(*(deployed(managed, request) for request in requests))
    assert {each.state for each in made} == {State.READY}
    assert all(each.verified and each.owned for each in made)
    assert len({each.ref.name for each in made}) == 20
    statuses = [each.status for each in emulation.log.select(ARM_HOST, method="PUT")]
    assert statuses.count(201) == 20
    assert statuses.count(409) == len(statuses) - 20 > 0


async def test_twenty_activations_of_one_name_make_one_resource(
    managed: Connection, cloud: AzureCloud, account: Account
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=2))
    made = await asyncio.gather(*(deployed(managed) for _ in range(20)))
    assert {each.state for each in made} == {State.READY}
    assert cloud.bill.count("created") == 1
