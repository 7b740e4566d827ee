"""Page 3: the models of all connections, searched and filtered by the address alone."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.web.catalogue import ModelState, Wanted, search
from bonito_host.web.pages.forms import see, sent
from bonito_host.web.rendering import page
from bonito_host.web.services import services_of

router = APIRouter()


@router.get("/catalogue")
async def show(  # noqa: PLR0917 - the fields of the search form
    request: Request,
    q: str = "",
    connection: str = "",
    publisher: str = "",
    kind: str = "",
    state: str = "",
    number: int = 1,
) -> Response:
    """Show what can be deployed or called."""
    services = services_of(request)
    wanted = Wanted(q=q, connection=connection, publisher=publisher, kind=kind, state=state)
    found = await search(services, wanted, page=number)
    stored = await asyncio.to_thread(services.store.connections.all)
    asked = urlencode({name: value for name, value in asdict(wanted).items() if value})
    return page(
        request,
        "catalogue.html",
        found=found,
        wanted=wanted,
        asked=asked,
        connections=[each.id for each in stored],
        states=[each.value for each in ModelState],
    )


@router.post("/catalogue/refresh")
async def refresh(request: Request) -> Response:
    """Ask every account anew."""
    services = services_of(request)
    await sent(request)
    for each in await asyncio.to_thread(services.store.connections.all):
        await services.sightings.forget(each.id)
    return see("/catalogue")
