"""What a key is told of OpenAI's models of its region.

Sources: REST reference of Models - List; which models are OpenAI's no API tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import (
    answered,
    catalogue,
    model_of_id,
    told_otherwise,
)
from bonito_contract_tests import Situation, Told
from bonito_providers.errors import MalformedAnswer

_PATH = "/openai/models"
_MANY = 5000
"""More models than any region has; beyond these a listing is cut, and says so."""
UNSEEN = "show only with a service principal"
_ROWS: tuple[object, ...] = (
    {"id": "gpt-4o-mini-2024-07-18", "lifecycle_status": "preview"},
    {"id": "gpt-4o-mini-2024-07-18", "lifecycle_status": "listed twice"},
    {"id": "gpt-4o-2024-08-06", "deprecation": {"inference": 1_700_000_000}},
    {"id": "DeepSeek-V3.1"},
    {"id": "model-of-nobody", "capabilities": {"chat_completion": True}},
    5,
)
SKIPPED = {
    "gpt-4o-2024-08-06": "retired on 2023-11-14",
    "DeepSeek-V3.1": "its format is DeepSeek, not OpenAI; the Foundry provider offers it",
    "model-of-nobody": "nothing says that model-of-nobody is one of OpenAI's models",
    "(no id)": "a row of the catalogue has no id",
}


def _rows(*rows: object) -> Mapping[str, Any]:
    return {"data": list(rows)}


_CATALOGUE = (
    Told(
        name="a model of OpenAI",
        ask=model_of_id("gpt-4o-mini-2024-07-18"),
        tells={
            "name": "gpt-4o-mini",
            "version": "2024-07-18",
            "format": "OpenAI",
            "publisher": "OpenAI",
            "sold_by": "first_party",
            "terms_needed": False,
            "kind": "chat",
            "skus": None,
            "price_key": "azure/gpt-4o-mini-2024-07-18",
            "canonical_name": "gpt-4o-mini",
            "deployed_as": ["claude-like", "mini"],
        },
    ),
    Told(
        name="all models",
        ask=catalogue,
        tells={
            "complete": True,
            "source": "The region's base models, by the data plane.",
            "notes.2": "nothing",
        },
        says=(UNSEEN, "undated is a deployment of gpt-4o"),
        sends=(f"GET {_PATH}", "GET /openai/deployments"),
    ),
    Told(
        name="rows of many sorts",
        ask=answered(catalogue, _rows(*_ROWS), path=_PATH),
        tells={
            "items.0.lifecycle": "preview",
            "items.1": "nothing",
            "skipped": [
                {"id": name, "reason": reason, "action": None} for name, reason in SKIPPED.items()
            ],
            "complete": True,
        },
    ),
    Told(
        name="an operator knows better",
        ask=told_otherwise(
            answered(catalogue, _rows({"id": "tuned"}), path=_PATH),
            {"match": "tuned", "format": "OpenAI", "source": "ours", "date": "2026-01-01"},
        ),
        tells={"items.0.id": "tuned"},
    ),
    Told(
        name="as many rows as are read",
        ask=answered(catalogue, _rows(*[5] * _MANY), path=_PATH),
        tells={"complete": True},
        unsaid=("only the first",),
    ),
    Told(
        name="a row more than are read",
        ask=answered(catalogue, _rows(*[5] * _MANY, {"id": "o3"}), path=_PATH),
        tells={"complete": False, "items": []},
        says=(f"listed {_MANY + 1} models; only the first {_MANY} are read",),
    ),
    Told(
        name="no rows at all",
        ask=answered(catalogue, {"data": None}, path=_PATH),
        refused=MalformedAnswer,
    ),
)

CATALOGUE = (Situation(name="models, by key", access="key", told=_CATALOGUE),)
