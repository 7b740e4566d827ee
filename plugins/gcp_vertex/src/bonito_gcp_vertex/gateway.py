"""Which LiteLLM route reaches a model, worked out from its publisher's form.

LiteLLM finds the form in the model's name (measured on litellm 1.105.3 and 1.109.1; the wire
tests hold every form): with ``vertex_ai/`` Gemini, Claude and Mistral go *without* their
publisher, the served open models *with* it. It reads a key file from a text, or, where that is no
JSON, from a path of the machine it runs on; it is only ever given the JSON that was checked here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_gcp_vertex import names, surfaces
from bonito_gcp_vertex.facts import facts_of
from bonito_providers.gateway import GatewayEntry, Parameter

if TYPE_CHECKING:
    from bonito_gcp_vertex.credentials import VertexCredentials
    from bonito_providers.deployment import Deployment

_PLAIN = frozenset(
    {
        surfaces.ANTHROPIC,
        surfaces.EMBED_CONTENT,
        surfaces.GENERATE_CONTENT,
        surfaces.MISTRAL,
        surfaces.PREDICT,
    }
)
"""Forms whose models LiteLLM wants without their publisher."""
_FOUND = {
    surfaces.GENERATE_CONTENT: re.compile(r"gemini-"),
    surfaces.ANTHROPIC: re.compile(r"claude"),
    surfaces.MISTRAL: re.compile(r"mistral|codestral"),
    surfaces.OPENAPI: re.compile(
        r"meta/.*llama|deepseek-ai/|qwen/|openai/gpt-oss-|minimaxai/|moonshotai/|zai-org/"
        r"|google/gemma-"
    ),
}
"""How the names begin by which LiteLLM finds a form (1.105.3, `vertex_ai_partner_models`)."""
_NEEDS_SDK = (
    "LiteLLM reaches {what} only with google-cloud-aiplatform below 2 installed, which this "
    "project does not use. Call it without the gateway."
)


def entry(credentials: VertexCredentials, deployment: Deployment) -> GatewayEntry:
    """Return the route to a deployment, or why there is none."""
    reason = _obstacle(credentials, deployment)
    if reason:
        return GatewayEntry(
            model_name=deployment.ref.name, surface="none", supported=False, reason=reason
        )
    form = deployment.surfaces[0].name
    key = deployment.model.price_key
    return GatewayEntry(
        model_name=deployment.ref.name,
        litellm_params=_params(credentials, deployment.ref.name, form),
        model_info={"base_model": key} if key else {},
        surface=form,
    )


def _params(credentials: VertexCredentials, name: str, form: str) -> dict[str, Parameter]:
    model = name.partition("/")[2] if form in _PLAIN else name
    return {
        "model": f"vertex_ai/{model}",
        "vertex_credentials": credentials.service_account_json,
        "vertex_project": credentials.project,
        "vertex_location": credentials.location,
    }


def _obstacle(credentials: VertexCredentials, deployment: Deployment) -> str:
    """Return why LiteLLM cannot route there rightly; nothing where it can."""
    name, kind = deployment.ref.name, deployment.model.kind
    if not names.is_served(name):
        return _NEEDS_SDK.format(what="endpoints of one's own")
    if kind not in ("chat", "embedding"):
        return f"The gateway routes chat and embeddings, not {kind or 'what is not known'}."
    if not deployment.surfaces:
        return "The form in which this model is called is not known."
    return _misread(name, deployment.surfaces[0].name) or _misplaced(credentials, name)


def _misread(name: str, form: str) -> str:
    """Return why LiteLLM would not find the form by the name."""
    if name.startswith("xai/"):
        return _NEEDS_SDK.format(what="Grok")
    pattern = _FOUND.get(form)
    told = name if form == surfaces.OPENAPI else name.partition("/")[2]
    if pattern is None or pattern.match(told):
        return ""
    return "LiteLLM would not find this model's form by its name."


def _misplaced(credentials: VertexCredentials, name: str) -> str:
    """Return where LiteLLM would call instead, for models it knows the places of."""
    publisher, _, model = name.partition("/")
    places = facts_of(publisher, model).locations
    if not places or credentials.location in places:
        return ""
    where = " or ".join(places)
    return (
        f"LiteLLM calls this model in {where} alone, whatever location it is told; the "
        f"connection is for {credentials.location}. Use a connection for {where}."
    )
