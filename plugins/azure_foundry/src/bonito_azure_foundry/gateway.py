"""Which LiteLLM route reaches a deployment, worked out from its model, its name and the host.

LiteLLM picks URL, header and parameter names from the host and from the *deployment's name*, so
a route is right only where all of these agree (measured on litellm 1.105.3; the wire tests hold
every cell):

* ``azure_ai/`` on the bare ``*.services.ai.azure.com`` base reaches ``/models`` with `api-key`,
  unless the name says "claude", "model-router" or another family's name.
* ``azure/`` with ``api_version="v1"`` on that base or the ``.openai`` host reaches
  ``/openai/v1`` with the key as Bearer, and reads the model's family from `base_model`, whatever
  the deployment is called; but a name like gpt-5.4 or later sends tools to the Responses API.
* Claude is served on ``/anthropic`` alone: by ``azure_ai/`` if the name says "claude", else by
  ``anthropic/``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bonito_azure_arm.bridging import bridged
from bonito_azure_foundry import surfaces, wire
from bonito_azure_foundry.endpoint import COGNITIVE
from bonito_azure_foundry.facts import facts_of
from bonito_providers.gateway import GatewayEntry, Parameter

if TYPE_CHECKING:
    from bonito_azure_foundry.credentials import FoundryCredentials
    from bonito_providers.deployment import Deployment

_FAMILIES = re.compile(
    r"claude|model[-_]router|agents/|^codex-mini|gpt-5-chat|gpt-[56]|^o\d|grok|command-r"
)
"""What LiteLLM looks for in the name of an ``azure_ai/`` deployment and treats specially; to it
gpt-5-chat is no member of the family it is named after."""

_PATHS = {
    surfaces.MODELS: "/models",
    surfaces.OPENAI_V1: "/openai/v1",
    surfaces.DEPLOYMENTS: "/openai/deployments",
    surfaces.ANTHROPIC: "/anthropic",
}


def entry(credentials: FoundryCredentials, deployment: Deployment) -> GatewayEntry:
    """Return the route to a deployment, or why there is none."""
    kind = deployment.model.kind
    if kind not in (None, "chat", "embedding"):
        return _unsupported(deployment, f"The gateway routes chat and embeddings, not {kind}.")
    if deployment.model.format == "Anthropic":
        return _claude(credentials, deployment)
    if kind == "embedding":
        return _embedding(credentials, deployment)
    return _chat(credentials, deployment)


def _chat(credentials: FoundryCredentials, deployment: Deployment) -> GatewayEntry:
    detour = _detour(credentials, deployment)
    if not detour:
        unknown = "" if deployment.model.kind else "Its kind is unknown; it is routed as chat."
        return _entry(
            deployment,
            surfaces.MODELS,
            f"azure_ai/{deployment.ref.name}",
            credentials.address.base,
            credentials,
            api_version=wire.MODELS_VERSION,
            reason=unknown,
        )
    return _openai(credentials, deployment, detour)


def _embedding(credentials: FoundryCredentials, deployment: Deployment) -> GatewayEntry:
    reason = "LiteLLM's azure_ai/ embeddings send no api-version and the wrong header."
    return _openai(credentials, deployment, reason)


def _openai(credentials: FoundryCredentials, deployment: Deployment, reason: str) -> GatewayEntry:
    family = bridged(deployment.ref.name)
    if family and not bridged(deployment.model.name):
        return _unsupported(
            deployment,
            f"LiteLLM takes it for a {family} by its name and would send calls to the Responses "
            "API. Deploy the model under another name.",
        )
    if family and not _serves(credentials, deployment, surfaces.OPENAI_V1):
        return _unsupported(
            deployment, f"Its tools need the Responses API of /openai/v1. {_way_out(credentials)}"
        )
    if _serves(credentials, deployment, surfaces.OPENAI_V1):
        surface, api_version = surfaces.OPENAI_V1, "v1"
    elif deployment.model.format == "OpenAI":
        surface, api_version = surfaces.DEPLOYMENTS, wire.CLASSIC_VERSION
        reason += f" {credentials.address.base} does not serve /openai/v1."
    else:
        return _unsupported(deployment, f"{reason} {_way_out(credentials)}")
    return _entry(
        deployment,
        surface,
        f"azure/{deployment.ref.name}",
        credentials.address.base,
        credentials,
        api_version=api_version,
        reason=reason,
    )


def _way_out(credentials: FoundryCredentials) -> str:
    if credentials.address.is_services:
        return "The resource does not serve /openai/v1, the only other way."
    return f"Use {credentials.address.services.base}, which serves /models or /openai/v1."


def _claude(credentials: FoundryCredentials, deployment: Deployment) -> GatewayEntry:
    address = credentials.address
    if not address.is_services:
        return _unsupported(
            deployment, f"Claude is served on {address.services.base} alone; use that endpoint."
        )
    if not _serves(credentials, deployment, surfaces.ANTHROPIC):
        return _unsupported(deployment, "The resource does not serve /anthropic.")
    name = deployment.ref.name
    if "claude" not in name.lower() and credentials.api_key is None:
        return _unsupported(
            deployment,
            'Without a key LiteLLM reaches Claude only under a name that says "claude". Deploy it '
            "under another name.",
        )
    if "claude" in name.lower():
        return _entry(deployment, surfaces.ANTHROPIC, f"azure_ai/{name}", address.base, credentials)
    return _entry(
        deployment,
        surfaces.ANTHROPIC,
        f"anthropic/{name}",
        f"{address.base}/anthropic",
        credentials,
        reason='LiteLLM finds the Anthropic surface by "claude" in the name, which this one lacks.',
    )


def _detour(credentials: FoundryCredentials, deployment: Deployment) -> str:
    """Return why ``azure_ai/`` would not reach this chat deployment rightly, or nothing."""
    if not credentials.address.is_services:
        return f"LiteLLM's azure_ai/ builds a wrong path on {credentials.address.suffix}."
    if not _serves(credentials, deployment, surfaces.MODELS):
        return "The resource does not serve /models."
    name, model = deployment.ref.name.lower(), (deployment.model.name or "").lower()
    for family in set(_FAMILIES.findall(name)) - set(_FAMILIES.findall(model)):
        return f'LiteLLM would take the name for another family\'s: it says "{family}".'
    if facts_of(model).reasoning:
        return "Reasoning models refuse max_tokens, the only limit that /models knows."
    return ""


def _serves(credentials: FoundryCredentials, deployment: Deployment, name: str) -> bool:
    """Whether a surface may be used: documented for the host, and not seen to be absent."""
    if name == surfaces.OPENAI_V1 and credentials.address.suffix == COGNITIVE:
        return False
    return not any(each.name == name and each.answers is False for each in deployment.surfaces)


def _entry(
    deployment: Deployment,
    surface: str,
    model: str,
    base: str,
    credentials: FoundryCredentials,
    *,
    api_version: str | None = None,
    reason: str = "",
) -> GatewayEntry:
    params: dict[str, Parameter] = {
        "model": model,
        "api_base": base,
        **_authentication(credentials, surface),
    }
    if api_version is not None:
        params["api_version"] = api_version
    key = deployment.model.price_key
    return GatewayEntry(
        model_name=deployment.ref.name,
        litellm_params=params,
        model_info={"base_model": key} if key else {},
        surface=surface,
        reason=reason,
    )


def _authentication(credentials: FoundryCredentials, surface: str) -> dict[str, Parameter]:
    """Return the key, or what LiteLLM gets tokens with; a token itself would not be renewed."""
    if credentials.api_key is not None:
        return {"api_key": credentials.api_key}
    principal = credentials.principal
    return {
        "tenant_id": principal.tenant_id,
        "client_id": principal.client_id,
        "client_secret": principal.client_secret,
        "azure_scope": wire.scope_of(_PATHS[surface]),
    }


def _unsupported(deployment: Deployment, reason: str) -> GatewayEntry:
    return GatewayEntry(
        model_name=deployment.ref.name, surface="none", supported=False, reason=reason
    )
