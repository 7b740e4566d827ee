"""One short call to a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_openai_compatible import wire
from bonito_openai_compatible.errors import request_id
from bonito_openai_compatible.facts import facts_of
from bonito_openai_compatible.gateway import SURFACE
from bonito_providers.answers import json_object
from bonito_providers.errors import InvalidRequest, MalformedAnswer
from bonito_providers.invocation import Invocation

if TYPE_CHECKING:
    import httpx

    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.invocation import InvocationRequest

_OLD, _NEW = "max_tokens", "max_completion_tokens"


async def invoke(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the model once.

    Raises:
        ProviderError: As the endpoint refuses it.
    """
    call = _embed if request.kind == "embedding" else _chat
    return await call(connection, deployment.ref.name, request)


async def _chat(connection: Connection, name: str, request: InvocationRequest) -> Invocation:
    body = {"model": name, "messages": [{"role": "user", "content": request.prompt}]}
    # What runs old models does not know the new word, and would answer without an end.
    limit = _NEW if facts_of(connection, name).reasoning else _OLD
    path = "/chat/completions"
    try:
        response = await wire.post(connection, path, {**body, limit: request.max_tokens})
    except InvalidRequest as error:
        # The endpoint names the fault before it asks a model, so nothing is paid for twice.
        if error.code != "unsupported_parameter" or limit == _NEW:
            raise
        response = await wire.post(connection, path, {**body, _NEW: request.max_tokens})
    reply = json_object(response)
    message = _at(reply, "choices", 0, "message")
    if not isinstance(message, Mapping):
        raise MalformedAnswer(f"{response.url.host} answered a chat without a choice.")
    text = message.get("content")
    return _invocation(reply, response, text=text if isinstance(text, str) else "")


async def _embed(connection: Connection, name: str, request: InvocationRequest) -> Invocation:
    body = {"model": name, "input": [request.prompt], "encoding_format": "float"}
    response = await wire.post(connection, "/embeddings", body)
    reply = json_object(response)
    vector = _at(reply, "data", 0, "embedding")
    if not isinstance(vector, list) or not vector:
        raise MalformedAnswer(f"{response.url.host} answered without an embedding.")
    return _invocation(reply, response, dimensions=len(vector))


def _invocation(
    reply: Mapping[str, Any],
    response: httpx.Response,
    *,
    text: str | None = None,
    dimensions: int | None = None,
) -> Invocation:
    model = reply.get("model")
    return Invocation(
        text=None if text is None else _writable(text),
        dimensions=dimensions,
        model=_writable(model) if isinstance(model, str) else None,
        input_tokens=_count(_at(reply, "usage", "prompt_tokens")),
        output_tokens=_count(_at(reply, "usage", "completion_tokens")),
        surface=SURFACE,
        request_id=request_id(response),
    )


def _writable(text: str) -> str:
    # Half a character, which JSON can carry, cannot be written out.
    return text.encode(errors="replace").decode()


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value is not True and value >= 0 else None


def _at(value: object, *path: str | int) -> object:
    """Return what stands at a path of keys and places, or None where it leads nowhere."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value
