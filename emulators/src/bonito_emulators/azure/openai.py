"""The OpenAI surfaces: `/openai/v1`, and the classic one with the deployment in the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_emulators.azure import authentication, chat, embeddings, errors, parameters
from bonito_emulators.azure.accounts import serves_openai_v1
from bonito_emulators.azure.serving import serving

if TYPE_CHECKING:
    from starlette.responses import Response

    from bonito_emulators.azure.call import Call

# The dated versions of the classic surface that its documentation lists.
CLASSIC_API_VERSIONS = frozenset(
    {
        "2024-02-01",
        "2024-06-01",
        "2024-08-01-preview",
        "2024-09-01-preview",
        "2024-10-01-preview",
        "2024-10-21",
        "2024-12-01-preview",
        "2025-01-01-preview",
        "2025-02-01-preview",
        "2025-03-01-preview",
        "2025-04-01-preview",
    }
)
_V1_API_VERSIONS = frozenset({None, "v1", "preview"})


def v1_chat(call: Call) -> Response:
    """Serves `POST /openai/v1/chat/completions`."""
    admit_v1(call)
    body = call.json_object()
    chat.refuse_unknown(call, body, known=parameters.OPENAI_CHAT)
    if not body.get("model"):
        raise errors.missing_property("model")
    deployment, model = serving(call, body["model"], operation="chat", openai_v1=True)
    return chat.chat_response(call, body, deployment=deployment, model=model)


def v1_embeddings(call: Call) -> Response:
    """Serves `POST /openai/v1/embeddings`."""
    admit_v1(call)
    body = call.json_object()
    chat.refuse_unknown(call, body, known=parameters.OPENAI_EMBEDDINGS)
    if not body.get("model"):
        raise errors.missing_property("model")
    deployment, model = serving(call, body["model"], operation="embeddings", openai_v1=True)
    return embeddings.embeddings_response(call, body, deployment=deployment, model=model)


def classic_chat(call: Call) -> Response:
    """Serves `POST /openai/deployments/{deployment}/chat/completions`; ignores `model`."""
    admit_classic(call)
    body = call.json_object()
    chat.refuse_unknown(call, body, known=parameters.OPENAI_CHAT)
    deployment, model = serving(call, call.parameters["deployment"], operation="chat")
    return chat.chat_response(call, body, deployment=deployment, model=model)


def classic_embeddings(call: Call) -> Response:
    """Serves `POST /openai/deployments/{deployment}/embeddings`; ignores `model`."""
    admit_classic(call)
    body = call.json_object()
    chat.refuse_unknown(call, body, known=parameters.OPENAI_EMBEDDINGS)
    deployment, model = serving(call, call.parameters["deployment"], operation="embeddings")
    return embeddings.embeddings_response(call, body, deployment=deployment, model=model)


def admit_v1(call: Call) -> None:
    """Lets a call to the v1 surface pass.

    Raises:
        Refusal: the surface is not served here, the key is refused, or a version is named.
    """
    if not call.account.openai_v1_surface or not serves_openai_v1(call.exchange.host):
        raise errors.resource_not_found()
    authentication.authenticate(call, authentication.OPENAI_V1)
    if call.query_value("api-version") not in _V1_API_VERSIONS:
        raise errors.api_version_not_allowed()


def admit_classic(call: Call) -> None:
    """Lets a call to the classic surface pass.

    Raises:
        Refusal: the key is refused, or the version is missing or unknown.
    """
    authentication.authenticate(call, authentication.CLASSIC)
    version = call.query_value("api-version")
    if version is None:
        raise errors.resource_not_found()
    if version not in CLASSIC_API_VERSIONS:
        raise errors.api_version_not_supported()
