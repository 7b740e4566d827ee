"""What no API tells with a key, from `facts.json`: whose a model is and what it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.facts import OPENAI, DataFile, openai_price_key

if TYPE_CHECKING:
    from bonito_providers.catalog import Model


def price_key(name: str, version: str | None, format: str | None) -> str | None:
    """Return the row of LiteLLM's price file, which has a model's version where it is a date."""
    return openai_price_key(name, version) if format == OPENAI else None


DATA = DataFile("bonito_azure_openai", price_key)

facts_of = DATA.facts_of
describe = DATA.describe


def not_openai(format: str | None, *, name: str) -> str:
    """Return why a model is left out, or nothing if it is one of OpenAI's.

    Args:
        format: As the service or the data file says; None is unknown.
        name: The model's name, for the text.
    """
    if format == OPENAI:
        return ""
    if format is None:
        return f"nothing says that {name} is one of OpenAI's models"
    return f"its format is {format}, not {OPENAI}; the Foundry provider offers it"


def complete(model: Model, overrides: Sequence[Mapping[str, Any]] = ()) -> Model:
    """Fill in what the service does not tell of a model."""
    facts = facts_of(model.name, overrides)
    same = model.format in (None, facts.format)
    format = model.format or facts.format
    return model.model_copy(
        update={
            "format": format,
            "kind": model.kind or (facts.kind if same else None),
            "publisher": facts.publisher if same else None,
            "sold_by": facts.sold_by if same else None,
            "terms_needed": facts.terms_needed if same else None,
            "canonical_name": facts.canonical_name if same else None,
            "price_key": price_key(model.name, model.version, format),
        }
    )
