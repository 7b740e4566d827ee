"""One way to call each hook of the contract through the typed face, and the service itself."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

import httpx

from bonito_providers import Connection, DeploymentPlan, DeploymentRequest, InvocationRequest
from tests.core.plugins import READY, REF
from tests.toy_service import HOST, KEY
from tests.virtual_time import START

REQUEST = DeploymentRequest(model="bird")
PLAN = DeploymentPlan(
    ref=REF, request=REQUEST, created_at=START, expires_at=START + timedelta(hours=1)
).sealed()

CALLS: Mapping[str, Callable[[Connection], Coroutine[Any, Any, object]]] = {
    "check_credentials": lambda c: c.provider.check_credentials(c),
    "list_models": lambda c: c.provider.list_models(c),
    "list_deployments": lambda c: c.provider.list_deployments(c),
    "plan_deployment": lambda c: c.provider.plan_deployment(c, REQUEST),
    "deploy": lambda c: c.provider.deploy(c, PLAN),
    "get_deployment": lambda c: c.provider.get_deployment(c, REF),
    "delete_deployment": lambda c: c.provider.delete_deployment(c, REF),
    "invoke_model": lambda c: c.provider.invoke_model(c, READY, InvocationRequest()),
}

URL = f"https://{HOST}/v1/models"
HEADERS = {"x-toy-key": KEY}


async def get(connection: Connection, url: str = URL) -> httpx.Response:
    """Ask the toy service with its key."""
    return await connection.http.get(url, headers=HEADERS)
