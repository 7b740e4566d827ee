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
from bonito_host.web.checking import Checked, check_again, check_and_save, with_stored
from bonito_host.web.services import services_of
from bonito_providers.catalog import Listing, Model
from bonito_providers.report import CredentialReport

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


@router.post("/connections", status_code=201, responses=_NOT_ACCEPTED)
async def connect(request: Request, given: NewConnection, response: Response) -> CheckedDocument:
    """Check credentials, and store them if the service accepts them."""
    services = services_of(request)
    selection = services.registry.select(given.cloud, given.fields)
    checked = await check_and_save(services, selection.provider, selection.fields, id=given.id)
    return _answered(checked, response)


@router.get("/connections/{id}")
async def connection(request: Request, id: str) -> ConnectionDocument:
    """Return one connection."""
    stored = await asyncio.to_thread(services_of(request).store.connections.get, id)
    return ConnectionDocument.of(stored)


@router.put("/connections/{id}", responses=_NOT_ACCEPTED)
async def replace(
    request: Request, id: str, given: OtherCredentials, response: Response
) -> CheckedDocument:
    """Give a connection other credentials, if the service accepts them."""
    services = services_of(request)
    provider, fields = await with_stored(services, id, given.fields)
    checked = await check_and_save(services, provider, fields, id=id, replace=True)
    return _answered(checked, response)


@router.delete("/connections/{id}", status_code=204, response_class=Response)
async def remove(request: Request, id: str, *, forget: bool = False) -> None:
    """Forget a connection and its plans; nothing in the cloud is touched."""
    services = services_of(request)
    await asyncio.to_thread(services.store.connections.remove, id, forget=forget)
    services.removed(id)


@router.post("/connections/{id}/check")
async def check(request: Request, id: str) -> CredentialReport:
    """Check the stored credentials again."""
    return await check_again(services_of(request), id)


@router.get("/connections/{id}/models")
async def models(request: Request, id: str, *, fresh: bool = False) -> Listing[Model]:
    """List what a connection could deploy or call."""
    return await services_of(request).sightings.models(id, fresh=fresh)


def _answered(checked: Checked, response: Response) -> CheckedDocument:
    if not checked.saved:
        # The report is what the caller wants here too.
        response.status_code = _REFUSED
    return CheckedDocument.of(checked)
