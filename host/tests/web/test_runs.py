"""One thing at a time goes on under a name, whoever asks for the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bonito_emulators import Respond, Slow
from bonito_emulators.azure import Creation, Pace
from bonito_host.store.status import PlanStatus
from host.tests.forks import Forks
from host.tests.holding import Held
from host.tests.managed import AT_ONCE, CONNECTION, Managed, managed
from host.tests.running import PATIENCE
from host.tests.web.serving import serving
from host.tests.web.test_pages import variables, writing

LONG = 600.0
"""Seconds the cloud takes to make a deployment; a token of it lasts longer."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path_factory.mktemp("world"), forks) as started:
        started.connect()
        yield started


@pytest.fixture(scope="module")
def api(world: Managed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("own")
    with serving(folder, variables=variables(world)) as started, started.programme() as client:
        yield client


@contextmanager
def held(world: Managed, name: str) -> Iterator[None]:
    """Let the write that makes a deployment wait for its answer."""
    world.cloud.faults.add(writing(name, Slow(seconds_before=PATIENCE)))
    try:
        yield
    finally:
        world.cloud.faults.clear()


def planned(api: httpx.Client, name: str, *, capacity: int) -> str:
    request = {"model": "gpt-4o-mini", "name": name, "capacity": capacity}
    answer = api.post("/api/plans", json={"connection": CONNECTION, "request": request})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def deletion(api: httpx.Client, name: str) -> httpx.Response:
    return api.delete(f"/api/connections/{CONNECTION}/deployments/{name}")


def progress(name: str) -> str:
    return f"/api/connections/{CONNECTION}/progress/{name}"


def test_a_second_plan_of_a_name_is_refused_and_stays_a_plan(
    world: Managed, api: httpx.Client
) -> None:
    first, second = (planned(api, "twice", capacity=each) for each in (1, 2))
    with held(world, "twice"):
        assert api.post(f"/api/plans/{first}/deploy").status_code == 202
        again = api.post(f"/api/plans/{first}/deploy")
        refused = api.post(f"/api/plans/{second}/deploy")
    assert again.status_code == 202
    assert refused.status_code == 409
    assert "twice is being" in refused.text
    assert world.store.plans.get(second).status is PlanStatus.PLANNED


def test_nothing_is_deleted_that_may_only_be_made(world: Managed, api: httpx.Client) -> None:
    plan = planned(api, "asked-for", capacity=1)
    with held(world, "asked-for"):
        assert api.post(f"/api/plans/{plan}/deploy").status_code == 202
        refused = deletion(api, "asked-for")
    assert refused.status_code == 409
    assert "asked-for is being asked for right now." in refused.text
    assert world.store.plans.get(plan).status is PlanStatus.STARTED


def test_nothing_is_deleted_that_is_being_asked_for_again(
    world: Managed, api: httpx.Client
) -> None:
    plan = planned(api, "queued", capacity=1)
    error = {"error": {"code": "RequestConflict", "message": "Another operation goes on."}}
    world.cloud.faults.add(writing("queued", Respond(409, {"retry-after": "0"}, error)))
    again = Held(passing="")
    world.cloud.faults.add(writing("queued", again))
    try:
        assert api.post(f"/api/plans/{plan}/deploy").status_code == 202
        assert again.waits
        refused = deletion(api, "queued")
    finally:
        again.go.set()
        world.cloud.faults.clear()
    assert refused.status_code == 409
    assert "queued is being asked for right now." in refused.text
    assert world.store.plans.get(plan).status is not PlanStatus.DELETED


def test_a_deletion_ends_what_waits_for_the_deployment(world: Managed, api: httpx.Client) -> None:
    plan = planned(api, "unwanted", capacity=1)
    world.account.creation = Creation(shape="body", pace=Pace(seconds=LONG))
    try:
        assert api.post(f"/api/plans/{plan}/deploy").status_code == 202
        with api.stream("GET", progress("unwanted")) as told:
            assert any('"provisioning"' in line for line in told.iter_lines())
        assert deletion(api, "unwanted").status_code == 202
        world.cloud.advance(LONG)
        with api.stream("GET", progress("unwanted")) as told:
            assert "event: end" in told.read().decode()
    finally:
        world.account.creation = AT_ONCE
    assert "unwanted" not in {each.name for each in world.account.standing()}
    assert world.bills("created").count("unwanted") == 1
    assert world.store.plans.get(plan).status is PlanStatus.DELETED
