"""The real LiteLLM as a program with no way out: says which addresses it would call.

Run as a process of its own by `routes`: routes come in on stdin, one JSON document goes out on
stdout. Every way LiteLLM sends by ends here, and every look-up of a name is refused for the life of
the process. Only the questions of OAuth are answered, with a token that is worth nothing (RFC 6749,
section 5.1; OpenID Connect Discovery, section 4), since LiteLLM asks for one before it calls.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from bonito_host.litellm_adapter import Gateway, load
from bonito_providers.gateway import GatewayConfig, GatewayEntry, RoutableDeployment

_SECONDS = 20.0
_DISCOVERY = "/.well-known/openid-configuration"
_TOKEN = {"access_token": "nothing", "token_type": "Bearer", "expires_in": 3600}
_REFUSED = "nothing leaves a rehearsal"

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
"""On some systems event loops connect to themselves; LiteLLM sends by what is closed anyway."""

_seen: list[str] = []
"""Method and address of each call since the last route, without its query but for the version."""
_invented: set[str] = set()
"""Addresses made up here, for what a real discovery would name: nothing to tell of."""


def main() -> None:
    """Answer for every route that stdin names."""
    written = _own_stdout()
    routes = json.load(sys.stdin)
    version = load()
    _close_every_way_out()
    json.dump({"litellm": version, "routes": asyncio.run(_all(routes))}, written)
    written.flush()
    os._exit(0)  # LiteLLM's threads and handlers have nothing to finish


def _own_stdout() -> IO[str]:
    """Return stdout, and lead whatever LiteLLM prints elsewhere."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


async def _all(routes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["deployment"]: await _asked(_route(each), each["kind"]) for each in routes}


def _route(told: Mapping[str, Any]) -> RoutableDeployment:
    parameters = {
        name: SecretStr(value) if name in told["secret"] else value
        for name, value in told["parameters"].items()
    }
    entry = GatewayEntry.model_validate({**told["entry"], "litellm_params": parameters})
    return RoutableDeployment(connection="doctor", deployment=told["deployment"], entry=entry)


async def _asked(route: RoutableDeployment, kind: str | None) -> dict[str, Any]:
    """Call by a Router of the route's own: one that LiteLLM refuses must not hide the others."""
    _seen.clear()
    failure = ""
    config = GatewayConfig.build([route], price=lambda _name: None)
    (routed,) = config.routes
    try:
        async with asyncio.timeout(_SECONDS), Gateway(config, redact=str) as gateway:
            await _call(gateway, routed.entry.model_name, kind)
    except Exception as error:  # noqa: BLE001 - LiteLLM raises anything
        failure = f"{type(error).__name__}: {error}"
    calls = list(dict.fromkeys(_seen))
    return {"calls": calls, "failure": "" if calls else failure}


async def _call(gateway: Gateway, name: str, kind: str | None) -> None:
    if kind == "embedding":
        await gateway.embed(name, ["ping"])
    else:
        await gateway.chat(name, [{"role": "user", "content": "ping"}], max_tokens=16)


def _close_every_way_out() -> None:
    async def send_later(_client: object, request: httpx.Request, **_: object) -> httpx.Response:
        return _answered(request)

    def send(_client: object, request: httpx.Request, **_: object) -> httpx.Response:
        return _answered(request)

    httpx.AsyncClient.send = send_later  # type: ignore[assignment,method-assign] # the way out
    httpx.Client.send = send  # type: ignore[assignment,method-assign] # the way out
    _close_requests()
    sys.addaudithook(_refuse_names)


def _close_requests() -> None:
    """Some libraries that LiteLLM signs in by send by requests."""
    try:
        from requests import Response
        from requests.adapters import HTTPAdapter
        from urllib3 import HTTPResponse
    except ImportError:
        return

    def send(adapter: Any, request: Any, **_: object) -> Response:  # noqa: ANN401 - requests' own
        body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
        document = json.dumps(_seen_and_answered(request.method, request.url, str(body)))
        raw = HTTPResponse(
            io.BytesIO(document.encode()),
            headers={"content-type": "application/json"},
            status=200,
            preload_content=False,
        )
        response: Response = adapter.build_response(request, raw)
        return response

    HTTPAdapter.send = send  # type: ignore[assignment,method-assign] # the way out


def _answered(request: httpx.Request) -> httpx.Response:
    body = request.read().decode("utf-8", "replace")
    try:
        document = _seen_and_answered(request.method, str(request.url), body)
    except OSError as error:
        raise httpx.ConnectError(_REFUSED, request=request) from error
    return httpx.Response(200, json=document, request=request)


def _seen_and_answered(method: str, address: str, body: str) -> dict[str, object]:
    """Note a call, and answer what OAuth asks.

    Raises:
        OSError: It asks something else.
    """
    parts = urlsplit(address)
    path = f"{parts.scheme}://{parts.netloc}{parts.path}"
    version = [each for each in parts.query.split("&") if each.startswith("api-version=")]
    shown = "&".join(version)
    if address not in _invented:
        _seen.append(f"{method} {path}{'?' if shown else ''}{shown}")
    if parts.path.endswith(_DISCOVERY):
        base = path.removesuffix(_DISCOVERY)
        ends = {name: f"{base}/{name}" for name in ("authorization_endpoint", "token_endpoint")}
        _invented.update(ends.values())
        return {"issuer": base, **ends}
    if "grant_type=" in body:
        return dict(_TOKEN)
    raise OSError(_REFUSED)


def _refuse_names(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        _seen.append(f"LOOK UP {arguments[0]}")
        raise OSError(_REFUSED)
    if event == "socket.connect" and arguments[1][0] not in _LOOPBACK:
        raise OSError(_REFUSED)


if __name__ == "__main__":
    main()
