"""A plan that was sent before is no failure because somebody refuses it now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bonito_host.activation import carry_out
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_host.store.store import Store
from bonito_providers import Action, ActionKind, Call, Deployment, Proceed, State
from bonito_providers.errors import BonitoError, PlanRefused, ServiceUnavailable
from tests.core.calls import PLAN
from tests.core.plugins import CANARY, READY, connected, raising, returning

pytestmark = pytest.mark.anyio

ASK = Action(kind=ActionKind.GRANT_PERMISSION, title="Refused", instruction="Ask the operator.")
NEEDING = READY.model_copy(
    update={"state": State.NEEDS_ACTION, "created": False, "actions": (ASK,)}
)
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


def begun(store: Store, status: PlanStatus | None) -> StoredPlan:
    stored = store.plans.add("here", PLAN)
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
