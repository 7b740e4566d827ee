"""What no API tells, from `facts.json`: who sells a model, what its price is found by."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from bonito_providers.deployment import DeployedModel
from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_providers.connection import Connection


class ModelFacts(StrictValue):
    """One row of the data file; None is unknown.

    Attributes:
        match: Pattern of model names (`fnmatch`).
        source: Key of the file's list of sources, or an operator's own words.
        date: Of the source.
    """

    match: str
    publisher: str | None = None
    sold_by: Literal["first_party", "partner"] | None = None
    terms_needed: bool | None = None
    price_key: str | None = None
    canonical_name: str | None = None
    source: str
    date: str


_UNKNOWN = ModelFacts(match="*", source="none", date="")


def facts_of(connection: Connection, name: str) -> ModelFacts:
    """Return what is known of a model, the operator's rows first."""
    overrides = connection.provider.data_overrides.get("models", ())
    rows = (*_read(overrides), *_shipped())
    return next((row for row in rows if fnmatchcase(name, row.match)), _UNKNOWN)


def described(
    connection: Connection, name: str | None, *, version: str | None, kind: str | None
) -> DeployedModel:
    """Return a model as the service names it, completed from the data file."""
    if name is None:
        return DeployedModel(version=version, kind=kind)
    facts = facts_of(connection, name)
    return DeployedModel(
        name=name,
        version=version,
        kind=kind,
        publisher=facts.publisher,
        price_key=facts.price_key,
        canonical_name=facts.canonical_name,
    )


def _read(rows: Sequence[Mapping[str, Any]]) -> tuple[ModelFacts, ...]:
    return tuple(ModelFacts.model_validate(row) for row in rows)


@functools.cache
def _shipped() -> tuple[ModelFacts, ...]:
    text = files("bonito_aviary").joinpath("facts.json").read_text(encoding="utf-8")
    return _read(json.loads(text)["models"])
