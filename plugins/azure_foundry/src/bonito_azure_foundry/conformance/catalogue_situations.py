"""What a key is told of the models of its region.

Source: REST reference of Models - List. Publisher, seller and terms no API tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import (
    answered,
    catalogue,
    checking,
    model_of_id,
    told_otherwise,
)
from bonito_azure_foundry.conformance.endpoints import HOST, OPENAI, SERVICES
from bonito_contract_tests import Situation, Told
from bonito_emulators.azure import AzureCloud
from bonito_providers.errors import MalformedAnswer

_V1 = "/openai/v1/models"
_MANY = 5000
"""More models than any region has; beyond these a listing is cut, and says so."""
_ROWS: tuple[object, ...] = (
    {"id": "model-of-nobody", "capabilities": {"chat_completion": True}},
    {"id": "embed-v-4-0", "capabilities": {"chat_completion": False}},
    {"id": "grok-3", "lifecycle_status": "preview"},
    {"id": "grok-3", "lifecycle_status": "listed twice"},
    {"id": "gpt-4o-2024-08-06", "deprecation": {"inference": 1_700_000_000}},
    5,
)


def _rows(*rows: object) -> Mapping[str, Any]:
    return {"data": list(rows)}


_READ = (
    Told(
        name="a model of a partner",
        ask=model_of_id("DeepSeek-V3.1"),
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
        ask=catalogue,
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
        ask=answered(catalogue, _rows(*_ROWS), path=_V1),
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
            answered(catalogue, _rows({"id": "grok-3"}), path=_V1),
            {"match": "GROK-*", "publisher": "An importer", "source": "ours", "date": "2026-01-01"},
        ),
        tells={"items.0.publisher": "An importer", "items.0.format": None},
    ),
    Told(
        name="as many rows as are read",
        ask=answered(catalogue, _rows(*[5] * _MANY), path=_V1),
        tells={"complete": True},
        unsaid=("only the first",),
    ),
    Told(
        name="a row more than are read",
        ask=answered(catalogue, _rows(*[5] * _MANY, {"id": "grok-4"}), path=_V1),
        tells={"complete": False},
        says=(f"listed {_MANY + 1} models; only the first {_MANY} are read",),
        unsaid=("grok-4",),
    ),
    Told(
        name="no rows at all",
        ask=answered(catalogue, {"data": None}, path=_V1),
        refused=MalformedAnswer,
    ),
)


def _without_v1(cloud: AzureCloud) -> None:
    cloud.account("contoso").openai_v1_surface = False


def _without_listing(cloud: AzureCloud) -> None:
    cloud.account("contoso").legacy_listing = False


CATALOGUE = (
    Situation(name="models, by key", access="key", told=_READ),
    Situation(
        name="models where /openai/v1 is gone",
        access="key",
        prepare=_without_v1,
        told=(
            Told(
                name="the listing",
                ask=catalogue,
                says=("by the classic route", "DeepSeek-V3.1"),
                sends=("GET /openai/v1/models", "GET /openai/models", "GET /openai/deployments"),
            ),
        ),
    ),
    Situation(
        name="models where nothing lists deployments",
        access="key",
        prepare=_without_listing,
        told=(
            Told(
                name="the listing",
                ask=catalogue,
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
