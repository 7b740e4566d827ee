"""After a crash: looking up in the cloud what the store left open, and settling it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bonito_host.output import printable
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_host.store.store import Store
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import BonitoError


async def reconcile(
    store: Store,
    connection: Connection,
    tell: Callable[[str], None],
    *,
    besides: str | None = None,
) -> None:
    """Settle the connection's plans that were started and never seen to end.

    Only looks and notes: another process may be carrying a plan out at this moment, so nothing is
    sent, and a plan that is still on its way stays open.

    Args:
        store: Where the plans are.
        connection: Whose plans.
        tell: Told what was found, in sentences.
        besides: A plan that the caller carries on with itself.
    """
    for stored in await asyncio.to_thread(store.plans.unsettled, connection.id):
        if stored.id == besides:
            continue
        try:
            found = await connection.provider.get_deployment(connection, stored.plan.ref)
        except BonitoError as error:
            # The command itself may still work, and meets the same error if not.
            tell(f"{_named(stored)} cannot be looked up: {printable(error.message)}")
            continue
        tell(await asyncio.to_thread(settle, store, stored, found))


def settle(store: Store, stored: StoredPlan, found: Deployment) -> str:
    """Note what the cloud says of an open plan, and return it as a sentence."""
    if stored.status is PlanStatus.DELETING:
        return _settle_deletion(store, stored, found)
    if found.state is State.ABSENT:
        return _settle_unmade(store, stored, found, "is not in the cloud")
    done = found.state is not State.READY or made(stored.plan, found)
    if not done:
        return _settle_update(store, stored, found, untold=done is None)
    store.plans.seen(stored.id, found)
    if found.state is State.READY:
        return f"{_named(stored)} was started earlier and is ready."
    if found.state is State.FAILED:
        return f"{_named(stored)} was started earlier and failed. {printable(found.error or '')}"
    return f"{_named(stored)} was started earlier and is {found.state.value}."


def _settle_deletion(store: Store, stored: StoredPlan, found: Deployment) -> str:
    if found.state is State.ABSENT:
        store.plans.settle(stored.id, PlanStatus.DELETED, deployment=found)
        return f"{_named(stored)} was being deleted and is gone."
    name = stored.plan.ref.name
    if found.state is State.DELETING:
        return f"{_named(stored)} is being deleted."
    return (
        f"{_named(stored)} was to be deleted and still stands. "
        f"Finish with: bonito delete {stored.connection} {name}"
    )


def made(plan: DeploymentPlan, found: Deployment) -> bool | None:
    """Tell whether a plan has made what stands; None where the cloud tells too little.

    What stands under the name of an update stood before it. Of what it changes, version, SKU and
    capacity can be seen.
    """
    pairs = (
        (plan.model.version, found.model.version),
        (plan.sku, found.sku),
        (plan.capacity, found.capacity),
    )
    planned = [pair for pair in pairs if plan.changes and pair[0] is not None]
    if any(there not in (None, wanted) for wanted, there in planned):
        return False
    return None if any(there is None for _, there in planned) else True


def _settle_update(store: Store, stored: StoredPlan, found: Deployment, *, untold: bool) -> str:
    if not untold:
        return _settle_unmade(store, stored, found, "has changed nothing in the cloud")
    return (
        f"{_named(stored)} was started, and the cloud does not tell what came of it. "
        f"Carry it on with: bonito deploy {stored.id}"
    )


def _settle_unmade(store: Store, stored: StoredPlan, found: Deployment, what: str) -> str:
    if stored.plan.expires_at > found.observed_at:
        return (
            f"{_named(stored)} was started and {what} yet. "
            f"Carry it on with: bonito deploy {stored.id}"
        )
    reason = "It expired before the cloud had it."
    store.plans.settle(stored.id, PlanStatus.FAILED, reason=reason)
    return f"{_named(stored)} was started and never came to be; it has expired."


def _named(stored: StoredPlan) -> str:
    return f"{printable(stored.plan.ref.name)} (plan {stored.id})"
