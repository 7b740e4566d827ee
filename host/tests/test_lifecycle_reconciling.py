"""What a process left open is looked up in the cloud by the next command, and settled or told."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bonito_emulators.azure import Creation, Pace
from bonito_emulators.azure.operations import Failure
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_providers import DeployedModel, DeploymentPlan, DeploymentRef, DeploymentRequest
from host.tests.forks import Forks
from host.tests.managed import Managed, managed
from host.tests.running import BONITO, PATIENCE

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=1)
LOGGING = """
import logging, sys
from pydantic import SecretStr
from bonito_host.logs import redact_unhandled
from bonito_providers import Redactor
kept = Redactor([SecretStr("canary-0123456789abcdef")])
redact_unhandled()
logging.getLogger("some.sdk").warning("refused: %s", "canary-0123456789abcdef")
"""


@pytest.fixture
def cloud(tmp_path: Path, forks: Forks) -> Iterator[Managed]:
    with managed(tmp_path, forks) as started:
        started.connect()
        yield started


def made(cloud: Managed, *, resource: str = "contoso", created_at: datetime = NOW) -> StoredPlan:
    """A stored plan of which nothing was sent."""
    plan = DeploymentPlan(
        ref=DeploymentRef(provider="azure_foundry", resource=resource, name="mine"),
        request=DeploymentRequest(model="gpt-4o", name="mine"),
        model=DeployedModel(name="gpt-4o", format="OpenAI", version="2024-11-20"),
        sku="GlobalStandard",
        capacity=7,
        created_at=created_at,
        expires_at=created_at + timedelta(minutes=15),
    )
    return cloud.store.plans.add("prod", plan.sealed())


def update_of(cloud: Managed, stored: StoredPlan) -> StoredPlan:
    """A plan for more capacity, started, of which nothing was sent."""
    request = stored.plan.request.model_copy(update={"update": True})
    wanted = {"request": request, "capacity": 9, "changes": ("capacity from 7 to 9",)}
    update = cloud.store.plans.add("prod", stored.plan.model_copy(update=wanted).sealed())
    cloud.store.plans.start(update.id)
    return update


def test_a_plan_that_never_reached_the_cloud_stays_open_until_it_expires(cloud: Managed) -> None:
    young, old = made(cloud), made(cloud, created_at=LONG_AGO)
    for each in (young, old):
        cloud.store.plans.start(each.id)
    done = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert f"Carry it on with: bonito deploy {young.id}" in done.stderr
    assert "it has expired" in done.stderr
    assert cloud.store.plans.get(young.id).status is PlanStatus.STARTED
    assert cloud.store.plans.get(old.id).status is PlanStatus.FAILED


def test_an_update_that_never_reached_the_cloud_is_not_taken_for_what_stood_before(
    cloud: Managed,
) -> None:
    young, old = made(cloud), made(cloud, created_at=LONG_AGO)
    standing = cloud.bonito.run("deploy", young.id, "--json")
    assert standing.code == 0
    updates = [update_of(cloud, each) for each in (young, old)]
    done = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert "changed nothing in the cloud yet. Carry it on with: bonito deploy" in done.stderr
    assert "it has expired" in done.stderr
    states = [cloud.store.plans.get(each.id).status for each in updates]
    assert states == [PlanStatus.STARTED, PlanStatus.FAILED]


def test_a_plan_that_expired_before_anything_was_sent_is_refused(cloud: Managed) -> None:
    old = made(cloud, created_at=LONG_AGO)
    done = cloud.bonito.run("deploy", old.id, "--json")
    assert done.code == 7
    assert done.document["error"]["class"] == "PlanRefused"
    assert cloud.bills("created") == []
    assert cloud.store.plans.get(old.id).status is PlanStatus.FAILED


def test_a_plan_that_expired_on_the_way_is_carried_on_as_it_was_agreed(cloud: Managed) -> None:
    old = made(cloud, created_at=LONG_AGO)
    cloud.store.plans.start(old.id)
    done = cloud.bonito.run("deploy", old.id, "--json")
    assert done.code == 0, done.stderr
    assert done.document["deployment"]["capacity"] == old.plan.capacity
    assert cloud.bills("created") == ["mine"]
    assert cloud.store.plans.get(old.id).status is PlanStatus.FAILED
    assert cloud.store.plans.unsettled("prod") == []


def test_what_nobody_asked_to_be_billed_for_by_the_hour_is_not_made_by_carrying_a_plan_on(
    cloud: Managed,
) -> None:
    # Planned for what stood so, and is gone: the SKU was kept, and never asked for.
    kept = made(cloud, created_at=LONG_AGO).plan
    hourly = kept.model_copy(update={"sku": "GlobalProvisionedManaged", "capacity": 15})
    old = cloud.store.plans.add("prod", hourly.sealed())
    cloud.store.plans.start(old.id)
    done = cloud.bonito.run("deploy", old.id, "--json")
    assert done.code == 7
    assert done.document["error"]["class"] == "PlanRefused"
    assert cloud.bills("created") == []


def test_a_failure_that_came_after_the_crash_is_told(cloud: Managed) -> None:
    failure = Failure(code="InternalServerError", message="The model could not be loaded.")
    cloud.account.creation = Creation(shape="body", pace=Pace(looks=0), failure=failure)
    left = cloud.bonito.run("deploy", "prod", "gpt-4o", "--name", "mine", "--no-wait", "--json")
    assert left.code == 8, left.stderr
    cloud.cloud.advance(600)
    done = cloud.bonito.run("plan", "prod", "gpt-4o-mini")
    assert "was started earlier and failed" in done.stderr
    assert cloud.store.plans.get(left.document["plan_id"]).status is PlanStatus.FAILED


def test_a_deletion_that_was_finished_meanwhile_is_noted(cloud: Managed) -> None:
    plan = made(cloud)
    assert cloud.bonito.run("deploy", plan.id).code == 0
    cloud.store.plans.start(plan.id, PlanStatus.DELETING)
    stands = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert "still stands" in stands.stderr
    assert "bonito delete prod mine" in stands.stderr
    cloud.account.remove("mine")
    gone = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert "was being deleted and is gone" in gone.stderr
    assert cloud.store.plans.get(plan.id).status is PlanStatus.DELETED


def test_a_refused_deletion_leaves_the_record_as_it_was(cloud: Managed) -> None:
    adopted = cloud.bonito.run("deploy", "prod", "taken", "--adopt", "--json")
    assert cloud.bonito.run("delete", "prod", "taken", "--yes").code == 7
    assert cloud.store.plans.get(adopted.document["plan_id"]).status is PlanStatus.DONE


def test_what_cannot_be_looked_up_does_not_stop_the_command(cloud: Managed) -> None:
    other = made(cloud, resource="elsewhere")
    cloud.store.plans.start(other.id)
    done = cloud.bonito.run("plan", "prod", "gpt-4o")
    assert done.code == 0, done.stderr
    assert f"mine (plan {other.id}) cannot be looked up" in done.stderr


def test_a_terminal_is_given_one_line_that_goes_on(cloud: Managed) -> None:
    controller, terminal = os.openpty()
    child = subprocess.Popen(
        [str(BONITO), "deploy", "prod", "gpt-4o", "--name", "mine"],
        env=cloud.bonito.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    assert child.wait(PATIENCE) == 0
    shown = os.read(controller, 65536).decode()
    os.close(controller)
    assert "\r\x1b[K" in shown
    assert "mine: ready\r\n" in shown


def test_a_warning_that_nobody_asked_for_is_redacted_too(cloud: Managed) -> None:
    done = cloud.bonito.program(sys.executable, "-c", LOGGING)
    assert done.code == 0, done.stderr
    assert "refused: **********" in done.stderr
    assert "canary" not in done.stderr
