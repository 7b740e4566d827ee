"""One short call to a deployment, as LiteLLM makes it: `/openai/deployments/<name>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bonito_azure_arm import documents
from bonito_azure_arm.documents import at
from bonito_azure_arm.facts import overrides_of
from bonito_azure_arm.refusals import request_id
from bonito_azure_openai import wire
from bonito_azure_openai.facts import facts_of
from bonito_azure_openai.gateway import DEPLOYMENTS
from bonito_providers.answers import json_object
from bonito_providers.errors import InvalidRequest, MalformedAnswer
from bonito_providers.invocation import Invocation

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.invocation import InvocationRequest


async def invoke(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the deployment once.

    Raises:
        ProviderError: As the service refuses it.
    """
    if request.kind == "embedding":
        return await _embedding(connection, deployment, request)
    return await _chat(connection, deployment, request)


async def _chat(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    facts = facts_of(deployment.model.name or "", overrides_of(connection))
    limit = "max_completion_tokens" if facts.reasoning else "max_tokens"
    body = {"messages": [{"role": "user", "content": request.prompt}]}
    name, operation = deployment.ref.name, "chat/completions"
    try:
        reply, identity = await _post(
            connection, name, operation, {**body, limit: request.max_tokens}
        )
    except InvalidRequest as error:
        # A model that nothing is known of may be a reasoning model; the service names the fault.
        if error.code != "unsupported_parameter" or facts.reasoning:
            raise
        replaced = {**body, "max_completion_tokens": request.max_tokens}
        reply, identity = await _post(connection, name, operation, replaced)
    message = at(reply, "choices", 0, "message")
    if not isinstance(message, dict):
        raise MalformedAnswer(f"{deployment.ref.name} answered without a choice.")
    text = message.get("content")
    return _invocation(reply, identity, text=text if isinstance(text, str) else "")


async def _embedding(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    body = {"input": [request.prompt], "encoding_format": "float"}
    reply, identity = await _post(connection, deployment.ref.name, "embeddings", body)
    vector = at(reply, "data", 0, "embedding")
    if not isinstance(vector, list) or not vector:
        raise MalformedAnswer(f"{deployment.ref.name} answered without an embedding.")
    return _invocation(reply, identity, dimensions=len(vector))


async def _post(
    connection: Connection, name: str, operation: str, body: dict[str, Any]
) -> tuple[dict[str, Any], str | None]:
    path = f"/openai/deployments/{quote(name, safe='')}/{operation}"
    answer = await wire.call(connection, "POST", path, api_version=wire.CALL_VERSION, body=body)
    return json_object(answer), request_id(answer)


def _invocation(
    reply: Mapping[str, Any],
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
        input_tokens=_count(at(reply, "usage", "prompt_tokens")),
        output_tokens=_count(at(reply, "usage", "completion_tokens")),
        surface=DEPLOYMENTS,
        request_id=identity,
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value is not True and value >= 0 else None
