"""Page 1: the connections, each with its health, and what can be done about one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.lending import stored_credentials
from bonito_host.store.connections import StoredConnection
from bonito_host.web.checking import (
    Checked,
    check_again,
    check_and_save,
    connection_of,
    with_stored,
)
from bonito_host.web.fields import Filling, draw, read, secret_names, without_secrets
from bonito_host.web.pages.checks import followed, onwards
from bonito_host.web.pages.forms import see, sent, ticked
from bonito_host.web.rendering import page, segment, written
from bonito_host.web.services import Services, services_of
from bonito_providers.credentials import Capabilities
from bonito_providers.errors import BonitoError, InvalidCredentials

router = APIRouter()


@router.get("/")
async def start(request: Request) -> Response:
    """Lead to the connections, or to the first one to make."""
    stored = await asyncio.to_thread(services_of(request).store.connections.all)
    return see("/connections" if stored else "/connect")


@router.get("/connections")
async def show_all(request: Request) -> Response:
    """List what is connected."""
    services = services_of(request)
    stored = await asyncio.to_thread(services.store.connections.all)
    rows = [(each, await _capabilities(services, each.id)) for each in stored]
    return page(request, "connections.html", rows=rows)


@router.get("/connections/{id}")
async def show_one(request: Request, id: str, new: str = "") -> Response:
    """Show a connection: what the last check found and what it can do."""
    services = services_of(request)
    return await _shown(request, services, id, new=bool(new))


@router.post("/connections/{id}/check")
async def check(request: Request, id: str) -> Response:
    """Check the stored credentials again."""
    services = services_of(request)
    # Said before the page begins, which could not be taken back.
    await asyncio.to_thread(services.store.connections.get, id)
    target = f"/connections/{segment(id)}"
    return followed(
        request,
        lambda progress: check_again(services, id, progress=progress),
        title=f"Checking {id}",
        done=lambda _: onwards(request, "It was checked.", target, name=id),
        failed=lambda error: written(
            request, "unchecked.html", error=error, target=target, name=id
        ),
    )


@router.get("/connections/{id}/edit")
async def edit(request: Request, id: str, need: str = "") -> Response:
    """Show the form with what is stored, its secrets left out.

    Args:
        request: The request.
        id: Which connection.
        need: A capability somebody wanted and these credentials do not give.
    """
    services = services_of(request)
    record = await asyncio.to_thread(services.store.connections.get, id)
    provider, credentials = await asyncio.to_thread(stored_credentials, services.application, id)
    stored = credentials.reveal()
    opened = {each.name for each in provider.schema.field_groups if need in each.enables}
    filling = Filling(
        values=without_secrets(provider, stored),
        kept=secret_names(provider, stored),
        opened=frozenset(opened),
    )
    form = draw(provider, filling)
    return page(request, "edit.html", record=record, form=form, need=need, failed=None, error=None)


@router.post("/connections/{id}/edit")
async def save(request: Request, id: str) -> Response:
    """Check what was filled in, and store it if it is accepted."""
    services = services_of(request)
    fields = await sent(request)
    record = await asyncio.to_thread(services.store.connections.get, id)
    provider, credentials = await asyncio.to_thread(stored_credentials, services.application, id)
    given = read(provider, fields)
    secrets = secret_names(provider, credentials.reveal())

    def form(failed: Checked | None, error: BonitoError | None) -> dict[str, object]:
        problems = error.problems if isinstance(error, InvalidCredentials) else {}
        values, kept = without_secrets(provider, given), secrets - frozenset(problems)
        drawn = draw(provider, Filling(values=values, problems=problems, kept=kept))
        return {"record": record, "form": drawn, "failed": failed, "error": error}

    def ended(failed: Checked | None, error: BonitoError | None = None) -> str:
        return written(request, "edit_form.html", **form(failed, error))

    def done(checked: Checked) -> str:
        if not checked.saved:
            return ended(checked)
        return onwards(request, "It is stored.", f"/connections/{segment(id)}", name=id)

    try:
        _, whole = await with_stored(services, id, given)
        connection = await connection_of(services, provider, whole, id=id, replace=True)
    except BonitoError as error:
        return page(request, "edit.html", status=422, need="", **form(None, error))
    return followed(
        request,
        lambda progress: check_and_save(services, connection, replace=True, progress=progress),
        title=f"Checking {id}",
        done=done,
        failed=lambda error: ended(None, error),
    )


@router.get("/connections/{id}/remove")
async def ask_to_remove(request: Request, id: str) -> Response:
    """Ask before a connection is forgotten."""
    record = await asyncio.to_thread(services_of(request).store.connections.get, id)
    return page(request, "remove.html", record=record, error=None)


@router.post("/connections/{id}/remove")
async def remove(request: Request, id: str) -> Response:
    """Forget a connection; nothing in the cloud is touched."""
    services = services_of(request)
    fields = await sent(request)
    record = await asyncio.to_thread(services.store.connections.get, id)
    try:
        forget = ticked(fields, "forget")
        await asyncio.to_thread(services.store.connections.remove, id, forget=forget)
    except BonitoError as error:
        return page(request, "remove.html", status=409, record=record, error=error)
    services.removed(id)
    return see("/connections")


async def _shown(request: Request, services: Services, id: str, *, new: bool) -> Response:
    record = await asyncio.to_thread(services.store.connections.get, id)
    capabilities = await _capabilities(services, id)
    try:
        provider, credentials = await asyncio.to_thread(
            stored_credentials, services.application, id
        )
        properties = provider.schema.form()["properties"]
        values = {
            properties[name].get("title", name): value
            for name, value in without_secrets(provider, credentials.reveal()).items()
        }
        enabled = {
            capability: group
            for group in provider.schema.field_groups
            for capability in group.enables
        }
    except BonitoError:
        values, enabled = {}, {}
    return page(
        request,
        "connection.html",
        record=record,
        new=new,
        report=_report(record),
        capabilities=capabilities,
        values=values,
        enabled=enabled,
    )


async def _capabilities(services: Services, id: str) -> Capabilities | BonitoError:
    """Return what a stored connection can do, or why nobody can tell."""
    try:
        _, credentials = await asyncio.to_thread(stored_credentials, services.application, id)
    except BonitoError as error:
        return error
    return credentials.capabilities()


def _report(record: StoredConnection) -> Mapping[str, Any]:
    # Records of earlier versions hold the verdicts alone.
    return {"items": (), "notes": (), "facts": {}, "usable": None, **(record.report or {})}
