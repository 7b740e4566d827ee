"""What is deployed: the best listing that a key can get, and honest about which one it was.

With management credentials Azure Resource Manager tells. No documented route lists deployments to
a key alone. In order: the project's listing, where the endpoint names a project (documented for
Entra, reported to take keys); the listing of an old preview version, which is undocumented and may
vanish; nothing, in which case names are typed and proved by a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.deployments import (
    LIMIT,
    PREVIEW_PATH,
    PREVIEW_VERSION,
    Found,
    Parsed,
    Resource,
    read_preview,
    read_rows,
)
from bonito_azure_arm.documents import mapping, text
from bonito_azure_arm.facts import overrides_of
from bonito_azure_foundry import surfaces, wire
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_azure_foundry.facts import describe
from bonito_providers.answers import json_list, json_object
from bonito_providers.catalog import Listing, Skipped
from bonito_providers.deployment import Deployment, Surface
from bonito_providers.errors import HostUnreachable, ProviderError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

PAGES = 50
"""Of a project's listing; a resource holds some dozens of deployments."""
LONGEST_LINK = 16_384
"""Characters of the address of a further page; signed ones of the service reach 4,000."""


async def listing(connection: Connection) -> Listing[Deployment]:
    """Return the deployments, with the surfaces they were seen to be served on."""
    found = await read(connection)
    seen = await surfaces.observe(connection, surfaces.MODELS, surfaces.OPENAI_V1)
    items = tuple(with_surfaces(item, seen) for item in found.items)
    return replace(found, items=items).listing(connection)


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
    except SurfaceAbsent as error:
        if error.code is None:  # not in the service's words: something else answered in its place
            raise
        notes.append(f"The preview listing did not answer: {error.message}")
        notes.append(
            "Deployments cannot be listed with this key; a deployment whose name you know can be "
            "adopted, and is proved by a short call."
        )
        return Found(
            known=False,
            source="No listing answers.",
            notes=tuple(notes),
            refusal=error,
        )
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
    parse = partial(_project_row, connection, source)
    rows: list[Any] = []
    for _ in range(PAGES):
        answer = await wire.call(connection, "GET", path, api_version=query, bearer=True)
        page = json_object(answer)
        rows += json_list(page, "value", answer)
        link = page.get("nextLink")
        if not link or len(rows) > LIMIT:
            return read_rows(rows, parse, source=source)
        if not _same_listing(link, base):
            note = "A further page was named at another address; the key was not sent there."
            return read_rows(rows, parse, source=source, incomplete=note)
        path, query = link[len(base) :], None
    note = f"The listing has more than {PAGES} pages; the rest is not read."
    return read_rows(rows, parse, source=source, incomplete=note)


async def _by_preview(connection: Connection) -> Found:
    page, answer = await wire.get_json(connection, PREVIEW_PATH, api_version=PREVIEW_VERSION)
    described = partial(describe, overrides=overrides_of(connection))
    return read_preview(page, answer, resource=resource(connection), describe=described)


def _same_listing(link: object, base: str) -> bool:
    """Whether a further page is at the very host that was asked, so that the key may go there."""
    if not isinstance(link, str) or not link.startswith(f"{base}/api/"):
        return False
    plain = link.isascii() and link.isprintable() and len(link) <= LONGEST_LINK
    return plain and ".." not in link


def _project_row(connection: Connection, source: str, row: Mapping[str, Any]) -> Parsed:
    name = text(row.get("name"))
    if name is None:
        return Skipped(id="(no name)", reason="a row of the listing has no name")
    kind = row.get("type")
    if kind != "ModelDeployment":
        return Skipped(id=name, reason=f"it is a {kind!s:.40}, not a deployment of a model")
    sku = mapping(row.get("sku"))
    model = describe(
        text(row.get("modelName")),
        version=text(row.get("modelVersion")),
        publisher=text(row.get("modelPublisher")),
        overrides=overrides_of(connection),
    )
    capacity = sku.get("capacity")
    return resource(connection).deployment(
        name,
        model,
        source=source,
        sku=text(sku.get("name")),
        capacity=capacity if type(capacity) is int and capacity > 0 else None,
    )


def resource(connection: Connection) -> Resource:
    """Return the resource whose deployments these are."""
    address = wire.own(connection).address
    return Resource(connection, label=address.resource, endpoint=address.base)
