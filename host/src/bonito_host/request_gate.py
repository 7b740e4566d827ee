"""One gate for every request that leaves this process by httpx: no redirect, no strange host.

LiteLLM's clients follow redirects and send the key along, `api-key` headers included. It offers a
switch for some of its routes only (a handler of one's own for its HTTP routes, a session for the
OpenAI SDK's), and which route a deployment takes it decides by the deployment's name. All of
them, and the OpenAI SDK, send through `httpx.Client.send` or its asynchronous twin, which is
public; so the gate stands there. It also holds behind a proxy, where the process guard sees
connections to the proxy only.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bonito_host.process_guard import GuardRefusal
from bonito_providers.errors import HostRefused
from bonito_providers.guard import HostPolicy

if TYPE_CHECKING:
    import httpx


def close_gate(policy: HostPolicy) -> None:
    """Let no httpx client of this process follow a redirect or reach a host not in the policy.

    Raises:
        RuntimeError: httpx no longer has the seam; going on would send keys along redirects.
    """
    import httpx

    for client in (httpx.Client, httpx.AsyncClient):
        if "follow_redirects" not in inspect.signature(client.send).parameters:
            message = f"httpx {httpx.__version__} sends differently: redirects cannot be forbidden"
            raise RuntimeError(message)
    httpx.Client.send = _guarded(httpx.Client.send, policy)  # type: ignore[method-assign] # the gate
    httpx.AsyncClient.send = _guarded_async(httpx.AsyncClient.send, policy)  # type: ignore[assignment,method-assign] # the gate


def _guarded(
    send: Callable[..., httpx.Response], policy: HostPolicy
) -> Callable[..., httpx.Response]:
    @functools.wraps(send)
    def guarded(client: httpx.Client, request: httpx.Request, **options: object) -> httpx.Response:
        _require(request, policy)
        return send(client, request, **{**options, "follow_redirects": False})

    return guarded


def _guarded_async(
    send: Callable[..., Awaitable[httpx.Response]], policy: HostPolicy
) -> Callable[..., Awaitable[httpx.Response]]:
    @functools.wraps(send)
    async def guarded(
        client: httpx.AsyncClient, request: httpx.Request, **options: object
    ) -> httpx.Response:
        _require(request, policy)
        return await send(client, request, **{**options, "follow_redirects": False})

    return guarded


def _require(request: httpx.Request, policy: HostPolicy) -> None:
    url = request.url
    try:
        policy.require_url(
            scheme=url.scheme, host=url.host, port=url.port, userinfo=bool(url.userinfo)
        )
    except HostRefused as error:
        # Callers within LiteLLM and the SDKs know network failures, not errors of the core.
        raise GuardRefusal(error.message) from error
