"""The same functions as the pages, as JSON under ``/api``."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from bonito_host.web.api.connections import router as connections
from bonito_host.web.api.deployments import router as deployments
from bonito_host.web.api.documents import ErrorAnswer
from bonito_host.web.api.failover import router as failover
from bonito_host.web.api.gateway import router as gateway
from bonito_host.web.api.plans import router as plans
from bonito_host.web.api.providers import router as providers

_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorAnswer, "description": meaning}
    for status, meaning in {
        400: "The request is no HTTP or JSON.",
        401: "Nobody has signed in.",
        403: "Another site's page sent this, or no page of this host.",
        404: "There is no such thing.",
        405: "This address does not do that.",
        409: "Something stands against it: what is there already, or what these credentials lack.",
        413: "The request is too large.",
        421: "This host does not answer to that name.",
        422: "The request cannot mean anything, or the service refuses it.",
        424: "The service refuses the stored credentials.",
        429: "Too many wrong secrets.",
        502: "The service, or a plugin, answered something that cannot be read.",
        503: "The service cannot be reached or is too busy.",
        504: "The service took too long.",
    }.items()
}

api_router = APIRouter(prefix="/api", responses=_ERRORS)
for each in (providers, connections, plans, deployments, gateway, failover):
    api_router.include_router(each)
