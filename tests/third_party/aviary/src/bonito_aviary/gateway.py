"""The LiteLLM route to a deployment, worked out from its kind and its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_providers.gateway import GatewayEntry, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_aviary.credentials import AviaryCredentials
    from bonito_providers.deployment import Deployment

SURFACE = "openai_v1"
_ROUTED = ("chat", "embedding")
_FAMILIES = re.compile(r"gpt-[5-9]|gpt-audio|^o\d|codex|deep-research|computer-use")
"""Names that LiteLLM's ``openai/`` takes for OpenAI's own models, whose parameters and paths it
changes (litellm 1.105.3, `llms/openai/openai.py`)."""


class Routing:
    """Routing through LiteLLM, without any call."""

    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        """Return the route to a deployment, or why there is none."""
        reason = self.unroutable(deployment)
        key = deployment.model.price_key
        if reason:
            return GatewayEntry(
                model_name=deployment.ref.name, surface="none", supported=False, reason=reason
            )
        return GatewayEntry(
            model_name=deployment.ref.name,
            litellm_params=self.entry_params(credentials, deployment),
            model_info={"base_model": key} if key else {},
            surface=SURFACE,
            reason="" if deployment.model.kind else "Its kind is unknown; it is routed as chat.",
        )

    def unroutable(self, deployment: Deployment) -> str:
        """Return why LiteLLM cannot route a deployment; nothing where it can."""
        kind = deployment.model.kind
        if kind not in (None, *_ROUTED):
            return f"Aviary's {kind} models have no route in LiteLLM, only chat and embeddings."
        family = _FAMILIES.search(deployment.ref.name)
        if family:
            return (
                f'LiteLLM takes the name for one of OpenAI\'s own models: it says "{family[0]}". '
                "Deploy the model under another name."
            )
        return ""

    def entry_params(
        self, credentials: AviaryCredentials, deployment: Deployment
    ) -> Mapping[str, Parameter]:
        """Return what LiteLLM is given."""
        return {
            "model": f"openai/{deployment.ref.name}",
            "api_base": f"{credentials.endpoint}/v1",
            "api_key": credentials.api_key,
        }
