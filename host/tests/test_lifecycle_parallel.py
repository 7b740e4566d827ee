"""Many activations on one account at once, from two processes, with one store."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_emulators.azure import Creation, Pace
from bonito_host.store.status import PlanStatus
from host.tests.forks import Forks
from host.tests.managed import Managed, managed
from host.tests.running import PATIENCE

# Twenty activations from two processes.
pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).parent / "programs" / "activations.py"
ONE = [f"one-{number}" for number in range(10)]
OTHER = [f"other-{number}" for number in range(10)]


@pytest.fixture
def cloud(tmp_path: Path, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path, forks) as started:
        started.account.creation = Creation(shape="body", pace=Pace(looks=1))
        started.connect()
        yield started


@pytest.mark.parametrize("names", [(ONE, OTHER), (ONE, ONE)], ids=["apart", "alike"])
def test_twenty_activations_from_two_processes_all_end_ready_with_one_resource_each(
    cloud: Managed, names: tuple[list[str], list[str]]
) -> None:
    children = [start(cloud, each) for each in names]
    results = [child.communicate(timeout=PATIENCE) for child in children]
    assert [child.returncode for child in children] == [0, 0], results
    made = [each for stdout, _ in results for each in json.loads(stdout)]
    assert {(each["state"], each["verified"]) for each in made} == {("ready", True)}
    assert [each["name"] for each in made] == [*names[0], *names[1]]
    assert sorted(cloud.bills("created")) == sorted({*names[0], *names[1]})
    # The account takes one write at a time: conflicts were met, and nobody was told.
    assert 409 in {each.status for each in cloud.log.select(method="PUT")}
    assert cloud.store.plans.unsettled("prod") == []
    for name in {*names[0], *names[1]}:
        plans = cloud.store.plans.named("prod", name)
        assert {each.status for each in plans} == {PlanStatus.DONE}


def start(cloud: Managed, names: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(cloud.path), *names],
        env=cloud.bonito.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
