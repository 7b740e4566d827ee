"""Deleting a deployment so that a crash at any point is noticed: the intent is stored first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from bonito_host.store.plans import StoredPlan, newest
from bonito_host.store.status import BINDING, PlanStatus
from bonito_host.store.store import Store
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, DeploymentRef, State
from bonito_providers.errors import (
    DeadlineExceeded,
    DeploymentNotFound,
    RequestError,
    TemporaryError,
)

TIMEOUT = 30 * 60.0
PAUSE, LONGEST_PAUSE = 2.0, 30.0


async def locate(
    store: Store, connection: Connection, name: str
) -> tuple[DeploymentRef, StoredPlan | None]:
    """Return how to find a deployment, by this host's own plan or by the account's listing.

    Raises:
        DeploymentNotFound: Neither knows the name.
    """
    known = await asyncio.to_thread(store.plans.named, connection.id, name)
    # A name that was used again belongs to the last plan of those that count.
    stored = newest(known, *BINDING) or newest(known, PlanStatus.FAILED, PlanStatus.DELETED)
    if stored is not None:
        return stored.plan.ref, stored
    listing = await connection.provider.list_deployments(connection)
    for found in listing.items:
        if found.ref.name == name:
            return found.ref, None
    raise DeploymentNotFound(
        f"There is no deployment {name}.",
        hint="`bonito deployments` lists what stands.",
        provider=connection.provider.info.name,
        operation="delete_deployment",
    )


async def remove(
    store: Store,
    connection: Connection,
    ref: DeploymentRef,
    stored: StoredPlan | None,
    *,
    include_unowned: bool = False,
    progress: Callable[[Deployment], None] | None = None,
) -> Deployment:
    """Delete a deployment and stay until it is gone; what is gone already is gone.

    Args:
        store: Where the plan is.
        connection: Where the deployment is.
        ref: Which.
        stored: The plan it was made by, where this host made it.
        include_unowned: Whether also what this project did not make.
        progress: Told of every state seen.

    Raises:
        Conflict: It is not this project's own.
        DeadlineExceeded: Not gone in time; it goes on in the cloud.
    """
    if stored is not None:
        await asyncio.to_thread(store.plans.start, stored.id, PlanStatus.DELETING)
    try:
        gone = await _gone(connection, ref, include_unowned=include_unowned, progress=progress)
    except RequestError:
        if stored is not None:
            await asyncio.to_thread(store.plans.settle, stored.id, stored.status)
        raise
    if stored is not None:
        settle = store.plans.settle
        await asyncio.to_thread(settle, stored.id, PlanStatus.DELETED, deployment=gone)
    return gone


async def _gone(
    connection: Connection,
    ref: DeploymentRef,
    *,
    include_unowned: bool,
    progress: Callable[[Deployment], None] | None,
) -> Deployment:
    provider, clock = connection.provider, connection.clock
    end, pause = clock.monotonic() + TIMEOUT, PAUSE
    try:
        found = await provider.delete_deployment(connection, ref, include_unowned=include_unowned)
    except TemporaryError as error:
        if error.status != HTTPStatus.CONFLICT:
            raise
        # The cloud is still busy with it; nothing has been accepted, and it is sent again.
        found = await provider.get_deployment(connection, ref)
    while found.state is not State.ABSENT:
        if progress is not None:
            progress(found)
        seconds = min(found.retry_after or pause, LONGEST_PAUSE)
        if clock.monotonic() + seconds >= end:
            raise _late(ref)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        await clock.sleep(seconds)
        try:
            found = await _looked(connection, ref, found, include_unowned=include_unowned)
        except TemporaryError as error:
            found = found.model_copy(update={"retry_after": error.retry_after})
    if progress is not None:
        progress(found)
    return found


async def _looked(
    connection: Connection, ref: DeploymentRef, last: Deployment, *, include_unowned: bool
) -> Deployment:
    """Look again, or send again what the cloud has not accepted."""
    provider = connection.provider
    if last.state is State.DELETING:
        return await provider.get_deployment(connection, ref)
    return await provider.delete_deployment(connection, ref, include_unowned=include_unowned)


def _late(ref: DeploymentRef) -> DeadlineExceeded:
    return DeadlineExceeded(
        f"{ref.name} is not gone yet; the deletion goes on in the cloud.",
        hint="Run the same command again later.",
        provider=ref.provider,
        operation="wait",
    )
