"""Serves the gateway alone, without pages, in a process of its own; prints its port.

A process of its own, since nothing takes the process guard away again.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import uvicorn
from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from bonito_host.application import Application
from bonito_host.gateway.endpoints import router
from bonito_host.gateway.service import GatewayService
from bonito_host.lending import lend_connections
from bonito_host.logs import start_logging
from bonito_host.output import Output
from bonito_host.settings import Settings
from bonito_host.web.health import router as health_router
from bonito_providers.gateway import FailoverGroup


def accepted() -> list[FailoverGroup]:
    """The failover groups the test has written beside the store."""
    file = Path(os.environ["BONITO_STORE"]).with_name("groups.json")
    found = json.loads(file.read_text()) if file.exists() else []
    return [FailoverGroup(**each) for each in found]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    application = Application(
        settings=Settings.read(os.environ), output=Output(as_json=True, colour=False)
    )
    connections = lend_connections(application)
    async with GatewayService(application, connections, groups=accepted) as gateway:
        app.state.services = SimpleNamespace(gateway=gateway)
        yield
    await connections.aclose()


app = FastAPI(lifespan=lifespan)
app.include_router(router)
app.include_router(health_router)


def gateway() -> GatewayService:
    service: GatewayService = app.state.services.gateway
    return service


@app.get("/state")
async def state() -> Response:
    """What a page would show."""
    service = gateway()
    return JSONResponse(
        {
            "readiness": service.readiness,
            "failure": service.failure,
            "names": service.names(),
            "problems": service.problems,
            "left_out": [each.model_dump() for each in service.config.left_out],
            "calls": [vars(each) for each in await service.ledger.recent()],
        }
    )


@app.post("/refresh")
async def refresh() -> Response:
    """What a page does after a change."""
    await gateway().refresh()
    await gateway().settled()
    return Response()


@app.post("/regroup")
async def regroup() -> Response:
    """What a page does after a group was accepted or withdrawn."""
    await gateway().regroup()
    await gateway().settled()
    return Response()


@app.post("/revoke/{id}")
async def revoke(id: str) -> Response:
    await gateway().callers.revoke(id)
    return Response()


def main() -> None:
    start_logging("info", as_json=True)
    listening = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
