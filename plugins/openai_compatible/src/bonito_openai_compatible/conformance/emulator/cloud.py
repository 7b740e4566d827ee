"""The services themselves: who may call, what there is to call, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bonito_emulators.exchange import exchange_of
from bonito_emulators.faults import Faults
from bonito_openai_compatible.conformance.emulator import chat, embeddings
from bonito_openai_compatible.conformance.emulator.accounts import (
    Account,
    Offered,
    default_accounts,
)
from bonito_openai_compatible.conformance.emulator.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import Receive, Scope, Send

_METHODS = {"/models": "GET", "/chat/completions": "POST", "/embeddings": "POST", "/key": "GET"}


class CompatibleCloud:
    """The known services with an account each; the documentation is that of this package.

    Attributes:
        accounts: By host.
        called: The models that were called, in order.
        faults: What shall go wrong on the socket.
    """

    name = "openai_compatible"

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        given = list(accounts) or default_accounts()
        self.accounts = {account.service.host: account for account in given}
        self.called: list[str] = []
        self.faults = Faults()

    @property
    def host_patterns(self) -> tuple[str, ...]:
        """The hosts, for the certificate."""
        return tuple(self.accounts)

    def knows(self, host: str) -> bool:
        """Tell whether there is such a host."""
        return host in self.accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or do to it what a fault orders."""
        await self.faults.serve(self._serve, scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, exchange = Request(scope, receive), exchange_of(scope)
        account = self.accounts[exchange.host]
        try:
            response = self._answer(account, request, await request.body())
        except Refusal as refusal:
            if refusal.unknown:
                exchange.violation(f"{request.method} {request.url.path}: {refusal.message}")
            response = refusal.response(numbered=account.routes)
        response.headers["x-request-id"] = f"req_{exchange.sequence:032x}"
        await response(scope, receive, send)

    def _answer(self, account: Account, request: Request, body: bytes) -> Response:
        path = _path(account, request)
        if not (account.public and path == "/models"):
            _authenticate(account, request)
        if path == "/models":
            return _listing(account, request)
        if path == "/key":
            return JSONResponse({"data": {"label": "sk-or-v1-emu...001", "limit": None}})
        asked = _json_object(request, body)
        model = _model(account, asked)
        if path == "/embeddings":
            response: Response = embeddings.reply(asked, model=_embedding(model).id)
        else:
            response = chat.reply(asked, model=_chatting(model))
        self.called.append(model.id)
        return response


def _path(account: Account, request: Request) -> str:
    path = request.url.path.removeprefix(account.service.path)
    known = path in _METHODS and (path != "/key" or account.routes)
    if not known or not request.url.path.startswith(account.service.path):
        message = f"Invalid URL ({request.method} {request.url.path})"
        raise Refusal(404, message, unknown=True)
    if request.method != _METHODS[path]:
        message = f"Not allowed to {request.method} on {request.url.path}."
        raise Refusal(405, message, unknown=True)
    return path


def _authenticate(account: Account, request: Request) -> None:
    if not account.keys:
        return
    given = request.headers.get("authorization")
    if given is None:
        raise Refusal(401, "You didn't provide an API key.")
    if given not in [f"Bearer {key}" for key in account.keys]:
        raise Refusal(401, "Incorrect API key provided.", code="invalid_api_key")


def _listing(account: Account, request: Request) -> Response:
    rows = [each.row for each in account.catalogue]
    if not account.routes:
        if request.url.query:
            raise Refusal(400, "The listing takes no query.", unknown=True)
        return JSONResponse({"object": "list", "data": rows})
    query = request.query_params
    numbers = [query.get("offset", "0"), query.get("limit", str(account.page_size))]
    if query.keys() - {"offset", "limit"} or not all(map(str.isdecimal, numbers)):
        raise Refusal(400, "The query is not as documented.", unknown=True)
    start, size = map(int, numbers)
    end = start + size
    following = f"{account.service.path}/models?offset={end}&limit={size}"
    links = {"next": following if end < len(rows) else None}
    return JSONResponse({"data": rows[start:end], "links": links, "total_count": len(rows)})


def _model(account: Account, asked: Mapping[str, Any]) -> Offered:
    name = asked.get("model")
    if not isinstance(name, str):
        raise Refusal(400, "you must provide a model parameter")
    found = next((each for each in account.catalogue if each.id == name), None)
    if found is None:
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise Refusal(404, message, code="model_not_found")
    return found


def _chatting(model: Offered) -> Offered:
    if model.kind == "chat":
        return model
    message = "This is not a chat model and thus not supported in the v1/chat/completions endpoint."
    raise Refusal(404, message, param="model")


def _embedding(model: Offered) -> Offered:
    if model.kind == "embedding":
        return model
    raise Refusal(403, "You are not allowed to generate embeddings from this model")


def _json_object(request: Request, body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind != "application/json" or not isinstance(asked, dict) or request.url.query:
        raise Refusal(400, "We could not parse the JSON body of your request.", unknown=True)
    return asked
