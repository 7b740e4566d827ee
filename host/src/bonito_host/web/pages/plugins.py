"""Page 7: the installed providers and wrappers, and what is wrong with one that does not work."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.conformance import conformance_lines
from bonito_host.web.rendering import page
from bonito_host.web.services import services_of
from bonito_providers.registry import installed_wrappers

router = APIRouter()


@router.get("/plugins")
async def show(request: Request) -> Response:
    """Show every plugin that was found."""
    services = services_of(request)
    records = [(each, tuple(conformance_lines(each))) for each in services.registry.records]
    wrappers = await asyncio.to_thread(installed_wrappers, services.application.settings.plugins)
    return page(request, "plugins.html", records=records, wrappers=wrappers)
