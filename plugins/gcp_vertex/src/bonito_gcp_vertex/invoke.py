"""One short call to a model, in the form of its publisher."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bonito_gcp_vertex import endpoints, errors, names, surfaces, wire
from bonito_gcp_vertex.replies import ChatReply, ClaudeReply, EmbedReply, GeminiReply, PredictReply
from bonito_gcp_vertex.rows import require_row
from bonito_providers.answers import json_object
from bonito_providers.errors import ContentFiltered, InvalidRequest
from bonito_providers.invocation import Invocation

if TYPE_CHECKING:
    import httpx

    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment
    from bonito_providers.invocation import InvocationRequest

ANTHROPIC_VERSION = "vertex-2023-10-16"
Answered = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """How a surface is called: where, with what, and what its answer says."""

    path: Callable[[str], str]
    body: Callable[[str, InvocationRequest], Mapping[str, Any]]
    read: Callable[[Answered, httpx.Response], Invocation]


async def invoke(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the model once; a call is never repeated.

    Raises:
        InvalidRequest: It does not do what is asked, or its form is not known.
        ContentFiltered: The service refuses the prompt.
        ProviderError: As the service refuses it.
    """
    name = _surface(deployment)
    form = _FORMS.get(name)
    if form is None:
        raise InvalidRequest(
            f"The form in which {deployment.ref.name} is called is not known.",
            hint="Look at it again: its gateway entry says which forms there are.",
        )
    if (request.kind == "embedding") is not (name in surfaces.EMBEDDING):
        raise InvalidRequest(
            f"{deployment.ref.name} does not answer a call for {request.kind}.",
            hint="Choose a model of that kind.",
        )
    own = name == surfaces.ENDPOINT
    location = endpoints.require_region(connection) if own else wire.own(connection).location
    version = "v1beta1" if own else "v1"
    url = wire.placed(connection, location, form.path(deployment.ref.name), version=version)
    body = form.body(deployment.ref.name, request)
    response = await wire.call(connection, "POST", url, body=body)
    read = form.read(json_object(response), response)
    # Half a character, which JSON can carry, cannot be written out.
    text = None if read.text is None else read.text.encode(errors="replace").decode()
    return read.model_copy(update={"surface": name, "text": text})


async def count_tokens(connection: Connection, name: str) -> None:
    """Count the tokens of one word, which is free and needs the same permission as a call.

    Raises:
        ProviderError: The model may not be called, or is not there.
    """
    path = f"{_model_path(name)}:countTokens"
    url = wire.placed(connection, wire.own(connection).location, path)
    body = {"contents": [{"role": "user", "parts": [{"text": "ping"}]}]}
    response = await wire.call(connection, "POST", url, body=body, idempotent=True)
    if not isinstance(json_object(response).get("totalTokens"), int):
        raise errors.unreadable(response, "no count of tokens")


def _surface(deployment: Deployment) -> str:
    if not names.is_served(deployment.ref.name):
        return surfaces.ENDPOINT
    return deployment.surfaces[0].name if deployment.surfaces else ""


def _model_path(name: str) -> str:
    publisher, _, model = name.partition("/")
    return f"/{wire.published(publisher, model)}"


def _verb(verb: str) -> Callable[[str], str]:
    def path(name: str) -> str:
        return f"{_model_path(name)}:{verb}"

    return path


def _gemini_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return {
        "contents": [{"role": "user", "parts": [{"text": request.prompt}]}],
        "generationConfig": {"maxOutputTokens": request.max_tokens},
    }


def _embed_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return {"content": {"role": "user", "parts": [{"text": request.prompt}]}}


def _predict_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return {"instances": [{"content": request.prompt}]}


def _claude_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return {"anthropic_version": ANTHROPIC_VERSION, **_messages(request)}


def _mistral_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return {"model": name.partition("/")[2], **_messages(request)}


def _openapi_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return {"model": name, **_messages(request)}


def _endpoint_body(name: str, request: InvocationRequest) -> Mapping[str, Any]:
    return _messages(request)


def _messages(request: InvocationRequest) -> dict[str, Any]:
    messages = [{"role": "user", "content": request.prompt}]
    return {"messages": messages, "max_tokens": request.max_tokens}


def _gemini(answer: Answered, response: httpx.Response) -> Invocation:
    reply = require_row(GeminiReply, answer, response)
    blocked = reply.prompt_feedback.block_reason if reply.prompt_feedback else None
    if not reply.candidates and blocked:
        raise ContentFiltered(
            f"The prompt was refused: {blocked[:60]}.",
            hint="Change the prompt.",
            status=response.status_code,
            code=blocked[:60],
        )
    if not reply.candidates:
        raise errors.unreadable(response, "no candidate")
    return Invocation(
        text="".join(part.text or "" for part in reply.candidates[0].content.parts),
        model=reply.model_version,
        input_tokens=reply.usage_metadata.prompt_token_count,
        output_tokens=reply.usage_metadata.candidates_token_count,
        surface=surfaces.GENERATE_CONTENT,
    )


def _embedded(answer: Answered, response: httpx.Response) -> Invocation:
    reply = require_row(EmbedReply, answer, response)
    return Invocation(
        dimensions=len(reply.embedding.values),
        input_tokens=reply.usage_metadata.prompt_token_count,
        surface=surfaces.EMBED_CONTENT,
    )


def _predicted(answer: Answered, response: httpx.Response) -> Invocation:
    vector = require_row(PredictReply, answer, response).predictions[0].embeddings
    counted = vector.statistics.get("token_count")
    return Invocation(
        dimensions=len(vector.values),
        input_tokens=int(counted) if isinstance(counted, int | float) else None,
        surface=surfaces.PREDICT,
    )


def _claude(answer: Answered, response: httpx.Response) -> Invocation:
    reply = require_row(ClaudeReply, answer, response)
    return Invocation(
        text="".join(block.text or "" for block in reply.content),
        model=reply.model,
        input_tokens=reply.usage.input_tokens,
        output_tokens=reply.usage.output_tokens,
        surface=surfaces.ANTHROPIC,
    )


def _chat(answer: Answered, response: httpx.Response) -> Invocation:
    reply = require_row(ChatReply, answer, response)
    return Invocation(
        text=reply.choices[0].message.content or "",
        model=reply.model,
        input_tokens=reply.usage.prompt_tokens,
        output_tokens=reply.usage.completion_tokens,
        surface=surfaces.OPENAPI,
    )


_FORMS = {
    surfaces.GENERATE_CONTENT: Form(_verb("generateContent"), _gemini_body, _gemini),
    surfaces.EMBED_CONTENT: Form(_verb("embedContent"), _embed_body, _embedded),
    surfaces.PREDICT: Form(_verb("predict"), _predict_body, _predicted),
    surfaces.ANTHROPIC: Form(_verb("rawPredict"), _claude_body, _claude),
    surfaces.MISTRAL: Form(_verb("rawPredict"), _mistral_body, _chat),
    surfaces.OPENAPI: Form(lambda _: "/endpoints/openapi/chat/completions", _openapi_body, _chat),
    surfaces.ENDPOINT: Form(
        lambda name: f"/endpoints/{quote(name, safe='')}/chat/completions", _endpoint_body, _chat
    ),
}
