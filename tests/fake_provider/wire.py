"""The toy service's HTTP: the only module of the fake provider that knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_providers import answers, errors

if TYPE_CHECKING:
    import httpx

    from bonito_providers import Connection

_ERRORS: dict[int, type[errors.ProviderError]] = {
    401: errors.CredentialsRejected,
    403: errors.PermissionMissing,
    404: errors.DeploymentNotFound,
    409: errors.Conflict,
    429: errors.RateLimited,
}


async def ask(
    connection: Connection, method: str, path: str, *, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the service answers, with the status under `http_status`.

    Raises:
        ProviderError: The one that fits the status.
    """
    fields = connection.credentials.reveal()
    headers = {"x-toy-key": fields["api_key"]}
    if method in ("PUT", "DELETE") and "manager_secret" in fields:
        headers["x-toy-manager"] = f"{fields['manager_id']}:{fields['manager_secret']}"
    url = path if path.startswith("https:") else fields["endpoint"] + path
    response = await connection.http.request(method, url, json=body, headers=headers)
    if not response.is_success:
        raise _refusal(connection, response)
    return answers.json_object(response) | {"http_status": response.status_code}


def _refusal(connection: Connection, response: httpx.Response) -> errors.ProviderError:
    said = answers.json_object(response).get("error", {}) if response.content else {}
    default = errors.ServiceUnavailable if response.is_server_error else errors.InvalidRequest
    return _ERRORS.get(response.status_code, default)(
        said.get("message", "The toy service refused."),
        status=response.status_code,
        code=said.get("code"),
        request_id=response.headers.get("x-toy-request-id"),
        retry_after=answers.retry_after(response.headers, now=connection.clock.now()),
    )
