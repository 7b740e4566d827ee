"""The same functions as the pages, as JSON under ``/api``."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from bonito_host.web.api import connections, deployments, gateway, plans, providers
from bonito_host.web.api.documents import ErrorAnswer

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

router = APIRouter(prefix="/api", responses=_ERRORS)
for module in (providers, connections, plans, deployments, gateway):
    router.include_router(module.router)
