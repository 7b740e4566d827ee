"""The route of each deployment, and why some have none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bonito_azure_openai import plugin
from bonito_azure_openai.facts import describe
from bonito_providers import Deployment, GatewayEntry, Provider, State
from bonito_providers.deployment import DeployedModel, DeploymentRef
from bonito_providers.gateway import COMMON_PARAMETERS
from plugins.azure_openai.tests.resources import (
    BY_KEY,
    BY_PRINCIPAL,
    CLIENT,
    COGNITIVE,
    KEYS,
    MANAGED,
    OPENAI,
    SECRET,
    TENANT,
    UPGRADED,
)
from tests.virtual_time import START

PROVIDER = Provider(plugin)


def _deployment(name: str, model: DeployedModel) -> Deployment:
    ref = DeploymentRef(provider="azure_openai", resource="contoso", name=name)
    return Deployment(ref=ref, model=model, state=State.READY, observed_at=START)


def _entry(deployment: Deployment, fields: dict[str, str]) -> GatewayEntry:
    return PROVIDER.build_gateway_entry(PROVIDER.read_credentials(fields), deployment)


@pytest.mark.parametrize("base", [OPENAI, COGNITIVE, UPGRADED])
def test_a_key_gives_the_four_parameters_on_every_host(base: str) -> None:
    entry = _entry(_deployment("prod", describe("gpt-4o")), {**BY_KEY, "endpoint": f"{base}/"})
    assert dict(entry.litellm_params) == {
        "model": "azure/prod",
        "api_base": base,
        "api_version": "2024-12-01-preview",
        "api_key": SecretStr(KEYS[0]),
    }
    assert (entry.model_name, entry.surface, entry.reason) == ("prod", "deployments", "")


@pytest.mark.parametrize("fields", [BY_PRINCIPAL, MANAGED])
def test_without_a_key_litellm_gets_the_principal_and_never_a_token(
    fields: dict[str, str],
) -> None:
    entry = _entry(_deployment("prod", describe("gpt-4o")), fields)
    assert dict(entry.litellm_params) == {
        "model": "azure/prod",
        "api_base": OPENAI,
        "api_version": "2024-12-01-preview",
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "client_secret": SecretStr(SECRET),
    }


def test_with_both_the_key_alone_is_handed_on() -> None:
    entry = _entry(_deployment("prod", describe("gpt-4o")), {**MANAGED, "api_key": KEYS[0]})
    assert set(entry.litellm_params) == {"model", "api_base", "api_version", "api_key"}


@pytest.mark.parametrize(
    ("model", "version", "base_model"),
    [
        ("gpt-4o", None, "azure/gpt-4o"),
        ("gpt-4o", "2024-11-20", "azure/gpt-4o-2024-11-20"),
        ("gpt-4o-2024-11-20", None, "azure/gpt-4o-2024-11-20"),
        ("gpt-4", "turbo-2024-04-09", "azure/gpt-4"),
        ("gpt-5-mini", None, "azure/gpt-5-mini"),
        ("text-embedding-3-small", "1", "azure/text-embedding-3-small"),
        ("a-model-of-nobody", "1", None),
        (None, None, None),
    ],
)
def test_the_base_model_is_the_price_row_or_absent(
    model: str | None, version: str | None, base_model: str | None
) -> None:
    entry = _entry(_deployment("x", describe(model, version=version)), BY_KEY)
    assert entry.model_info == ({"base_model": base_model} if base_model else {})
    assert entry.supported


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("claude-haiku-4-5", "Anthropic"),
        ("DeepSeek-V3.1", "DeepSeek"),
        ("gpt-oss-120b", "OpenAI-OSS"),
        ("dall-e-3", "not image"),
        ("whisper", "not audio"),
        ("sora", "not video"),
    ],
)
def test_what_is_not_routed_says_why_and_carries_nothing(model: str, reason: str) -> None:
    entry = _entry(_deployment("x", describe(model)), BY_KEY)
    assert not entry.supported
    assert (entry.litellm_params, entry.model_info) == ({}, {})
    assert reason in entry.reason


@pytest.mark.parametrize("name", ["gpt-5.5", "gpt-6-fast", "gpt-5-codex", "gpt-5-pro", "o3-pro"])
def test_a_name_by_which_litellm_would_call_another_api_has_no_route(name: str) -> None:
    entry = _entry(_deployment(name, describe("gpt-4o-mini")), BY_KEY)
    assert not entry.supported
    assert "under another name" in entry.reason


def test_a_model_whose_tools_go_elsewhere_is_routed_and_says_so() -> None:
    entry = _entry(_deployment("gpt-5.5", describe("gpt-5.5")), BY_KEY)
    assert entry.supported
    assert "Responses API" in entry.reason


TEXTS = st.none() | st.sampled_from(["OpenAI", "Anthropic", "chat", "image", "gpt-5"]) | st.text()
MODELS = st.builds(
    DeployedModel, name=TEXTS, format=TEXTS, version=TEXTS, kind=TEXTS, price_key=TEXTS
)


@given(
    model=MODELS, name=st.text(min_size=1, max_size=30), fields=st.sampled_from([BY_KEY, MANAGED])
)
def test_any_deployment_gets_the_one_route_or_a_reason(
    model: DeployedModel, name: str, fields: dict[str, str]
) -> None:
    entry = _entry(_deployment(name, model), fields)
    params: dict[str, Any] = dict(entry.litellm_params)
    assert KEYS[0] not in f"{entry!r} {entry.model_dump_json()}"
    assert SECRET not in f"{entry!r} {entry.model_dump_json()}"
    if not entry.supported:
        assert entry.reason
        assert params == {}
        return
    assert set(params) <= COMMON_PARAMETERS | set(PROVIDER.info.gateway_parameters)
    assert (params["model"], params["api_base"]) == (f"azure/{name}", OPENAI)
    assert params["api_version"] == "2024-12-01-preview"
    assert "azure_ad_token" not in params
    secret = entry.to_litellm()["litellm_params"]
    assert secret.get("api_key") == fields.get("api_key")
    assert secret.get("client_secret") == fields.get("client_secret")
    exported = str(entry.to_export(lambda field: f"os.environ/{field.upper()}"))
    assert KEYS[0] not in exported
    assert SECRET not in exported
