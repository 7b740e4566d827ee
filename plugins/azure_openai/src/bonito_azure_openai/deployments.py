"""What is deployed: by Azure Resource Manager where the fields allow it, else by the data plane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bonito_azure_openai import management, wire
from bonito_azure_openai.facts import OPENAI, describe, not_openai, overrides_of
from bonito_providers.answers import json_list
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import DeployedModel, Deployment, DeploymentRef, State
from bonito_providers.errors import ProviderError, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bonito_providers.connection import Connection

LIMIT = 2000
"""Deployments; a resource may hold far fewer."""

_STATES = {
    "succeeded": State.READY,
    "running": State.PROVISIONING,
    "notRunning": State.PROVISIONING,
    "failed": State.FAILED,
    "deleted": State.ABSENT,
    "canceled": State.FAILED,
}
"""Words of the preview listing (REST reference 2023-03-15-preview, Deployments - List)."""


@dataclass(frozen=True)
class Found:
    """What a way of listing gave.

    Attributes:
        items: The deployments of OpenAI's models, and those whose model nobody tells.
        skipped: Rows that could not be read.
        foreign: Deployments of other publishers' models.
        complete: Whether all there is was seen.
        known: False where no way answered, so that an empty list says nothing.
        source: Which way it was.
        notes: Ways that did not answer, and why.
    """

    items: tuple[Deployment, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    foreign: tuple[Skipped, ...] = ()
    complete: bool = True
    known: bool = True
    source: str = ""
    notes: tuple[str, ...] = ()


async def listing(connection: Connection) -> Listing[Deployment]:
    """Return the deployments, whoever created them."""
    found = await read(connection)
    return Listing[Deployment](
        items=found.items,
        skipped=(*found.skipped, *found.foreign),
        complete=found.complete and found.known,
        source=found.source,
        notes=found.notes,
        observed_at=connection.clock.now(),
    )


async def read(connection: Connection) -> Found:
    """Return the deployments by the best way that answers.

    Raises:
        ProviderError: The credentials are refused, or the service cannot be reached; a way that
            merely does not exist is passed over with a note.
    """
    notes: tuple[str, ...] = ()
    if wire.own(connection).access is not None:
        try:
            return await _by_management(connection)
        except ProviderError as error:
            notes = (f"Azure Resource Manager did not list them: {error.message}",)
    try:
        found = await _by_preview(connection)
    except RequestError as error:
        ways = (
            f"The preview listing did not answer: {error.message}",
            "A deployment whose name you know can be adopted, and is proved by a short call.",
        )
        source = "No listing answers."
        return Found(known=False, complete=False, source=source, notes=(*notes, *ways))
    return replace(found, notes=(*notes, *found.notes))


async def _by_management(connection: Connection) -> Found:
    lifecycle = await management.lifecycle(connection)
    listed = await lifecycle.deployments()
    items, foreign = _openai_only(listed.items)
    return Found(
        items, listed.skipped, foreign, listed.complete, source=listed.source, notes=listed.notes
    )


async def _by_preview(connection: Connection) -> Found:
    page, answer = await wire.get_json(
        connection, "/openai/deployments", api_version=wire.LISTING_VERSION
    )
    rows = json_list(page, "data", answer)
    source = (
        f"The resource's deployments, by the undocumented {wire.LISTING_VERSION} listing, which "
        "tells neither version nor SKU and may vanish."
    )
    parsed = [_row(connection, row, source) for row in rows[:LIMIT]]
    unread = tuple(each for each in parsed if isinstance(each, Skipped))
    named = {each.ref.name: each for each in reversed(parsed) if isinstance(each, Deployment)}
    items, foreign = _openai_only(named[name] for name in sorted(named))
    incomplete = f"The listing has {len(rows)} rows; only {LIMIT} are read."
    return Found(
        items,
        unread,
        foreign,
        complete=len(rows) <= LIMIT,
        source=source,
        notes=(incomplete,) if len(rows) > LIMIT else (),
    )


def _openai_only(
    found: Iterable[Deployment],
) -> tuple[tuple[Deployment, ...], tuple[Skipped, ...]]:
    """Leave out what is known to be another publisher's; what is unknown may be a fine-tune."""
    items: list[Deployment] = []
    foreign: list[Skipped] = []
    for each in found:
        if each.model.format in (None, OPENAI):
            items.append(each)
        else:
            reason = not_openai(each.model.format, name=each.model.name or each.ref.name)
            foreign.append(Skipped(id=each.ref.name, reason=reason))
    return tuple(items), tuple(foreign)


def _row(connection: Connection, row: object, source: str) -> Deployment | Skipped:
    if not isinstance(row, dict):
        return Skipped(id="(no name)", reason="a row of the listing is not an object")
    name = wire.text(row.get("id"))
    if name is None:
        return Skipped(id="(no name)", reason="a row of the listing has no id")
    status = wire.text(row.get("status"))
    state = _STATES.get(status or "")
    if state is None:
        known = f"its status is {status or 'missing'}, which is unknown"
        return Skipped(id=name, reason=f"{known}; it can be adopted by its name")
    model = describe(wire.text(row.get("model")), overrides=overrides_of(connection))
    return deployment(connection, name, model, source=source, state=state)


def deployment(
    connection: Connection,
    name: str,
    model: DeployedModel,
    *,
    source: str,
    state: State = State.READY,
) -> Deployment:
    """Return a deployment of this resource. The data plane shows no tags: nobody knows whose."""
    return Deployment(
        ref=reference(connection, name),
        model=model,
        endpoint=str(wire.own(connection).address),
        state=state,
        source=source,
        observed_at=connection.clock.now(),
    )


def reference(connection: Connection, name: str) -> DeploymentRef:
    """Return how to find a deployment of this resource again."""
    label = wire.own(connection).address.label
    return DeploymentRef(provider=connection.provider.info.name, resource=label, name=name)
