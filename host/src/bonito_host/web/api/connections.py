"""Connections: stored only once their credentials were accepted."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.api.documents import (
    CheckedDocument,
    ConnectionDocument,
    ErrorAnswer,
    NewConnection,
    OtherCredentials,
)
from bonito_host.web.api.events import EVENTS, events, wants_events
from bonito_host.web.checking import check_again, check_and_save, connection_of, with_stored
from bonito_host.web.services import Services, services_of
from bonito_providers.catalog import Listing, Model
from bonito_providers.connection import Connection
from bonito_providers.report import CredentialReport
from bonito_providers.telling import Progress

router = APIRouter(tags=["connections"])
_REFUSED = 422
_NOT_ACCEPTED: dict[int | str, dict[str, Any]] = {
    _REFUSED: {
        "model": CheckedDocument | ErrorAnswer,
        "description": "Nothing was stored: fields are wrong, or the service refuses them.",
    }
}


@router.get("/connections")
async def connections(request: Request) -> list[ConnectionDocument]:
    """List what is connected."""
    stored = await asyncio.to_thread(services_of(request).store.connections.all)
    return [ConnectionDocument.of(each) for each in stored]


@router.post(
    "/connections",
    status_code=201,
    response_model=CheckedDocument,
    responses={**_NOT_ACCEPTED, **EVENTS},
)
async def connect(
    request: Request, given: NewConnection, response: Response
) -> CheckedDocument | Response:
    """Check credentials, and store them if the service accepts them."""
    services = services_of(request)
    selection = services.registry.select(given.cloud, given.fields)
    connection = await connection_of(services, selection.provider, selection.fields, id=given.id)
    return await _checked(request, services, connection, response, replace=False)


@router.get("/connections/{id}")
async def connection(request: Request, id: str) -> ConnectionDocument:
    """Return one connection."""
    stored = await asyncio.to_thread(services_of(request).store.connections.get, id)
    return ConnectionDocument.of(stored)


@router.put(
    "/connections/{id}", response_model=CheckedDocument, responses={**_NOT_ACCEPTED, **EVENTS}
)
async def replace(
    request: Request, id: str, given: OtherCredentials, response: Response
) -> CheckedDocument | Response:
    """Give a connection other credentials, if the service accepts them."""
    services = services_of(request)
    provider, fields = await with_stored(services, id, given.fields)
    connection = await connection_of(services, provider, fields, id=id, replace=True)
    return await _checked(request, services, connection, response, replace=True)


@router.delete("/connections/{id}", status_code=204, response_class=Response)
async def remove(request: Request, id: str, *, forget: bool = False) -> None:
    """Forget a connection and its plans; nothing in the cloud is touched."""
    services = services_of(request)
    await asyncio.to_thread(services.store.connections.remove, id, forget=forget)
    services.removed(id)


@router.post("/connections/{id}/check", response_model=CredentialReport, responses=EVENTS)
async def check(request: Request, id: str) -> CredentialReport | Response:
    """Check the stored credentials again."""
    services = services_of(request)
    if not wants_events(request):
        return await check_again(services, id)
    # Said before the events begin, which could not be taken back.
    await asyncio.to_thread(services.store.connections.get, id)
    return events(lambda progress: check_again(services, id, progress=progress))


@router.get("/connections/{id}/models")
async def models(request: Request, id: str, *, fresh: bool = False) -> Listing[Model]:
    """List what a connection could deploy or call."""
    return await services_of(request).sightings.models(id, fresh=fresh)


async def _checked(
    request: Request,
    services: Services,
    connection: Connection,
    response: Response,
    *,
    replace: bool,
) -> CheckedDocument | Response:
    async def check(progress: Progress | None = None) -> CheckedDocument:
        checked = await check_and_save(services, connection, replace=replace, progress=progress)
        return CheckedDocument.of(checked)

    if wants_events(request):
        return events(check)
    document = await check()
    if not document.saved:
        # The report is what the caller wants here too.
        response.status_code = _REFUSED
    return document
