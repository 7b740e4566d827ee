"""Routes as values: which form gets which name, and what LiteLLM cannot route."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bonito_gcp_vertex import plugin
from bonito_gcp_vertex.facts import facts_of, price_key
from bonito_providers import (
    DeployedModel,
    Deployment,
    DeploymentRef,
    GatewayEntry,
    Provider,
    State,
    Surface,
)
from plugins.gcp_vertex.tests.resources import fields

MODELS = {
    "google/gemini-3.8-flash": "vertex_ai/gemini-3.8-flash",
    "google/text-embedding-005": "vertex_ai/text-embedding-005",
    "google/gemini-embedding-2": "vertex_ai/gemini-embedding-2",
    "anthropic/claude-opus-5": "vertex_ai/claude-opus-5",
    "anthropic/claude-sonnet-4-5@20250929": "vertex_ai/claude-sonnet-4-5@20250929",
    "mistralai/mistral-medium-3": "vertex_ai/mistral-medium-3",
    "meta/llama-3.3-70b-instruct-maas": "vertex_ai/meta/llama-3.3-70b-instruct-maas",
    "openai/gpt-oss-120b-maas": "vertex_ai/openai/gpt-oss-120b-maas",
    "deepseek-ai/deepseek-v3.2-maas": "vertex_ai/deepseek-ai/deepseek-v3.2-maas",
    "google/gemma-4-26b-a4b-it-maas": "vertex_ai/google/gemma-4-26b-a4b-it-maas",
}
UNROUTED = {
    "xai/grok-4.7": "google-cloud-aiplatform",
    "team-gemma": "google-cloud-aiplatform",
    "google/gemini-3.1-flash-image": "image",
    "contoso/weather-oracle": "not known",
    "ai21/jamba-1.5-mini": "form",
    "mistralai/magistral-medium": "by its name",
}


def entry(name: str, **changed: str) -> GatewayEntry:
    publisher, _, model = name.partition("/")
    facts = facts_of(publisher, model)
    provider = Provider(plugin)
    deployment = Deployment(
        ref=DeploymentRef(provider="gcp_vertex", resource="acme-prod/global", name=name),
        model=DeployedModel(
            name=model,
            format=publisher,
            kind=facts.kind,
            price_key=price_key(publisher, model, facts.surface),
        ),
        surfaces=(Surface(name=facts.surface),) if facts.surface else (),
        state=State.READY,
        observed_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    credentials = provider.read_credentials({**fields(), **changed})
    return provider.build_gateway_entry(credentials, deployment)


@pytest.mark.parametrize("name", MODELS)
def test_each_publishers_form_has_its_own_name_at_litellm(name: str) -> None:
    found = entry(name)
    assert found.litellm_params["model"] == MODELS[name]
    assert set(found.litellm_params) == {
        "model",
        "vertex_credentials",
        "vertex_location",
        "vertex_project",
    }
    assert found.litellm_params["vertex_project"] == "acme-prod"


def test_the_key_file_goes_along_as_json_and_as_a_secret() -> None:
    """A text that is no JSON would be a path on the gateway's machine."""
    secret = entry("google/gemini-3.8-flash").litellm_params["vertex_credentials"]
    assert isinstance(secret, SecretStr)
    assert secret.get_secret_value().startswith('{"type": "service_account"')


@pytest.mark.parametrize("name", UNROUTED)
def test_what_litellm_cannot_route_says_why(name: str) -> None:
    found = entry(name)
    assert not found.supported
    assert UNROUTED[name] in found.reason
    assert not found.litellm_params


def test_a_model_that_litellm_would_call_elsewhere_is_not_routed_out_of_the_region() -> None:
    found = entry("deepseek-ai/deepseek-v3.2-maas", location="europe-west4")
    assert not found.supported
    assert "europe-west4" in found.reason
    assert entry("deepseek-ai/deepseek-v3.2-maas").supported
