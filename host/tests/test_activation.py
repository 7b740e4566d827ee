"""A plan that was sent before and is refused now comes to what the cloud shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bonito_host.activation import carry_out
from bonito_host.commands.deploy import exit_code
from bonito_host.exit_codes import NEEDS_ACTION
from bonito_host.reconciling import settle
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_host.store.store import Store
from bonito_providers import (
    Action,
    ActionKind,
    Call,
    DeployedModel,
    Deployment,
    DeploymentPlan,
    Proceed,
    State,
)
from bonito_providers.errors import BonitoError, PlanRefused, ServiceUnavailable
from tests.core.calls import PLAN
from tests.core.plugins import CANARY, READY, connected, raising, returning

pytestmark = pytest.mark.anyio

ASK = Action(kind=ActionKind.GRANT_PERMISSION, title="Refused", instruction="Ask the operator.")
NEEDING = READY.model_copy(
    update={"state": State.NEEDS_ACTION, "created": False, "actions": (ASK,)}
)
STOOD = {"model": DeployedModel(name="bird", version="1"), "sku": "Standard", "capacity": 10}
LOST = ServiceUnavailable("Nobody answers.", provider="acme", operation="get_deployment")


@dataclass(frozen=True)
class Refuser:
    """Answers in place of the cloud, as a policy does."""

    error: BonitoError | None = None

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        if call.hook != "deploy":
            return await proceed()
        if self.error is not None:
            raise self.error
        return NEEDING


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "bonito.db")
    fields = {"api_key": CANARY}
    store.connections.save(
        "here", provider="acme", cloud="acmeland", title="Acme", credentials=fields, report={}
    )
    return store


def begun(store: Store, status: PlanStatus | None, plan: DeploymentPlan = PLAN) -> StoredPlan:
    stored = store.plans.add("here", plan)
    if status is not None:
        store.plans.start(stored.id, status)
    return store.plans.get(stored.id)


@pytest.mark.parametrize("waiting", [True, False])
@pytest.mark.parametrize("before", [PlanStatus.STARTED, PlanStatus.DONE])
async def test_what_stands_is_recorded_with_what_the_refusal_asks_for(
    store: Store, before: PlanStatus, *, waiting: bool
) -> None:
    stored = begun(store, before)
    get = returning("get_deployment", READY)
    async with connected(wrappers=(Refuser(),), get_deployment=get) as connection:
        told = await carry_out(store, connection, stored, waiting=waiting)
    assert (told.state, told.actions) == (State.READY, (ASK,))
    assert store.plans.get(stored.id).status is PlanStatus.DONE


@pytest.mark.parametrize("before", [PlanStatus.STARTED, PlanStatus.DONE])
async def test_what_cannot_be_looked_up_stays_open(store: Store, before: PlanStatus) -> None:
    stored = begun(store, before)
    get = raising("get_deployment", LOST)
    async with connected(wrappers=(Refuser(),), get_deployment=get) as connection:
        told = await carry_out(store, connection, stored)
    assert (told.state, told.actions) == (State.NEEDS_ACTION, (ASK,))
    assert store.plans.get(stored.id).status is PlanStatus.STARTED


@pytest.mark.parametrize("before", [None, PlanStatus.STARTED])
async def test_a_refused_plan_of_which_nothing_stands_has_failed(
    store: Store, before: PlanStatus | None
) -> None:
    stored = begun(store, before)
    absent: Deployment = READY.model_copy(update={"state": State.ABSENT})
    get = returning("get_deployment", absent)
    async with connected(wrappers=(Refuser(),), get_deployment=get) as connection:
        told = await carry_out(store, connection, stored)
    assert (told.state, told.actions) == (State.NEEDS_ACTION, (ASK,))
    assert store.plans.get(stored.id).status is PlanStatus.FAILED


async def test_a_plan_that_is_done_stays_so_where_its_repeat_is_refused(store: Store) -> None:
    stored = begun(store, PlanStatus.DONE)
    async with connected(wrappers=(Refuser(PlanRefused("It expired.")),)) as connection:
        with pytest.raises(PlanRefused):
            await carry_out(store, connection, stored)
    assert store.plans.get(stored.id).status is PlanStatus.DONE


def update(**changes: object) -> DeploymentPlan:
    """Return the plan of an update: from what stands by default to these."""
    request = PLAN.request.model_copy(update={"update": True})
    wanted = {"request": request, "changes": ("as asked",), **STOOD, **changes}
    return PLAN.model_copy(update=wanted).sealed()


@dataclass
class BusyThenRefused:
    """The cloud is busy with another write first, and then it asks for a person."""

    answers: list[Deployment] = field(
        default_factory=lambda: [
            READY.model_copy(update={"state": State.QUEUED, "created": False, "retry_after": 0.1}),
            NEEDING,
        ]
    )

    async def around_call(self, call: Call, proceed: Proceed) -> object:
        return self.answers.pop(0) if call.hook == "deploy" else await proceed()


@pytest.mark.parametrize(
    "changed",
    [
        {"capacity": 200},
        {"sku": "GlobalStandard"},
        {"model": DeployedModel(name="bird", version="2")},
    ],
    ids=["capacity", "SKU", "version"],
)
@pytest.mark.parametrize("told", [STOOD, {}], ids=["told", "not told"])
async def test_what_stood_before_an_update_that_was_refused_is_not_its_outcome(
    store: Store, changed: dict[str, object], told: dict[str, object]
) -> None:
    stored = begun(store, None, update(**changed))
    get = returning("get_deployment", READY.model_copy(update=told))
    async with connected(wrappers=(BusyThenRefused(),), get_deployment=get) as connection:
        came_to = await carry_out(store, connection, stored)
    assert (came_to.state, came_to.actions) == (State.NEEDS_ACTION, (ASK,))
    assert exit_code(came_to) == NEEDS_ACTION
    assert store.plans.get(stored.id).status is PlanStatus.FAILED


@pytest.mark.parametrize("before", [PlanStatus.STARTED, PlanStatus.DONE])
async def test_an_update_that_was_made_is_its_outcome_whoever_refuses_it_now(
    store: Store, before: PlanStatus
) -> None:
    stored = begun(store, before, update(capacity=200))
    made = READY.model_copy(update={**STOOD, "capacity": 200})
    get = returning("get_deployment", made)
    async with connected(wrappers=(Refuser(),), get_deployment=get) as connection:
        came_to = await carry_out(store, connection, stored)
    assert (came_to.state, came_to.capacity, came_to.actions) == (State.READY, 200, (ASK,))
    assert store.plans.get(stored.id).status is PlanStatus.DONE


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (PlanStatus.STARTED, {**STOOD, "state": State.PROVISIONING}),
        (PlanStatus.STARTED, {}),
        (PlanStatus.DONE, {**STOOD, "capacity": 50}),
        (PlanStatus.DONE, {}),
    ],
    ids=["under way", "not told", "changed since", "done and not told"],
)
async def test_an_update_that_may_have_been_made_has_not_failed_because_a_person_has_to_act(
    store: Store, before: PlanStatus, found: dict[str, object]
) -> None:
    stored = begun(store, before, update(capacity=200))
    get = returning("get_deployment", READY.model_copy(update=found))
    async with connected(wrappers=(Refuser(),), get_deployment=get) as connection:
        came_to = await carry_out(store, connection, stored)
    assert came_to.actions == (ASK,)
    assert store.plans.get(stored.id).status is before


def test_an_update_of_which_the_cloud_tells_too_little_stays_open(store: Store) -> None:
    stored = begun(store, PlanStatus.STARTED, update(capacity=200))
    told = settle(store, stored, READY)
    assert "the cloud does not tell what came of it" in told
    assert f"bonito deploy {stored.id}" in told
    assert store.plans.get(stored.id).status is PlanStatus.STARTED
