"""The LiteLLM route to a model: `openai/<model>`, with the endpoint's address as `api_base`.

LiteLLM takes the first part of the name off and leaves the rest alone, whatever slashes are in it,
and sends the key as a bearer (measured on litellm 1.105.3 with the names of all known services).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_providers.gateway import NO_KEY, GatewayEntry

if TYPE_CHECKING:
    from bonito_openai_compatible.credentials import OpenAICompatibleCredentials
    from bonito_providers.deployment import Deployment

SURFACE = "openai_v1"
_ROUTED = (None, "chat", "embedding")
_RESPONSES = re.compile(
    r"^responses/|(?:^|/)(?:gpt-5[\d.]*-(?:codex|pro)|o\d[\w.-]*-(?:pro|deep-research)|gpt-daybreak)"
)
"""Names by which LiteLLM calls the Responses API instead of chat, at whatever endpoint (the rows of
its price file whose `mode` is ``responses``)."""


def entry(credentials: OpenAICompatibleCredentials, deployment: Deployment) -> GatewayEntry:
    """Return the route to a model, or why there is none."""
    name, model = deployment.ref.name, deployment.model
    reason = _unroutable(name, model.kind)
    if reason:
        return GatewayEntry(model_name=name, surface="none", supported=False, reason=reason)
    return GatewayEntry(
        model_name=name,
        litellm_params={
            "model": f"openai/{name}",
            "api_base": credentials.base_url,
            "api_key": credentials.api_key or NO_KEY,
        },
        model_info={"base_model": model.price_key} if model.price_key else {},
        surface=SURFACE,
        reason="" if model.kind else "Its kind is unknown; it is routed as chat.",
    )


def _unroutable(name: str, kind: str | None) -> str:
    if kind not in _ROUTED:
        return f"The gateway routes chat and embeddings, not {kind}."
    if _RESPONSES.search(name.lower()):
        return "LiteLLM takes it by its name for a model that only the Responses API serves."
    return ""
