"""What no API tells, from `facts.json`: who sends a form, what a model is called elsewhere."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_providers.connection import Connection


class ModelFacts(StrictValue):
    """One row of the data file; None is unknown.

    Attributes:
        match: Pattern of model ids (`fnmatch`).
        kind: Where the modalities tell it wrongly.
        use_case: Whether the account has to send a use-case form first.
        source: Key of the file's list of sources, or an operator's own words.
        date: Of the source.
    """

    match: str
    kind: str | None = None
    sold_by: Literal["first_party", "partner"] | None = None
    terms_needed: bool | None = None
    use_case: bool = False
    canonical_name: str | None = None
    source: str
    date: str


UNKNOWN = ModelFacts(match="*", source="none", date="")


def facts_of(model: str, overrides: Sequence[Mapping[str, Any]] = ()) -> ModelFacts:
    """Return what is known of a model, an operator's rows first."""
    rows = (*map(ModelFacts.model_validate, overrides), *_shipped())
    return next((row for row in rows if fnmatchcase(model, row.match)), UNKNOWN)


def overrides_of(connection: Connection) -> Sequence[Mapping[str, Any]]:
    """Return the operator's rows for this provider."""
    rows = connection.provider.data_overrides.get("models", ())
    return rows if isinstance(rows, list | tuple) else ()


@functools.cache
def _shipped() -> tuple[ModelFacts, ...]:
    text = files(__package__).joinpath("facts.json").read_text(encoding="utf-8")
    return tuple(ModelFacts.model_validate(row) for row in json.loads(text)["models"])
