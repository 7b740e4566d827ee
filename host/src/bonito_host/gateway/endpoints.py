"""The gateway over HTTP, as OpenAI's clients speak it."""

from __future__ import annotations

import functools
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bonito_host.gateway.answers import Answer, sent, written
from bonito_host.gateway.refusals import GONE, WRONG_KEY, Refusal, refusal_of
from bonito_host.gateway.request_refused import RequestRefused
from bonito_host.gateway.requests import GatewayRequest, chat_request, embedding_request
from bonito_host.gateway.service import GatewayService
from bonito_host.gateway.streaming import CallerGone, EventStream, unless_gone
from bonito_host.store.callers import Caller
from bonito_providers.errors import BonitoError

_log = logging.getLogger(__name__)
_LARGEST = 32 * 1024 * 1024
"""Bytes a request may have: pictures travel in it."""
_JSON = "application/json"
_DONE = b"[DONE]"

Endpoint = Callable[[Request], Awaitable[Response]]


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def service_of(request: Request) -> GatewayService:
    """Return the gateway that answers: ``services.gateway`` of the application's state."""
    service: GatewayService = request.app.state.services.gateway
    return service


def _told(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with every error told in OpenAI's shape."""

    @functools.wraps(endpoint)
    async def told(request: Request) -> Response:
        try:
            return await endpoint(request)
        except _Refused as refused:
            return _written(refused.refusal)
        except CallerGone:
            return Response(status_code=GONE)  # to nobody
        except (BonitoError, RequestRefused) as error:
            return _written(refusal_of(error))
        except Exception as error:  # noqa: BLE001 - nothing of a defect is told to a caller
            _log.exception("a call failed by a defect")
            return _written(refusal_of(error))

    return told


@_told
async def list_models(request: Request) -> Response:
    """List the names a caller may use."""
    await _caller(request)
    names = service_of(request).names()
    return JSONResponse({"object": "list", "data": [_model(name) for name in names]})


@_told
async def get_model(request: Request) -> Response:
    """Say whether a name leads somewhere."""
    await _caller(request)
    name = request.path_params["name"]
    if not service_of(request).routes(name):
        message = f"There is no model {name[:80]!r}."
        raise _Refused(Refusal(status=404, message=message, code="model_not_found"))
    return JSONResponse(_model(name))


@_told
async def chat(request: Request) -> Response:
    """Answer a chat, whole or as the answer comes."""
    caller = await _caller(request)
    service = service_of(request)
    asked = _read(service, chat_request, await _body(request), caller=caller.id, kind="chat")
    if asked.stream:
        return await _streamed(request, service.stream(asked, caller=caller.id))
    answer = await unless_gone(request.receive, service.chat(asked, caller=caller.id))
    return Response(sent(answer.text), media_type=_JSON)


@_told
async def embed(request: Request) -> Response:
    """Turn texts into vectors."""
    caller = await _caller(request)
    service, body = service_of(request), await _body(request)
    asked = _read(service, embedding_request, body, caller=caller.id, kind="embedding")
    answer = await unless_gone(request.receive, service.embed(asked, caller=caller.id))
    return Response(sent(answer.text), media_type=_JSON)


async def _caller(request: Request) -> Caller:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    caller = None
    if scheme.lower() == "bearer":
        caller = await service_of(request).callers.recognise(key.strip())
    if caller is None:
        raise _Refused(WRONG_KEY)
    return caller


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            message = f"The request has more than {_LARGEST} bytes."
            raise _Refused(Refusal(status=413, message=message))
    return b"".join(parts)


def _read(
    service: GatewayService,
    read: Callable[[bytes], GatewayRequest],
    body: bytes,
    *,
    caller: str,
    kind: str,
) -> GatewayRequest:
    try:
        return read(body)
    except RequestRefused as refused:
        if refused.model is None:
            raise
        # A call to a model that cannot be is recorded, as one to a model that is not there.
        with service.ledger.metered(caller=caller, model=refused.model, kind=kind, streamed=False):
            raise


async def _streamed(request: Request, pieces: AsyncGenerator[Answer, None]) -> Response:
    # The first piece decides the status: a refusal comes before anything was said.
    first = await unless_gone(request.receive, _next(pieces))
    return EventStream(_events(first, pieces))


async def _next(pieces: AsyncGenerator[Answer, None]) -> Answer:
    return await anext(pieces)


async def _events(first: Answer, pieces: AsyncGenerator[Answer, None]) -> AsyncIterator[bytes]:
    async with aclosing(pieces):
        yield sent(first.text)
        try:
            async for piece in pieces:
                yield sent(piece.text)
        except Exception as error:  # noqa: BLE001 - the status is sent already; this is the rest
            yield sent(written(refusal_of(error).document))
            return
        yield _DONE


def _written(refusal: Refusal) -> Response:
    return Response(
        sent(written(refusal.document)),
        status_code=refusal.status,
        headers=dict(refusal.headers),
        media_type=_JSON,
    )


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": name.partition("/")[0]}


# Plain routes: FastAPI's own would read types and dependencies that there are none of, for a
# tenth of the time a call takes.
router = APIRouter()
"""Routes that each ask for a caller's key, and for nothing else."""
router.add_route("/v1/models", list_models, methods=["GET"], include_in_schema=False)
router.add_route("/v1/models/{name:path}", get_model, methods=["GET"], include_in_schema=False)
router.add_route("/v1/chat/completions", chat, methods=["POST"], include_in_schema=False)
router.add_route("/v1/embeddings", embed, methods=["POST"], include_in_schema=False)
