"""What is deployed: the best listing that a key can get, and honest about which one it was.

With management credentials Azure Resource Manager tells. No documented route lists deployments to
a key alone. In order: the project's listing, where the
endpoint names a project (documented for Entra, reported to take keys); the listing of an old
preview version, which is undocumented and may vanish; nothing, in which case names are typed and
proved by a call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bonito_azure_foundry import surfaces, wire
from bonito_azure_foundry.facts import describe, overrides_of
from bonito_providers.answers import json_list, json_object
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import (
    DeployedModel,
    Deployment,
    DeploymentRef,
    State,
    Surface,
)
from bonito_providers.errors import HostUnreachable, ProviderError, RequestError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

LIMIT = 2000
"""Deployments; a resource may hold far fewer."""
PAGES = 200
LONGEST_LINK = 16_384
"""Characters of the address of a further page; signed ones of the service reach 4,000."""

_STATES = {
    "succeeded": State.READY,
    "running": State.PROVISIONING,
    "notRunning": State.PROVISIONING,
    "failed": State.FAILED,
    "deleted": State.ABSENT,
    "canceled": State.FAILED,
}
"""Words of the preview listing (REST reference 2023-03-15-preview, Deployments - List)."""

Parsed = Deployment | Skipped
Parse = Callable[["Connection", Mapping[str, Any], str], Parsed]


@dataclass(frozen=True)
class Found:
    """What a way of listing gave.

    Attributes:
        items: The deployments.
        skipped: Rows that could not be read.
        complete: Whether all there is was seen.
        known: False where no way answered, so that an empty list says nothing.
        source: Which way it was.
        notes: Ways that did not answer, and why.
    """

    items: tuple[Deployment, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    complete: bool = True
    known: bool = True
    source: str = ""
    notes: tuple[str, ...] = ()


async def listing(connection: Connection) -> Listing[Deployment]:
    """Return the deployments, with the surfaces they were seen to be served on."""
    found = await read(connection)
    seen = await surfaces.observe(connection, surfaces.MODELS, surfaces.OPENAI_V1)
    return Listing[Deployment](
        items=tuple(with_surfaces(item, seen) for item in found.items),
        skipped=found.skipped,
        complete=found.complete and found.known,
        source=found.source,
        notes=found.notes,
        observed_at=connection.clock.now(),
    )


def with_surfaces(deployment: Deployment, seen: tuple[Surface, ...]) -> Deployment:
    """Return the deployment with what was observed of its resource."""
    return deployment.model_copy(update={"surfaces": seen})


async def read(connection: Connection) -> Found:
    """Return the deployments by the best way that answers.

    Raises:
        ProviderError: The key is refused, or the service cannot be reached; ways that merely do
            not exist are passed over with a note.
    """
    notes: list[str] = []
    if wire.own(connection).management is not None:
        return await _by_management(connection)
    project = wire.own(connection).address.project
    if project is not None:
        try:
            return await _by_project(connection, project)
        except HostUnreachable:
            raise
        except ProviderError as error:
            notes.append(f"The listing of project {project} did not answer: {error.message}")
    try:
        found = await _by_preview(connection)
    except RequestError as error:
        notes.append(f"The preview listing did not answer: {error.message}")
        notes.append(
            "Deployments cannot be listed with this key; a deployment whose name you know can be "
            "adopted, and is proved by a short call."
        )
        return Found(known=False, complete=False, source="No listing answers.", notes=tuple(notes))
    return replace(found, notes=(*notes, *found.notes))


async def _by_management(connection: Connection) -> Found:
    from bonito_azure_foundry import management

    listed = await (await management.lifecycle(connection)).deployments()
    return Found(listed.items, listed.skipped, source=listed.source)


async def _by_project(connection: Connection, project: str) -> Found:
    source = f"The deployments of project {project}."
    path = f"/api/projects/{project}/deployments"
    base = wire.own(connection).address.base
    query: str | None = wire.PROJECT_VERSION
    rows: list[Any] = []
    for _ in range(PAGES):
        answer = await wire.call(connection, "GET", path, api_version=query, bearer=True)
        page = json_object(answer)
        rows += json_list(page, "value", answer)
        link = page.get("nextLink")
        if not link or len(rows) > LIMIT:
            return _found(connection, rows, _project_row, source)
        if not _same_listing(link, base):
            note = "A further page was named at another address; the key was not sent there."
            return _found(connection, rows, _project_row, source, incomplete=note)
        path, query = link[len(base) :], None
    note = f"The listing has more than {PAGES} pages; the rest is not read."
    return _found(connection, rows, _project_row, source, incomplete=note)


async def _by_preview(connection: Connection) -> Found:
    page, answer = await wire.get_json(
        connection, "/openai/deployments", api_version=wire.LISTING_VERSION
    )
    rows = json_list(page, "data", answer)
    source = (
        f"The resource's deployments, by the undocumented {wire.LISTING_VERSION} listing, which "
        "tells neither version nor SKU and may vanish."
    )
    return _found(connection, rows, _preview_row, source)


def _found(
    connection: Connection, rows: list[Any], parse: Parse, source: str, *, incomplete: str = ""
) -> Found:
    items: dict[str, Deployment] = {}
    skipped: list[Skipped] = []
    for row in rows[:LIMIT]:
        item = (
            parse(connection, row, source)
            if isinstance(row, dict)
            else Skipped(id="(no name)", reason="a row of the listing is not an object")
        )
        if isinstance(item, Skipped):
            skipped.append(item)
        else:
            items.setdefault(item.ref.name, item)
    if len(rows) > LIMIT:
        incomplete = f"The listing has {len(rows)} rows; only {LIMIT} are read."
    ordered = tuple(items[name] for name in sorted(items))
    notes = (incomplete,) if incomplete else ()
    return Found(ordered, tuple(skipped), complete=not incomplete, source=source, notes=notes)


def _same_listing(link: object, base: str) -> bool:
    """Whether a further page is at the very host that was asked, so that the key may go there."""
    if not isinstance(link, str) or not link.startswith(f"{base}/api/"):
        return False
    plain = link.isascii() and link.isprintable() and len(link) <= LONGEST_LINK
    return plain and urlsplit(link).netloc == urlsplit(base).netloc and ".." not in link


def _project_row(connection: Connection, row: Mapping[str, Any], source: str) -> Parsed:
    name = wire.text(row.get("name"))
    if name is None:
        return Skipped(id="(no name)", reason="a row of the listing has no name")
    kind = row.get("type")
    if kind != "ModelDeployment":
        return Skipped(id=name, reason=f"it is a {kind!s:.40}, not a deployment of a model")
    sku = row.get("sku")
    sku = sku if isinstance(sku, dict) else {}
    model = describe(
        wire.text(row.get("modelName")),
        version=wire.text(row.get("modelVersion")),
        publisher=wire.text(row.get("modelPublisher")),
        overrides=overrides_of(connection),
    )
    capacity = sku.get("capacity")
    return deployment(
        connection,
        name,
        model,
        source=source,
        sku=wire.text(sku.get("name")),
        capacity=capacity if type(capacity) is int and capacity > 0 else None,
    )


def _preview_row(connection: Connection, row: Mapping[str, Any], source: str) -> Parsed:
    name = wire.text(row.get("id"))
    if name is None:
        return Skipped(id="(no name)", reason="a row of the listing has no id")
    status = wire.text(row.get("status"))
    state = _STATES.get(status or "")
    if state is None:
        return Skipped(
            id=name,
            reason=f"its status is {status or 'missing'}, which is unknown; it can be adopted by "
            "its name",
        )
    model = describe(wire.text(row.get("model")), overrides=overrides_of(connection))
    return deployment(connection, name, model, source=source, state=state)


def deployment(
    connection: Connection,
    name: str,
    model: DeployedModel,
    *,
    source: str,
    state: State = State.READY,
    sku: str | None = None,
    capacity: int | None = None,
) -> Deployment:
    """Return a deployment of this resource. A key cannot see tags, so ownership is unknown."""
    address = wire.own(connection).address
    return Deployment(
        ref=reference(connection, name),
        model=model,
        endpoint=address.base,
        state=state,
        sku=sku,
        capacity=capacity,
        source=source,
        observed_at=connection.clock.now(),
    )


def reference(connection: Connection, name: str) -> DeploymentRef:
    """Return how to find a deployment of this resource again."""
    resource = wire.own(connection).address.resource
    return DeploymentRef(provider=connection.provider.info.name, resource=resource, name=name)
