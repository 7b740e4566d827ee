"""The Model Inference API, `/models`: legacy, and what LiteLLM's azure_ai speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import authentication, chat, embeddings, errors, parameters
from bonito_emulators.azure.accounts import serves_foundry
from bonito_emulators.azure.replies import json_reply
from bonito_emulators.azure.serving import serving

if TYPE_CHECKING:
    from starlette.responses import Response

    from bonito_emulators.azure.call import Call

API_VERSION = "2024-05-01-preview"
_MODEL_TYPES = {"chat": "chat-completion", "embeddings": "embeddings"}


def chat_completions(call: Call) -> Response:
    """Serves `POST /models/chat/completions`."""
    _admit(call)
    body = _body(call, known=parameters.INFERENCE_CHAT, openai=parameters.OPENAI_CHAT)
    deployment, model = serving(call, body["model"], operation="chat")
    return chat.chat_response(call, body, deployment=deployment, model=model)


def embed(call: Call) -> Response:
    """Serves `POST /models/embeddings`."""
    _admit(call)
    body = _body(call, known=parameters.INFERENCE_EMBEDDINGS, openai=parameters.OPENAI_EMBEDDINGS)
    deployment, model = serving(call, body["model"], operation="embeddings")
    return embeddings.embeddings_response(call, body, deployment=deployment, model=model)


def info(call: Call) -> Response:
    """Serves `GET /models/info`: one model, though the resource may hold many."""
    _admit(call)
    deployments = call.account.standing()
    if not deployments:
        raise errors.deployment_not_found()
    model = call.account.model_of(deployments[0])
    return json_reply(
        {
            "model_name": model.name,
            "model_type": _MODEL_TYPES.get(model.kind, model.kind),
            "model_provider_name": model.format,
        }
    )


def _admit(call: Call) -> None:
    if not call.account.models_surface or not serves_foundry(call.exchange.host):
        raise errors.resource_not_found()
    authentication.authenticate(call, authentication.INFERENCE)
    if call.query_value("api-version") != API_VERSION:
        raise errors.api_version_not_supported()


def _body(call: Call, *, known: frozenset[str], openai: frozenset[str]) -> dict[str, Any]:
    """Reads the body and applies the `extra-parameters` header to what the API does not know.

    A key of OpenAI's API is a fair try and only refused; any other is a violation too.
    """
    body = call.json_object()
    policy = call.headers.get("extra-parameters", "error")
    if policy not in {"error", "drop", "pass-through"}:
        call.violation(f"the header extra-parameters is {policy!r}")
    extra = body.keys() - known
    if unknown := extra - openai:
        call.violation(f"the body holds unknown keys: {', '.join(sorted(unknown))}")
    if extra and policy not in {"drop", "pass-through"}:
        raise errors.extra_parameters(extra)
    if policy == "drop":
        body = {key: value for key, value in body.items() if key in known}
    if not body.get("model"):
        raise errors.no_model_name()
    return body
