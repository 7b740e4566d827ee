"""One short call to a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from bonito_aviary.errors import request_id
from bonito_aviary.gateway import SURFACE
from bonito_aviary.rows import require_row
from bonito_aviary.wire import Wire
from bonito_providers.answers import json_object
from bonito_providers.invocation import Invocation
from bonito_providers.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.invocation import InvocationRequest


class Usage(Value):
    """Tokens as the service counted them."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Words(Value):
    """What the model said."""

    content: str | None = None


class ChatChoice(Value):
    """One answer."""

    message: Words


class ChatReply(Value):
    """The body of a chat's answer."""

    model: str | None = None
    choices: tuple[ChatChoice, ...] = Field(min_length=1)
    usage: Usage | None = None


class Vector(Value):
    """One embedding."""

    embedding: tuple[float, ...] = Field(min_length=1)


class EmbeddingsReply(Value):
    """The body of an answer with embeddings."""

    model: str | None = None
    data: tuple[Vector, ...] = Field(min_length=1)
    usage: Usage | None = None


class Invoking(Wire):
    """Calling a model."""

    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        """Call the deployment once; a call is never repeated.

        Raises:
            ProviderError: As the service refuses it.
        """
        embedding = request.kind == "embedding"
        path = "/v1/embeddings" if embedding else "/v1/chat/completions"
        body = self.question(deployment, request)
        response = await self.call(connection, "POST", path, body=body)
        answer = json_object(response)
        reply: ChatReply | EmbeddingsReply
        text = dimensions = None
        if embedding:
            reply = require_row(EmbeddingsReply, answer, response)
            dimensions = len(reply.data[0].embedding)
        else:
            reply = require_row(ChatReply, answer, response)
            # Half a character, which JSON can carry, cannot be written out.
            text = (reply.choices[0].message.content or "").encode(errors="replace").decode()
        usage = reply.usage or Usage()
        return Invocation(
            text=text,
            dimensions=dimensions,
            model=reply.model,
            input_tokens=usage.prompt_tokens,
            output_tokens=usage.completion_tokens,
            surface=SURFACE,
            request_id=request_id(response),
        )

    def question(self, deployment: Deployment, request: InvocationRequest) -> Mapping[str, Any]:
        """Return the body of the call, with as few tokens as will do."""
        if request.kind == "embedding":
            return {"model": deployment.ref.name, "input": [request.prompt]}
        return {
            "model": deployment.ref.name,
            "messages": [{"role": "user", "content": request.prompt}],
            "max_tokens": request.max_tokens,
        }
