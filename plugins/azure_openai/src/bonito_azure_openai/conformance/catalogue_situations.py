"""What a key is told of OpenAI's models of its region.

Sources: REST reference of Models - List; which models are OpenAI's no API tells.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.asking import answered, told_otherwise
from bonito_azure_arm.conformance.told_rows import data, of_base_models
from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import model, models

_PATH = "/openai/models"
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

_CATALOGUE = (
    Told(
        name="a model of OpenAI",
        ask=model("gpt-4o-mini-2024-07-18"),
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
        ask=models,
        tells={
            "complete": True,
            "source": "The region's base models, by the data plane.",
            "notes.2": NOTHING,
        },
        says=(UNSEEN, "undated is a deployment of gpt-4o"),
        sends=(f"GET {_PATH}", "GET /openai/deployments"),
    ),
    Told(
        name="rows of many sorts",
        ask=answered(models, data(*_ROWS), path=_PATH),
        tells={
            "items.0.lifecycle": "preview",
            "items.1": NOTHING,
            "skipped": [
                {"id": name, "reason": reason, "action": None} for name, reason in SKIPPED.items()
            ],
            "complete": True,
        },
    ),
    Told(
        name="an operator knows better",
        ask=told_otherwise(
            answered(models, data({"id": "tuned"}), path=_PATH), match="tuned", format="OpenAI"
        ),
        tells={"items.0.id": "tuned"},
    ),
    *of_base_models(_PATH),
)

CATALOGUE = (Situation(name="models, by key", access="key", told=_CATALOGUE),)
