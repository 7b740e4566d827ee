"""What no API tells with a key, from `facts.json`: whose a model is and what it is for."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from bonito_providers.deployment import DeployedModel
from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_providers.catalog import Model
    from bonito_providers.connection import Connection

OPENAI = "OpenAI"
"""The service's word for the only format dealt with here."""
_DATED = re.compile(r"(?P<name>.+)-(?P<version>\d{4}-\d{2}-\d{2})")


class ModelFacts(StrictValue):
    """One row of the data file; None is unknown.

    Attributes:
        match: Pattern of model names (`fnmatch`, without regard to case).
        format: The service's word for the family; only ``OpenAI`` is dealt with here.
        reasoning: Whether the model refuses `max_tokens` and wants `max_completion_tokens`.
        source: Key of the file's list of sources, or an operator's own words.
        date: Of the source.
    """

    match: str
    format: str | None = None
    publisher: str | None = None
    sold_by: Literal["first_party", "partner"] | None = None
    terms_needed: bool | None = None
    kind: str | None = None
    reasoning: bool = False
    canonical_name: str | None = None
    source: str
    date: str


UNKNOWN = ModelFacts(match="*", source="none", date="")


def facts_of(name: str, overrides: Sequence[Mapping[str, Any]] = ()) -> ModelFacts:
    """Return what is known of a model, an operator's rows first.

    Args:
        name: The model's name, without a version.
        overrides: Rows in the data file's form.
    """
    rows = [ModelFacts.model_validate(row) for row in overrides]
    folded = name.casefold()
    for row in (*rows, *_shipped()):
        if fnmatchcase(folded, row.match.casefold()):
            return row
    return UNKNOWN


def overrides_of(connection: Connection) -> Sequence[Mapping[str, Any]]:
    """Return the operator's rows for this provider."""
    rows = connection.provider.data_overrides.get("models", ())
    return rows if isinstance(rows, list | tuple) else ()


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


def split_version(model_id: str) -> tuple[str, str | None]:
    """Take a dated version off a catalogue id: ``gpt-4o-2024-11-20`` is gpt-4o of that date."""
    match = _DATED.fullmatch(model_id)
    return (match["name"], match["version"]) if match else (model_id, None)


def describe(
    name: str | None,
    *,
    version: str | None = None,
    format: str | None = None,
    kind: str | None = None,
    overrides: Sequence[Mapping[str, Any]] = (),
) -> DeployedModel:
    """Return a model with what the service said, completed from the data file."""
    if name is None:
        return DeployedModel(kind=kind)
    plain, dated = split_version(name)
    facts = facts_of(plain, overrides)
    version = version or dated
    format = format or facts.format
    return DeployedModel(
        name=plain,
        format=format,
        version=version,
        kind=kind or facts.kind,
        publisher=facts.publisher,
        price_key=price_key(plain, version, format),
        canonical_name=facts.canonical_name,
    )


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


def price_key(name: str, version: str | None, format: str | None) -> str | None:
    """Return the row of LiteLLM's price file, which has a model's version where it is a date."""
    if format != OPENAI:
        return None
    dated = version is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", version)
    return f"azure/{name}-{version}" if dated else f"azure/{name}"


@functools.cache
def _shipped() -> tuple[ModelFacts, ...]:
    text = files("bonito_azure_openai").joinpath("facts.json").read_text(encoding="utf-8")
    return tuple(ModelFacts.model_validate(row) for row in json.loads(text)["models"])
