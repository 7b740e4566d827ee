"""The command is killed at each request and each write; run again, nothing seems to have happened.

What it sends and writes is counted in a run of its own before, so that no point is left out.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_emulators.azure import Creation, Pace
from bonito_emulators.azure.operations import Deletion
from bonito_host import activation
from bonito_host.store.status import PlanStatus
from bonito_providers import DeploymentRequest, NetworkSettings, ProviderRegistry, State
from host.tests.forks import Forks
from host.tests.killing import (
    Moment,
    count_requests,
    count_steps,
    run_and_die,
    run_and_kill,
)
from host.tests.managed import FIELDS, Managed, managed

pytestmark = pytest.mark.slow
NIGHTLY = pytest.mark.nightly
# A request that was carried out and whose answer is lost asks for the most: each day tries that.
MOMENTS = ("during", *(pytest.param(each, marks=NIGHTLY) for each in ("before", "after")))
SLOWLY = Creation(shape="header", pace=Pace(looks=1), propagation=Pace())
KILLED = {-signal.SIGKILL}
FEW_OR_ALL = pytest.mark.parametrize(
    "every", [pytest.param(3, id="few"), pytest.param(1, id="all", marks=NIGHTLY)]
)


@pytest.fixture
def cloud(tmp_path: Path, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path, forks) as started:
        yield started


@pytest.mark.parametrize("moment", MOMENTS)
def test_connect_stores_a_whole_connection_or_none(cloud: Managed, moment: Moment) -> None:
    for at in range(1, count_requests(cloud, "connect", "counted") + 1):
        id = f"c{at}"
        code = run_and_kill(cloud, "connect", id, at=at, moment=moment)
        stored = cloud.store.connections
        # Killed once its last answer is out, the command may have come to its end already.
        assert code in KILLED | ({0} if stored.exists(id) else set())
        if stored.exists(id):
            assert stored.credentials(id) == FIELDS
        assert cloud.bonito.run("connect", id, "--replace").code == 0
        assert stored.credentials(id) == FIELDS
    assert cloud.bills("created") == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_deploy_makes_one_resource_and_knows_it(cloud: Managed, moment: Moment) -> None:
    cloud.connect()
    deploy_and_kill(cloud, moment)


@NIGHTLY
def test_a_long_deployment_is_followed_to_its_end_after_a_lost_answer(cloud: Managed) -> None:
    cloud.connect()
    cloud.account.creation = SLOWLY
    deploy_and_kill(cloud, "during")


@pytest.mark.parametrize("moment", MOMENTS)
def test_delete_removes_once_and_knows_it(cloud: Managed, moment: Moment) -> None:
    cloud.connect()
    delete_and_kill(cloud, moment)


@NIGHTLY
def test_a_long_deletion_is_followed_to_its_end_after_a_lost_answer(cloud: Managed) -> None:
    cloud.connect()
    cloud.account.deletion = Deletion(shape="header")
    delete_and_kill(cloud, "during")


@FEW_OR_ALL
def test_connect_killed_at_a_write_stores_a_whole_connection_or_none(
    cloud: Managed, every: int
) -> None:
    stored = cloud.store.connections
    for at in range(1, count_steps(cloud, "connect", "counted") + 1, every):
        id = f"c{at}"
        assert run_and_die(cloud, "connect", id, at=at) in KILLED
        if stored.exists(id):
            assert stored.credentials(id) == FIELDS
        assert cloud.bonito.run("connect", id, "--replace").code == 0
        assert stored.credentials(id) == FIELDS


@FEW_OR_ALL
def test_deploy_killed_at_a_write_makes_one_resource_and_knows_it(
    cloud: Managed, every: int
) -> None:
    cloud.connect()
    names = ["counted"]
    for at in range(1, count_steps(cloud, *deploy("counted")) + 1, every):
        name = f"mine-{at}"
        names.append(name)
        assert run_and_die(cloud, *deploy(name), at=at) in KILLED
        must_be_deployed_by_the_same_command(cloud, name)
    assert cloud.bills("created") == names


@FEW_OR_ALL
def test_delete_killed_at_a_write_removes_once_and_knows_it(cloud: Managed, every: int) -> None:
    cloud.connect()
    asyncio.run(activate(cloud, "counted"))
    names = ["counted"]
    for at in range(1, count_steps(cloud, *delete("counted")) + 1, every):
        name = f"mine-{at}"
        names.append(name)
        asyncio.run(activate(cloud, name))
        assert run_and_die(cloud, *delete(name), at=at) in KILLED
        must_be_deleted_by_the_same_command(cloud, name)
    assert cloud.bills("deleted") == names


def must_be_deployed_by_the_same_command(cloud: Managed, name: str) -> None:
    if cloud.account.deployment(name) is not None:
        # No orphan at any moment: what stands in the cloud is known to the store.
        assert statuses(cloud, name) & {PlanStatus.STARTED, PlanStatus.DONE}
    again = cloud.bonito.run(*deploy(name), "--json")
    assert again.code == 0, again.stderr
    assert again.document["deployment"]["verified"] is True
    assert cloud.store.plans.unsettled("prod") == []
    assert PlanStatus.DONE in statuses(cloud, name)
    assert statuses(cloud, name) <= {PlanStatus.PLANNED, PlanStatus.DONE}


def must_be_deleted_by_the_same_command(cloud: Managed, name: str) -> None:
    if cloud.account.deployment(name) is None:
        assert statuses(cloud, name) <= {PlanStatus.DELETING, PlanStatus.DELETED}
    again = cloud.bonito.run(*delete(name), "--json")
    assert again.code == 0, again.stderr
    assert cloud.store.plans.unsettled("prod") == []
    assert statuses(cloud, name) == {PlanStatus.DELETED}


def deploy_and_kill(cloud: Managed, moment: Moment) -> None:
    count = count_requests(cloud, *deploy("counted"))
    names = [f"mine-{at}" for at in range(1, count + 1)]
    for at, name in enumerate(names, start=1):
        code = run_and_kill(cloud, *deploy(name), at=at, moment=moment)
        assert code in KILLED | ({0} if at == count and moment == "after" else set())
        must_be_deployed_by_the_same_command(cloud, name)
    assert cloud.bills("created") == ["counted", *names]
    assert {each.name for each in cloud.account.standing()} == {"taken", "counted", *names}


def delete_and_kill(cloud: Managed, moment: Moment) -> None:
    asyncio.run(activate(cloud, "counted"))
    count = count_requests(cloud, *delete("counted"))
    names = [f"mine-{at}" for at in range(1, count + 1)]
    for at, name in enumerate(names, start=1):
        asyncio.run(activate(cloud, name))
        code = run_and_kill(cloud, *delete(name), at=at, moment=moment)
        assert code in KILLED | ({0} if at == count and moment == "after" else set())
        must_be_deleted_by_the_same_command(cloud, name)
    assert cloud.bills("deleted") == ["counted", *names]
    assert [each.name for each in cloud.account.standing()] == ["taken"]
    cloud.store.connections.remove("prod")


def statuses(cloud: Managed, name: str) -> set[PlanStatus]:
    return {each.status for each in cloud.store.plans.named("prod", name)}


def deploy(name: str) -> tuple[str, ...]:
    return "deploy", "prod", "gpt-4o", "--capacity", "1", "--name", name


def delete(name: str) -> tuple[str, ...]:
    return "delete", "prod", name, "--yes"


async def activate(cloud: Managed, name: str) -> None:
    """Deploy without a process of its own."""
    emulation, store = cloud.emulation, cloud.store

    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(), resolver=resolve, trusted_networks=("127.0.0.0/8",)
    )
    provider = ProviderRegistry.discover().provider("azure_foundry")
    request = DeploymentRequest(model="gpt-4o", name=name, capacity=1)
    async with provider.connect(FIELDS, id="prod", network=network) as connection:
        plan = await activation.planned(store, connection, request)
        made = await activation.carry_out(store, connection, plan)
    assert made.state is State.READY
