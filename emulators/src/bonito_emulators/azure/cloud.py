"""The emulated Azure: accounts behind their host names, routes to the surfaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import anthropic, errors, inference, listings, openai
from bonito_emulators.azure.accounts import HOST_SUFFIXES, Account
from bonito_emulators.azure.call import Call
from bonito_emulators.azure.replies import service_headers
from bonito_emulators.exchange import exchange_of
from bonito_emulators.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import Receive, Scope, Send


@dataclass(frozen=True)
class Route:
    """A method and a path pattern, and what serves them."""

    method: str
    pattern: str
    serve: Callable[[Call], Response]


ROUTES = (
    Route("POST", "/models/chat/completions", inference.chat_completions),
    Route("POST", "/models/embeddings", inference.embed),
    Route("GET", "/models/info", inference.info),
    Route("POST", "/openai/v1/chat/completions", openai.v1_chat),
    Route("POST", "/openai/v1/embeddings", openai.v1_embeddings),
    Route("GET", "/openai/v1/models", listings.v1_models),
    Route("GET", "/openai/models", listings.classic_models),
    Route("GET", "/openai/deployments", listings.deployments),
    Route(
        "POST", "/openai/deployments/(?P<deployment>[^/]+)/chat/completions", openai.classic_chat
    ),
    Route(
        "POST", "/openai/deployments/(?P<deployment>[^/]+)/embeddings", openai.classic_embeddings
    ),
    Route("GET", "/api/projects/(?P<project>[^/]+)/deployments", listings.project_deployments),
    Route("POST", "/anthropic/v1/messages", anthropic.messages),
    Route("POST", "/anthropic/v1/messages/count_tokens", anthropic.count),
)


class AzureCloud:
    """The data planes of Foundry and Azure OpenAI for the given accounts.

    Attributes:
        faults: what shall go wrong.
    """

    name = "azure"
    host_patterns = tuple(f"*{suffix}" for suffix in HOST_SUFFIXES)

    def __init__(self, accounts: Iterable[Account]) -> None:
        self.faults = Faults()
        self._accounts = {account.name.lower(): account for account in accounts}

    def account(self, name: str) -> Account:
        """Gives an account, to look at or to change while calls are served.

        Raises:
            KeyError: there is none of that name.
        """
        return self._accounts[name.lower()]

    def knows(self, host: str) -> bool:
        """Tells whether an account of the right kind answers under the name."""
        return self._account_behind(host) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or does to it what a fault orders."""
        await self.faults.serve(self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        response = self._answer(scope, message["body"])
        await response(scope, receive, send)

    def _answer(self, scope: Scope, body: bytes) -> Response:
        exchange = exchange_of(scope)
        account = self._account_behind(exchange.host)
        if account is None:
            msg = f"{exchange.host} is not a host of this cloud"
            raise LookupError(msg)
        serve, parameters = _match(scope["method"], scope["path"])
        call = Call(
            account=account,
            exchange=exchange,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=Headers(scope=scope),
            body=body,
            parameters=parameters,
        )
        try:
            response = serve(call)
        except errors.Refusal as refusal:
            response = _refused(call, refusal)
        return _finish(call, response)

    def _account_behind(self, host: str) -> Account | None:
        account = self._accounts.get(host.partition(".")[0])
        return account if account is not None and host in account.hosts else None


def _match(method: str, path: str) -> tuple[Callable[[Call], Response], dict[str, str]]:
    for route in ROUTES:
        if route.method == method and (found := re.fullmatch(route.pattern, path)):
            return route.serve, found.groupdict()
    return _unknown, {}


def _unknown(call: Call) -> Response:
    call.violation("the service has no such path")
    raise errors.resource_not_found()


def _refused(call: Call, refusal: errors.Refusal) -> Response:
    body = dict(refusal.body)
    headers = dict(refusal.headers)
    code = body.get("error", {}).get("code")
    if code and call.path.startswith("/models/"):
        headers.setdefault("x-ms-error-code", code)
    if call.account.echo_key:
        _echo(body, " ".join(call.presented_keys().values()))
    return JSONResponse(body, status_code=refusal.status, headers=headers)


def _echo(body: dict[str, Any], keys: str) -> None:
    """Repeats the caller's keys within the words of an error."""
    if "error" in body:
        body["error"] = {**body["error"], "message": f"{body['error']['message']} ({keys})"}
    else:
        body["detail"] = f"{body['detail']} ({keys})"


def _finish(call: Call, response: Response) -> Response:
    """Adds what every answer carries."""
    added = service_headers(call.account, sequence=call.exchange.sequence)
    if call.account.echo_key:
        added["x-ms-presented-key"] = " ".join(call.presented_keys().values())
    for name, value in added.items():
        response.headers.setdefault(name, value)
    return response
