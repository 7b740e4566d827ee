"""The one LiteLLM route to a deployment, and why there is none.

Sources: REST reference of Azure OpenAI; what LiteLLM makes of names was measured on its release
1.105.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import routing
from bonito_azure_arm.conformance.harness import KEY, PRINCIPAL
from bonito_azure_arm.conformance.known import MINI, NEWEST, UNKNOWN, VECTORS, Known
from bonito_azure_openai.conformance.endpoints import COGNITIVE, ENDPOINT
from bonito_contract_tests import Situation, Told
from bonito_providers.deployment import DeployedModel

_KEY = {"api_key": KEY}
_PARTNER = DeployedModel(name="DeepSeek-V3.1", format="DeepSeek", kind="chat")
_PICTURES = DeployedModel(name="dall-e-3", format="OpenAI", kind="image")


def _routed(
    name: str,
    model: DeployedModel,
    *says: str,
    base: str = ENDPOINT,
    by: Mapping[str, str] = _KEY,
) -> Told:
    tells: dict[str, Any] = {
        "model_name": name,
        "supported": True,
        "surface": "deployments",
        "params": {
            "model": f"azure/{name}",
            "api_base": base,
            "api_version": "2024-12-01-preview",
            **by,
        },
        "model_info": {"base_model": model.price_key} if model.price_key else {},
    }
    if not says:
        tells["reason"] = ""
    return _told(name, model, tells, *says)


def _left_out(name: str, model: DeployedModel, *says: str) -> Told:
    tells = {
        "model_name": name,
        "supported": False,
        "surface": "none",
        "params": {},
        "model_info": {},
    }
    return _told(name, model, tells, *says)


def _told(name: str, model: DeployedModel, tells: Mapping[str, Any], *says: str) -> Told:
    ask = routing(Known(name=name, model=model))
    return Told(name=f"{model.name} as {name}", ask=ask, tells=tells, says=says)


_BY_KEY = (
    _routed("mini", MINI),
    _routed("claude-x", MINI),
    _routed("vectors", VECTORS),
    _routed("x", UNKNOWN, "Its kind is unknown"),
    _routed("gpt-5.4-eu", NEWEST, "sends its tools to the Responses API"),
    _left_out("gpt-5.4-eu", MINI, "takes it for a gpt-5.4", "another name"),
    _left_out("partner", _PARTNER, "format is DeepSeek, not OpenAI"),
    _left_out("draw", _PICTURES, "not image"),
)

GATEWAY = (
    Situation(name="routes by key", access="key", told=_BY_KEY),
    Situation(
        name="routes by a service principal",
        access="principal",
        fields={"endpoint": COGNITIVE},
        told=(_routed("mini", MINI, base=COGNITIVE, by=PRINCIPAL),),
    ),
    Situation(
        name="routes by a key beside a service principal",
        access="management",
        fields=_KEY,
        told=(_routed("mini", MINI),),
    ),
)
