"""One short call to a deployment, on the surface that serves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bonito_azure_arm import documents
from bonito_azure_arm.documents import at
from bonito_azure_arm.facts import overrides_of
from bonito_azure_arm.refusals import request_id
from bonito_azure_foundry import surfaces, wire
from bonito_azure_foundry.endpoint import COGNITIVE
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_azure_foundry.facts import facts_of
from bonito_providers.answers import json_object
from bonito_providers.errors import InvalidRequest, MalformedAnswer
from bonito_providers.invocation import Invocation

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.invocation import InvocationRequest

_PASS_THROUGH = {"extra-parameters": "pass-through"}
"""What makes `/models` hand a parameter on to the model that it does not know itself (REST
reference of the Model Inference API, Chat Completions); the other surfaces ignore it."""


async def invoke(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the deployment once.

    A surface that is not there is passed over for the next one; nothing else is tried twice.

    Raises:
        ProviderError: As the service refuses it.
    """
    absent: SurfaceAbsent | None = None
    for surface in candidates(connection, deployment, request.kind):
        try:
            return await _on(surface, connection, deployment, request)
        except SurfaceAbsent as error:
            absent = error
    raise absent or SurfaceAbsent(f"No surface serves {request.kind} for {deployment.ref.name}.")


def candidates(connection: Connection, deployment: Deployment, kind: str) -> list[str]:
    """Return the surfaces to try, the likeliest first, without those seen to be absent."""
    known_format = deployment.model.format
    if kind == "embedding":
        order = [surfaces.OPENAI_V1, surfaces.DEPLOYMENTS]
    elif known_format == "Anthropic":
        order = [surfaces.ANTHROPIC]
    else:
        order = [surfaces.MODELS, surfaces.OPENAI_V1, surfaces.DEPLOYMENTS]
        if facts_of(deployment.model.name or "", overrides_of(connection)).reasoning:
            order.remove(surfaces.MODELS)  # it knows no max_completion_tokens
        if known_format is None:
            order.append(surfaces.ANTHROPIC)
    absent = {each.name for each in deployment.surfaces if each.answers is False}
    address = wire.own(connection).address
    if not address.is_services:
        absent |= {surfaces.MODELS, surfaces.ANTHROPIC}
    if address.suffix == COGNITIVE:
        absent.add(surfaces.OPENAI_V1)
    return [name for name in order if name not in absent]


async def _on(
    surface: str, connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    if surface == surfaces.ANTHROPIC:
        return await _messages(connection, deployment, request)
    if request.kind == "embedding":
        return await _embedding(surface, connection, deployment, request)
    return await _chat(surface, connection, deployment, request)


async def _chat(
    surface: str, connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    facts = facts_of(deployment.model.name or "", overrides_of(connection))
    limit = "max_completion_tokens" if facts.reasoning else "max_tokens"
    body = {"messages": [{"role": "user", "content": request.prompt}]}
    try:
        answer = await _post(
            surface, connection, deployment, "chat/completions", {**body, limit: request.max_tokens}
        )
    except InvalidRequest as error:
        # A model that nothing is known of may be a reasoning model; the service names the fault.
        if error.code != "unsupported_parameter" or limit != "max_tokens":
            raise
        replaced = {**body, "max_completion_tokens": request.max_tokens}
        answer = await _post(
            surface, connection, deployment, "chat/completions", replaced, headers=_PASS_THROUGH
        )
    reply, identity = answer
    message = at(reply, "choices", 0, "message")
    if not isinstance(message, dict):
        raise MalformedAnswer(f"{deployment.ref.name} answered without a choice.")
    text = message.get("content")
    said = text if isinstance(text, str) else ""
    return _invocation(reply, surface, identity, text=said)


async def _embedding(
    surface: str, connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    body = {"input": [request.prompt], "encoding_format": "float"}
    reply, identity = await _post(surface, connection, deployment, "embeddings", body)
    vector = at(reply, "data", 0, "embedding")
    if not isinstance(vector, list) or not vector:
        raise MalformedAnswer(f"{deployment.ref.name} answered without an embedding.")
    return _invocation(reply, surface, identity, dimensions=len(vector))


async def _messages(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    answer = await wire.call(
        connection,
        "POST",
        "/anthropic/v1/messages",
        headers={"anthropic-version": wire.ANTHROPIC_VERSION},
        body={
            "model": deployment.ref.name,
            "max_tokens": request.max_tokens,
            "messages": [{"role": "user", "content": request.prompt}],
        },
    )
    reply = json_object(answer)
    blocks = reply.get("content")
    if not isinstance(blocks, list) or not blocks:
        raise MalformedAnswer(f"{deployment.ref.name} answered without content.")
    texts = [at(block, "text") for block in blocks]
    text = "".join(part for part in texts if isinstance(part, str))
    return _invocation(reply, surfaces.ANTHROPIC, request_id(answer), text=text)


async def _post(
    surface: str,
    connection: Connection,
    deployment: Deployment,
    operation: str,
    body: Mapping[str, Any],
    *,
    headers: dict[str, str] | None = None,
) -> tuple[dict[str, Any], str | None]:
    name = deployment.ref.name
    path, api_version, named = {
        surfaces.MODELS: (f"/models/{operation}", wire.MODELS_VERSION, {"model": name}),
        surfaces.OPENAI_V1: (f"/openai/v1/{operation}", None, {"model": name}),
        surfaces.DEPLOYMENTS: (
            f"/openai/deployments/{quote(name, safe='')}/{operation}",
            wire.CLASSIC_VERSION,
            {},
        ),
    }[surface]
    answer = await wire.call(
        connection,
        "POST",
        path,
        api_version=api_version,
        body={**named, **body},
        headers=headers,
    )
    return json_object(answer), request_id(answer)


def _invocation(
    reply: Mapping[str, Any],
    surface: str,
    identity: str | None,
    *,
    text: str | None = None,
    dimensions: int | None = None,
) -> Invocation:
    # Half a character, which JSON can carry, cannot be written out.
    written = None if text is None else text.encode(errors="replace").decode()
    return Invocation(
        text=written,
        dimensions=dimensions,
        model=documents.text(reply.get("model")),
        input_tokens=_tokens(reply, "prompt_tokens", "input_tokens"),
        output_tokens=_tokens(reply, "completion_tokens", "output_tokens"),
        surface=surface,
        request_id=identity,
    )


def _tokens(reply: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        count = at(reply, "usage", name)
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
            return count
    return None
