"""One short call, straight at the runtime: Converse for what chats, InvokeModel for what embeds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock import deployments, wire
from bonito_providers.errors import (
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    ModelNotFound,
)
from bonito_providers.invocation import Invocation, InvocationRequest

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment

CONVERSE, INVOKE = "converse", "invoke"


async def invoke(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the deployment once.

    Raises:
        DeploymentNotFound: Nothing is called by that id any more.
        InvalidRequest: The model's form of embedding is not known.
        MalformedAnswer: The answer has neither text nor vector.
    """
    await deployments.require_own(connection, deployment.ref)
    identity = deployments.called_id(deployment)
    try:
        if request.kind == "embedding":
            return await _embed(connection, deployment, identity, request)
        return await _chat(connection, deployment, identity, request)
    except ModelNotFound as error:
        raise DeploymentNotFound(
            error.message,
            hint="List the deployments: this one seems to be gone.",
            status=error.status,
            code=error.code,
            request_id=error.request_id,
        ) from None


async def _chat(
    connection: Connection, deployment: Deployment, identity: str, request: InvocationRequest
) -> Invocation:
    answer = await wire.call(
        connection,
        "bedrock-runtime",
        "Converse",
        modelId=identity,
        messages=[{"role": "user", "content": [{"text": request.prompt}]}],
        inferenceConfig={"maxTokens": request.max_tokens},
    )
    message = _mapping(_mapping(answer, "output"), "message")
    blocks = message.get("content")
    # A model that reasons may spend its few tokens on that and say nothing more.
    said = [b for b in blocks or () if b.keys() & {"text", "reasoningContent", "toolUse"}]
    if not said:
        raise MalformedAnswer("Converse answered without content.", hint="Try again.")
    usage = answer.get("usage") or {}
    return Invocation(
        text="".join(str(block.get("text") or "") for block in said),
        model=deployment.model.name,
        input_tokens=usage.get("inputTokens"),
        output_tokens=usage.get("outputTokens"),
        surface=CONVERSE,
        request_id=_request_id(answer),
    )


async def _embed(
    connection: Connection, deployment: Deployment, identity: str, request: InvocationRequest
) -> Invocation:
    answer = await wire.call(
        connection,
        "bedrock-runtime",
        "InvokeModel",
        modelId=identity,
        contentType="application/json",
        accept="application/json",
        body=json.dumps(_question(deployment.model.name or "", request.prompt)),
    )
    content: Any = json.loads(answer["body"].read())
    return Invocation(
        dimensions=len(_vector(content)),
        model=deployment.model.name,
        input_tokens=content.get("inputTextTokenCount"),
        surface=INVOKE,
        request_id=_request_id(answer),
    )


def embeds(model: str) -> bool:
    """Tell whether the form in which a model embeds is known."""
    return model.startswith(("amazon.titan-embed-", "cohere.embed-"))


def _question(model: str, text: str) -> Mapping[str, Any]:
    """Return the body of an embedding; every publisher has a form of its own."""
    if not embeds(model):
        raise InvalidRequest(
            f"How {model or 'this model'} embeds is not known here.",
            hint="Titan and Cohere are.",
        )
    if model.startswith("amazon."):
        return {"inputText": text}
    return {"texts": [text], "input_type": "search_query"}


def _vector(content: Mapping[str, Any]) -> list[Any]:
    found: Any = content.get("embedding", content.get("embeddings"))
    if isinstance(found, Mapping):
        found = found.get("float")
    if isinstance(found, list) and found and isinstance(found[0], list):
        found = found[0]
    if not isinstance(found, list) or not found:
        raise MalformedAnswer("The model answered without a vector.", hint="Try again.")
    return found


def _mapping(container: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = container.get(key)
    if not isinstance(value, Mapping):
        raise MalformedAnswer(f"Converse answered without {key}.", hint="Try again.")
    return value


def _request_id(answer: Mapping[str, Any]) -> str | None:
    found: str | None = answer["ResponseMetadata"].get("RequestId")
    return found
