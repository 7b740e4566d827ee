"""The data planes of one account: routes to the surfaces, and what every answer carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import anthropic, errors, inference, listings, openai
from bonito_emulators.azure.call import Call
from bonito_emulators.azure.replies import service_headers
from bonito_emulators.azure.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.state import State


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


def answer(state: State, account: Account, request: Request) -> Response:
    """Serves one request to one of the account's hosts."""
    serve, parameters = _match(request.method, request.path)
    given = {field.name: getattr(request, field.name) for field in fields(Request)}
    call = Call(**given, state=state, account=account, parameters=parameters)
    try:
        response = serve(call)
    except errors.Refusal as refusal:
        response = _refused(call, refusal)
    return _finish(call, response)


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
        return
    words = "message" if "message" in body else "detail"
    body[words] = f"{body[words]} ({keys})"


def _finish(call: Call, response: Response) -> Response:
    """Adds what every answer carries."""
    added = service_headers(call.account, sequence=call.exchange.sequence)
    if call.account.echo_key:
        added["x-ms-presented-key"] = " ".join(call.presented_keys().values())
    for name, value in added.items():
        response.headers.setdefault(name, value)
    return response
