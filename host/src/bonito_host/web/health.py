"""Whether the host lives, whether calls through it are answered yet, and its numbers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bonito_host.gateway.metrics import CONTENT_TYPE
from bonito_host.gateway.service import Readiness
from bonito_host.web.services import services_of

router = APIRouter()


@router.get("/health")
async def health() -> Response:
    """Answer, whatever else does not work yet."""
    return JSONResponse({"status": "alive"})


@router.get("/ready")
async def ready(request: Request) -> Response:
    """Answer 200 once calls through the gateway are answered, 503 before.

    And after the store was given a new key that this process does not have: what it knows is
    answered still, and nothing new.
    """
    readiness = services_of(request).gateway.readiness
    status = 200 if readiness is Readiness.READY else 503
    told = {"status": readiness.value}
    if readiness is Readiness.OUTDATED:
        told["reason"] = "The store has another key now: start this host anew with it."
    return JSONResponse(told, status_code=status)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Return the gateway's numbers for Prometheus, to whoever has the operator's secret."""
    written = services_of(request).gateway.metrics.written()
    return Response(written, media_type=CONTENT_TYPE)
