"""Carrying a plan out so that a crash at any point loses nothing: the intent is stored first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bonito_host.reconciling import made
from bonito_host.store.plans import StoredPlan, newest
from bonito_host.store.status import BINDING, PlanStatus
from bonito_host.store.store import Store
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, DeploymentRequest, State
from bonito_providers.errors import BonitoError, PlanRefused, RequestError
from bonito_providers.waiting import SETTLING, verify, wait

Progress = Callable[[Deployment], None]


async def started(
    store: Store, connection: Connection, request: DeploymentRequest
) -> StoredPlan | None:
    """Return the plan for a request that was started and not seen to end, if there is one."""
    open_plans = await asyncio.to_thread(store.plans.unsettled, connection.id)
    same = [each for each in open_plans if each.plan.request == request]
    return newest(same, PlanStatus.STARTED)


async def planned(store: Store, connection: Connection, request: DeploymentRequest) -> StoredPlan:
    """Make a plan for a request and store it."""
    plan = await connection.provider.plan_deployment(connection, request)
    return await asyncio.to_thread(store.plans.add, connection.id, plan)


async def carry_out(
    store: Store,
    connection: Connection,
    stored: StoredPlan,
    *,
    progress: Progress | None = None,
    waiting: bool = True,
) -> Deployment:
    """Deploy a stored plan and follow it to its end; again after a crash, from where it stands.

    One that was sent before and is refused now stays open unless the cloud tells what stands.

    Args:
        store: Where the plan is.
        connection: The plan's own connection.
        stored: The plan.
        progress: Told of every state seen.
        waiting: Whether to stay until it is ready; without, the plan stays open.

    Raises:
        PlanRefused: It expired before it was started, or would change what stands.
        Conflict: Something else stands under the name.
        DeadlineExceeded: Not there in time; the plan stays open.
    """
    stored = await _renewed(store, connection, stored)
    await asyncio.to_thread(store.plans.start, stored.id)
    notes = _Notes(store, stored, progress)
    try:
        if waiting:
            deployment = await wait(connection, stored.plan, progress=notes.take)
        else:
            deployment = await connection.provider.deploy(connection, stored.plan)
    except RequestError as error:
        # Refused at the first call of all, nothing can have come of it; later, the cloud decides.
        if stored.status is not PlanStatus.STARTED and not notes.any:
            await asyncio.to_thread(_refused, store, stored, error)
        raise
    if deployment.state is State.NEEDS_ACTION and (stored.status in BINDING or notes.any):
        found = await _standing(connection, stored, deployment)
        if found is None:
            return deployment
        deployment = found
    if deployment.verified is False and await asyncio.to_thread(_may_be_new, store, stored):
        deployment = await verify(connection, deployment, settling=SETTLING)
    await asyncio.to_thread(store.plans.seen, stored.id, deployment)
    return deployment


async def _renewed(store: Store, connection: Connection, stored: StoredPlan) -> StoredPlan:
    """Return a plan that was started and has expired as a fresh one with the same outcome.

    What was agreed to (version, capacity, name) is asked for by its value, so a fresh plan can only
    continue it, or be refused. Not so the SKU: one that was kept because it stood was never asked
    for, and what is billed by the hour has to be.
    """
    running = stored.status is PlanStatus.STARTED
    if not running or stored.plan.expires_at > connection.clock.now():
        return stored
    old = stored.plan
    agreed = {"name": old.ref.name, "capacity": old.capacity}
    if not old.request.adopt:
        agreed["version"] = old.model.version
    request = old.request.model_copy(update=agreed)
    plan = await connection.provider.plan_deployment(connection, request)
    if plan.ref != old.ref:
        raise PlanRefused("The connection leads to another resource by now.", hint="Plan again.")
    if plan.sku != old.sku:
        raise PlanRefused("What the plan counted on stands no more.", hint="Plan again.")
    fresh = await asyncio.to_thread(store.plans.add, connection.id, plan)
    reason = f"It expired on the way; plan {fresh.id} carries it on."
    await asyncio.to_thread(store.plans.start, fresh.id)
    await asyncio.to_thread(store.plans.settle, stored.id, PlanStatus.FAILED, reason=reason)
    return await asyncio.to_thread(store.plans.get, fresh.id)


def _may_be_new(store: Store, stored: StoredPlan) -> bool:
    """Tell whether a process that ended, or another one, may have made the deployment just now.

    Calls do not find it yet then, and `wait` cannot know: to it, the deployment stood already.
    """
    if stored.status is PlanStatus.STARTED:
        return True
    recent = datetime.now(UTC) - timedelta(seconds=SETTLING)
    known = store.plans.named(stored.connection, stored.plan.ref.name)
    others = [each for each in known if each.id != stored.id and each.status in BINDING]
    return any(each.updated_at > recent for each in others)


def _refused(store: Store, stored: StoredPlan, error: BonitoError) -> None:
    # What stands by an earlier run of the plan stands on.
    left = stored.status if stored.status in BINDING else PlanStatus.FAILED
    store.plans.settle(stored.id, left, reason=error.message)


async def _standing(
    connection: Connection, stored: StoredPlan, needing: Deployment
) -> Deployment | None:
    """Return what stands although a person has to act; None where the cloud does not tell.

    A wrapper refuses without asking the cloud, which may have accepted the plan before. What stood
    before an update and stands on is no outcome of it: then a person has to act, and that is all.
    """
    try:
        found = await connection.provider.get_deployment(connection, needing.ref)
    except BonitoError:
        return None
    settled = found.state is not State.READY or stored.status is PlanStatus.DONE
    done = settled or made(stored.plan, found)
    if done is None and stored.status is PlanStatus.STARTED:
        return None
    if found.state is State.ABSENT or not done:
        return needing
    actions = tuple(dict.fromkeys((*needing.actions, *found.actions)))
    return found.model_copy(update={"actions": actions, "created": needing.created})


class _Notes:
    """Stores each new state on its way to the display."""

    def __init__(self, store: Store, stored: StoredPlan, progress: Progress | None) -> None:
        self._store = store
        self._stored = stored
        self._progress = progress
        self._state: State | None = None

    @property
    def any(self) -> bool:
        return self._state is not None

    def take(self, deployment: Deployment) -> None:
        # Whether nothing stands where a person has to act is asked before that is stored.
        if deployment.state not in (self._state, State.NEEDS_ACTION):
            self._state = deployment.state
            # A few milliseconds, and only where a state is new: the loop can do without a thread.
            self._store.plans.seen(self._stored.id, deployment)
        if self._progress is not None:
            self._progress(deployment)
