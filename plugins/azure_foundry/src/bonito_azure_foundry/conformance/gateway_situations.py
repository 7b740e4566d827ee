"""Which LiteLLM route leads to a deployment: by host, kind, format, name and surfaces.

Sources: the services' REST references; what LiteLLM makes of prefix, host and name was measured on
its release 1.105.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import routing
from bonito_azure_arm.conformance.harness import KEY, PRINCIPAL
from bonito_azure_arm.conformance.known import MINI, NEWEST, REASONER, UNKNOWN, VECTORS, Known, gone
from bonito_azure_foundry.conformance.endpoints import COGNITIVE, OPENAI, SERVICES
from bonito_azure_foundry.conformance.known import COHERE, DEEPSEEK, GROK, HAIKU, PICTURES
from bonito_contract_tests import Situation, Told
from bonito_providers.deployment import DeployedModel

_KEY = {"api_key": KEY}
_VERSIONS = {"models": "2024-05-01-preview", "openai_v1": "v1", "deployments": "2024-10-21"}
_NO_WAY = "only other way"
_ELSEWHERE = f"Use {SERVICES}, which serves /models or /openai/v1."


def _routed(
    known: Known,
    surface: str,
    model: str,
    *says: str,
    base: str = SERVICES,
    by: Mapping[str, str] = _KEY,
) -> Told:
    version = {"api_version": _VERSIONS[surface]} if surface in _VERSIONS else {}
    price = known.model.price_key
    tells: dict[str, Any] = {
        "model_name": known.name,
        "supported": True,
        "surface": surface,
        "params": {"model": model, "api_base": base, **by, **version},
        "model_info": {"base_model": price} if price else {},
    }
    if not says:
        tells["reason"] = ""
    return Told(name=_named(known), ask=routing(known), tells=tells, says=says)


def _left_out(known: Known, *says: str) -> Told:
    tells = {
        "model_name": known.name,
        "supported": False,
        "surface": "none",
        "params": {},
        "model_info": {},
    }
    return Told(name=_named(known), ask=routing(known), tells=tells, says=says)


def _named(known: Known) -> str:
    seen = "".join(f", {name}: {answers}" for name, answers in known.surfaces.items())
    return f"{known.model.name} as {known.name}{seen}"


def _known(name: str, model: DeployedModel, *absent: str) -> Known:
    return Known(name=name, model=model, surfaces=gone(*absent))


_ON_SERVICES = (
    _routed(_known("partner", DEEPSEEK), "models", "azure_ai/partner"),
    _routed(_known("mini", MINI, "openai_v1"), "models", "azure_ai/mini"),
    _routed(Known(name="seen", model=MINI, surfaces={"models": True}), "models", "azure_ai/seen"),
    _routed(
        Known(name="unseen", model=MINI, surfaces={"models": None}), "models", "azure_ai/unseen"
    ),
    _routed(_known("x", UNKNOWN), "models", "azure_ai/x", "Its kind is unknown"),
    # The family's name belongs to the model: LiteLLM's special treatment is the right one.
    _routed(_known("my-GROK", GROK), "models", "azure_ai/my-GROK"),
    _routed(_known("My-CLAUDE", MINI), "openai_v1", "azure/My-CLAUDE", 'it says "claude"'),
    _routed(_known("claude-x", UNKNOWN), "openai_v1", "azure/claude-x", "another family's"),
    _routed(_known("command-r", MINI), "openai_v1", "azure/command-r", "another family's"),
    _routed(_known("thinker", REASONER), "openai_v1", "azure/thinker", "refuse max_tokens"),
    _routed(
        _known("partner", DEEPSEEK, "models"),
        "openai_v1",
        "azure/partner",
        "does not serve /models",
    ),
    _routed(
        _known("mini", MINI, "models", "openai_v1"),
        "deployments",
        "azure/mini",
        "does not serve /models",
        f"{SERVICES} does not serve /openai/v1",
    ),
    _left_out(_known("x", DEEPSEEK, "models", "openai_v1"), "does not serve /models", _NO_WAY),
    _routed(_known("gpt-5.4-eu", NEWEST), "openai_v1", "azure/gpt-5.4-eu", "refuse max_tokens"),
    _left_out(_known("gpt-5.4-eu", NEWEST, "openai_v1"), "Its tools need", _NO_WAY),
    _left_out(_known("gpt-5.4-eu", DEEPSEEK), "takes it for a gpt-5.4", "another name"),
    _routed(_known("vectors", VECTORS), "openai_v1", "azure/vectors", "the wrong header"),
    _routed(
        _known("vectors", VECTORS, "openai_v1"), "deployments", "azure/vectors", "the wrong header"
    ),
    _left_out(_known("x", COHERE, "openai_v1"), "the wrong header", _NO_WAY),
    _left_out(_known("draw", PICTURES), "not image"),
    _routed(_known("Claude-haiku", HAIKU), "anthropic", "azure_ai/Claude-haiku"),
    _routed(
        _known("assistant", HAIKU, "models", "openai_v1"),
        "anthropic",
        "anthropic/assistant",
        "which this one lacks",
        base=f"{SERVICES}/anthropic",
    ),
    _left_out(_known("claude-x", HAIKU, "anthropic"), "does not serve /anthropic"),
)
_ON_OPENAI = (
    _routed(
        _known("partner", DEEPSEEK),
        "openai_v1",
        "azure/partner",
        "wrong path on .openai.azure.com",
        base=OPENAI,
    ),
    _left_out(_known("partner", DEEPSEEK, "openai_v1"), "wrong path", _ELSEWHERE),
    _left_out(_known("gpt-5.4", NEWEST, "openai_v1"), "Its tools need", _ELSEWHERE),
    _left_out(_known("claude-x", HAIKU), f"on {SERVICES} alone"),
)
_ON_COGNITIVE = (
    _routed(
        _known("mini", MINI),
        "deployments",
        "azure/mini",
        f"{COGNITIVE} does not serve /openai/v1",
        base=COGNITIVE,
    ),
    _left_out(_known("partner", DEEPSEEK), _ELSEWHERE),
    _left_out(_known("claude-x", HAIKU), f"on {SERVICES} alone"),
)


def _by_token(audience: str) -> dict[str, str]:
    return {**PRINCIPAL, "azure_scope": f"https://{audience}/.default"}


_KEYLESS = (
    _routed(
        _known("partner", DEEPSEEK), "models", "azure_ai/partner", by=_by_token("ml.azure.com")
    ),
    _routed(
        _known("thinker", REASONER),
        "openai_v1",
        "azure/thinker",
        "refuse max_tokens",
        by=_by_token("ai.azure.com"),
    ),
    _routed(
        _known("mini", MINI, "models", "openai_v1"),
        "deployments",
        "azure/mini",
        "does not serve /models",
        by=_by_token("cognitiveservices.azure.com"),
    ),
    _routed(
        _known("claude-x", HAIKU), "anthropic", "azure_ai/claude-x", by=_by_token("ai.azure.com")
    ),
    _left_out(_known("assistant", HAIKU), "Without a key"),
)
"""Audiences: Microsoft Learn, keyless access to Foundry Models."""

GATEWAY = (
    Situation(name="routes on the services host", access="key", told=_ON_SERVICES),
    Situation(
        name="routes on the .openai host",
        access="key",
        fields={"endpoint": OPENAI},
        told=_ON_OPENAI,
    ),
    Situation(
        name="routes on the .cognitiveservices host",
        access="key",
        fields={"endpoint": COGNITIVE},
        told=_ON_COGNITIVE,
    ),
    Situation(name="routes without a key", access="keyless", told=_KEYLESS),
)
