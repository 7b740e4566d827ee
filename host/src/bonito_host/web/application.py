"""The web application: guarded routes over the services of one host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from bonito_host import __version__
from bonito_host.application import Application
from bonito_host.gateway.endpoints import router as gateway_router
from bonito_host.web.api import api_router
from bonito_host.web.errors import add_error_handlers
from bonito_host.web.health import router as health_router
from bonito_host.web.pages import page_router
from bonito_host.web.security.door import Door
from bonito_host.web.security.guard import Guard
from bonito_host.web.security.headers import SecurityHeaders
from bonito_host.web.services import Services

if TYPE_CHECKING:
    from bonito_host.emulation import DemoConnection


def create_app(
    application: Application, door: Door, *, demo: Sequence[DemoConnection] = ()
) -> FastAPI:
    """Return the pages, their API and the gateway as one application.

    Args:
        application: Settings, plugins and store.
        door: Who may come in.
        demo: What a demonstration offers to connect to.
    """
    services = Services(application, door, demo=demo)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with services.running():
            yield

    app = FastAPI(
        title="Bonito",
        version=__version__,
        description="AI models in your own cloud accounts: connect, deploy, call.",
        # Their pages would load scripts from another host.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.services = services
    app.include_router(page_router, include_in_schema=False)
    app.include_router(health_router, include_in_schema=False)
    app.include_router(api_router)
    app.include_router(gateway_router)
    static = StaticFiles(directory=str(files("bonito_host.web").joinpath("static")))
    app.mount("/static", static, name="static")
    add_error_handlers(app)
    app.add_middleware(Guard, door=door)
    app.add_middleware(SecurityHeaders)
    return app
