"""What a key is told of the models of its region.

Source: REST reference of Models - List. Publisher, seller and terms no API tells.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.asking import answered, checking, told_otherwise
from bonito_azure_arm.conformance.situations import without_listing
from bonito_azure_arm.conformance.told_rows import data, of_base_models
from bonito_azure_foundry.conformance.endpoints import HOST, OPENAI, SERVICES
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import model, models
from bonito_emulators.azure import AzureCloud

_V1 = "/openai/v1/models"
_ROWS: tuple[object, ...] = (
    {"id": "model-of-nobody", "capabilities": {"chat_completion": True}},
    {"id": "embed-v-4-0", "capabilities": {"chat_completion": False}},
    {"id": "grok-3", "lifecycle_status": "preview"},
    {"id": "grok-3", "lifecycle_status": "listed twice"},
    {"id": "gpt-4o-2024-08-06", "deprecation": {"inference": 1_700_000_000}},
    5,
)

_READ = (
    Told(
        name="a model of a partner",
        ask=model("DeepSeek-V3.1"),
        tells={
            "name": "DeepSeek-V3.1",
            "format": "DeepSeek",
            "publisher": "DeepSeek",
            "sold_by": "first_party",
            "terms_needed": False,
            "kind": "chat",
            "skus": None,
            "price_key": "azure_ai/deepseek-v3.1",
            "canonical_name": "deepseek-v3.1",
            "deployed_as": ["DeepSeek-V3.1", "gpt-5.4-partner"],
        },
    ),
    Told(
        name="the listing",
        ask=models,
        tells={"complete": True},
        says=(
            "by the v1 route",
            "A key cannot see SKUs",
            "come from this plugin's data file",
            "claude-like is a deployment of gpt-4o",
        ),
        sends=("GET /openai/v1/models", "GET /openai/deployments"),
    ),
    Told(
        name="rows of many sorts",
        ask=answered(models, data(*_ROWS), path=_V1),
        tells={
            "items.0.id": "embed-v-4-0",
            "items.0.kind": "embedding",
            "items.0.publisher": "Cohere",
            "items.0.deployed_as": [],
            "items.1.id": "grok-3",
            "items.1.lifecycle": "preview",
            "items.2.id": "model-of-nobody",
            "items.2.kind": "chat",
            "items.2.format": None,
            "items.2.publisher": None,
            "items.2.sold_by": None,
            "items.2.terms_needed": None,
            "items.2.price_key": None,
            "items.2.canonical_name": None,
            "skipped": [
                {"id": "gpt-4o-2024-08-06", "reason": "retired on 2023-11-14", "action": None},
                {
                    "id": "(no id)",
                    "reason": "a row of the catalogue has no id",
                    "action": None,
                },
            ],
            "complete": True,
        },
        unsaid=("listed twice", "only the first"),
    ),
    Told(
        name="an operator knows better",
        ask=told_otherwise(
            answered(models, data({"id": "grok-3"}), path=_V1),
            match="GROK-*",
            publisher="An importer",
        ),
        tells={"items.0.publisher": "An importer", "items.0.format": None},
    ),
    *of_base_models(_V1),
)


def _without_v1(cloud: AzureCloud) -> None:
    cloud.account("contoso").openai_v1_surface = False


CATALOGUE = (
    Situation(name="models, by key", access="key", told=_READ),
    Situation(
        name="models where /openai/v1 is gone",
        access="key",
        prepare=_without_v1,
        told=(
            Told(
                name="the listing",
                ask=models,
                says=("by the classic route", "DeepSeek-V3.1"),
                sends=("GET /openai/v1/models", "GET /openai/models", "GET /openai/deployments"),
            ),
        ),
    ),
    Situation(
        name="models where nothing lists deployments",
        access="key",
        prepare=without_listing,
        told=(
            Told(
                name="the listing",
                ask=models,
                tells={"items.0.deployed_as": None, "complete": True},
                says=("can be adopted",),
            ),
        ),
    ),
    Situation(
        name="credentials of the .openai host",
        access="key",
        fields={"endpoint": OPENAI},
        told=(
            Told(
                name="checking them",
                ask=checking,
                tells={
                    "proposals": [
                        {
                            "field": "endpoint",
                            "given": OPENAI,
                            "proposed": SERVICES,
                            "proved": True,
                            "reason": "It takes this key and serves every surface, /models and "
                            "Claude too.",
                        }
                    ],
                    "hosts": ["contoso.openai.azure.com", HOST],
                },
            ),
        ),
    ),
)
