"""The data plane's routes: the one module that knows paths, versions and headers.

Everything here takes and returns plain values; meaning is given elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bonito_azure_foundry import errors
from bonito_azure_foundry.credentials import FoundryCredentials
from bonito_azure_foundry.endpoint import Endpoint
from bonito_providers.answers import json_object

if TYPE_CHECKING:
    import httpx

    from bonito_providers.connection import Connection

MODELS_VERSION = "2024-05-01-preview"
"""Of `/models`, the only one its documentation shows; the route refuses calls without."""
PROJECT_VERSION = "v1"
CLASSIC_VERSION = "2024-10-21"
"""The newest stable version of `/openai/deployments` and `/openai/models`."""
ANTHROPIC_VERSION = "2023-06-01"


async def call(
    connection: Connection,
    method: str,
    path: str,
    *,
    api_version: str | None = None,
    body: dict[str, Any] | None = None,
    endpoint: Endpoint | None = None,
    headers: dict[str, str] | None = None,
    bearer: bool = False,
) -> httpx.Response:
    """Send one call to the data plane and return its answer if it is a success.

    Args:
        connection: Whose key and endpoint.
        method: GET or POST; a POST is never repeated.
        path: Below the host.
        api_version: The query of that name.
        body: Sent as JSON.
        endpoint: Another host of the same resource than the connection's own.
        headers: Besides the key's.
        bearer: Send the key as a bearer token, as the project's routes were reported to take it,
            instead of the header of its own that the others are documented with.

    Raises:
        ProviderError: As `errors.raise_for`, and as the network does.
    """
    credentials = own(connection)
    authentication = await _authentication(connection, path, bearer=bearer)
    base = (endpoint or credentials.address).base
    answer = await connection.http.request(
        method,
        f"{base}{path}",
        params={"api-version": api_version} if api_version else None,
        json=body,
        headers={**authentication, **(headers or {})},
    )
    errors.raise_for(answer, now=connection.clock.now())
    return answer


def scope_of(path: str) -> str:
    """Return the audience a token needs on a path (Microsoft Learn, Foundry Models endpoints)."""
    from bonito_azure_arm import access

    if path.startswith("/models"):
        return access.INFERENCE_SCOPE
    classic = path.startswith("/openai") and not path.startswith("/openai/v1")
    return access.COGNITIVE_SCOPE if classic else access.FOUNDRY_SCOPE


async def _authentication(connection: Connection, path: str, *, bearer: bool) -> dict[str, str]:
    """Return the key's header, or a token's where there is no key."""
    credentials = own(connection)
    if credentials.api_key is None:
        from bonito_azure_arm import entra

        token = await entra.token(connection, credentials.principal, scope_of(path))
        return {"authorization": f"Bearer {token.get_secret_value()}"}
    key = credentials.api_key.get_secret_value()
    return {"authorization": f"Bearer {key}"} if bearer else {"api-key": key}


async def get_json(
    connection: Connection,
    path: str,
    *,
    api_version: str | None = None,
    endpoint: Endpoint | None = None,
) -> tuple[dict[str, Any], httpx.Response]:
    """Return the JSON object at a path, and the answer it came in."""
    answer = await call(connection, "GET", path, api_version=api_version, endpoint=endpoint)
    return json_object(answer), answer


def own(connection: Connection) -> FoundryCredentials:
    """Return the connection's credentials as what they are."""
    return cast("FoundryCredentials", connection.credentials)
