"""What is told of rows that lack what they should have, or have what nobody knows.

Sources: REST references of Models - List, and of ARM's deployments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import answered, told_otherwise
from bonito_azure_arm.conformance.questions import DEPLOYMENTS
from bonito_contract_tests import Told
from bonito_contract_tests.asking import deployments, models
from bonito_providers.errors import MalformedAnswer

_MANY = 5000
"""More models than any region has; beyond these a listing is cut, and says so."""


def data(*rows: object) -> Mapping[str, Any]:
    """Return rows as the data plane lists them."""
    return {"data": list(rows)}


def of_base_models(path: str) -> tuple[Told, ...]:
    """Return the questions about the data plane's catalogue, however many rows it has."""
    return (
        Told(
            name="as many rows as are read",
            ask=answered(models, data(*[5] * _MANY), path=path),
            tells={"complete": True},
            unsaid=("only the first",),
        ),
        Told(
            name="a row more than are read",
            ask=answered(models, data(*[5] * _MANY, {"id": "o3"}), path=path),
            tells={"complete": False, "items": []},
            says=(f"listed {_MANY + 1} models; only the first {_MANY} are read",),
            unsaid=("o3",),
        ),
        Told(
            name="no rows at all",
            ask=answered(models, {"data": None}, path=path),
            refused=MalformedAnswer,
        ),
    )


def of_deployed_models(
    *, unknown: Mapping[str, object], other: Mapping[str, object], tells: Mapping[str, Any]
) -> tuple[Told, ...]:
    """Return the questions about ARM's deployments, whatever is said of the models behind them.

    Args:
        unknown: The model of the third row, of which nobody knows anything; called `of-nobody`.
        other: The model of the fifth, as only the one service has it.
        tells: What is told of the two, and of what is left out.
    """
    written: tuple[Mapping[str, object], ...] = (
        {"name": "gpt-4o", "format": "OpenAI", "version": "2024-08-06"},
        {"name": "gpt-4o"},
        unknown,
        {"format": "OpenAI"},
        other,
    )
    named = [{"name": name, **_made(model)} for name, model in zip("abcde", written, strict=True)]
    listing = answered(deployments, {"value": [*named, {"properties": {}}]}, path=DEPLOYMENTS)
    return (
        Told(
            name="deployments of many sorts",
            ask=listing,
            tells={
                "items.0.model.name": "gpt-4o",
                "items.0.model.version": "2024-08-06",
                "items.0.model.format": "OpenAI",
                "items.0.model.publisher": "OpenAI",
                "items.0.model.kind": "chat",
                "items.0.model.price_key": "azure/gpt-4o-2024-08-06",
                "items.0.model.canonical_name": "gpt-4o",
                "items.1.model.format": "OpenAI",
                "items.1.model.version": None,
                "items.1.model.price_key": "azure/gpt-4o",
                "items.2.model.version": None,
                "items.2.model.kind": None,
                "items.3.model.name": None,
                "skipped.0.id": "(no name)",
                **tells,
            },
        ),
        Told(
            name="a deployment whose model an operator knows better",
            ask=told_otherwise(listing, match="of-*", kind="audio"),
            tells={"items.2.model.kind": "audio"},
        ),
    )


def _made(model: Mapping[str, object]) -> Mapping[str, object]:
    return {"properties": {"provisioningState": "Succeeded", "model": model}}
