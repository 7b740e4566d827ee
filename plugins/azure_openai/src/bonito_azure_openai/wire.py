"""The data plane's routes: the one module that knows paths, versions and headers.

Everything here takes and returns plain values; meaning is given elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bonito_azure_openai import errors
from bonito_azure_openai.credentials import OpenAICredentials
from bonito_providers.answers import json_object

if TYPE_CHECKING:
    import httpx

    from bonito_azure_arm.access import ServicePrincipal
    from bonito_providers.connection import Connection

CALL_VERSION = "2024-12-01-preview"
"""Of calls, here and through LiteLLM: what connections have always been routed with."""
CATALOGUE_VERSION = "2024-10-21"
"""The newest stable version of `/openai/models`."""


async def call(
    connection: Connection,
    method: str,
    path: str,
    *,
    api_version: str,
    body: dict[str, Any] | None = None,
) -> httpx.Response:
    """Send one call to the data plane and return its answer if it is a success.

    Args:
        connection: Whose endpoint, and whose key or service principal.
        method: GET or POST; a POST is never repeated.
        path: Below the host.
        api_version: The query of that name.
        body: Sent as JSON.

    Raises:
        ProviderError: As `errors.raise_for`, and as the network and Entra do.
    """
    answer = await connection.http.request(
        method,
        f"{own(connection).address}{path}",
        params={"api-version": api_version},
        json=body,
        headers=await authentication(connection),
    )
    errors.raise_for(answer, now=connection.clock.now())
    return answer


async def get_json(
    connection: Connection, path: str, *, api_version: str
) -> tuple[dict[str, Any], httpx.Response]:
    """Return the JSON object at a path, and the answer it came in."""
    answer = await call(connection, "GET", path, api_version=api_version)
    return json_object(answer), answer


async def authentication(connection: Connection) -> dict[str, str]:
    """Return the header that LiteLLM will send too: the key where there is one, else a token.

    Raises:
        CredentialsRejected: Entra refuses the service principal.
    """
    credentials = own(connection)
    if credentials.api_key is not None:
        return {"api-key": credentials.api_key.get_secret_value()}
    from bonito_azure_arm import entra
    from bonito_azure_arm.access import COGNITIVE_SCOPE

    principal = cast("ServicePrincipal", credentials.principal)  # the schema demands either
    token = await entra.token(connection, principal, COGNITIVE_SCOPE)
    return {"authorization": f"Bearer {token.get_secret_value()}"}


def own(connection: Connection) -> OpenAICredentials:
    """Return the connection's credentials as what they are."""
    return cast("OpenAICredentials", connection.credentials)
