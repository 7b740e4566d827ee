"""What no API tells, from `facts.json`: what a model is for, and in which form it is called."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from bonito_gcp_vertex import surfaces
from bonito_providers.deployment import DeployedModel
from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_providers.connection import Connection


class ModelFacts(StrictValue):
    """One row of the data file; None is unknown.

    Attributes:
        match: Pattern of publisher and model (`fnmatch`, without regard to case).
        surface: The form it is called in.
        locations: Where LiteLLM sends its calls, whatever location it is told.
        source: Key of the file's list of sources, or an operator's own words.
        date: Of the source.
    """

    match: str
    publisher: str | None = None
    sold_by: Literal["first_party", "partner"] | None = None
    terms_needed: bool | None = None
    kind: str | None = None
    surface: str | None = None
    locations: tuple[str, ...] | None = None
    canonical_name: str | None = None
    source: str
    date: str


UNKNOWN = ModelFacts(match="*", source="none", date="")


def facts_of(publisher: str, model: str, overrides: Sequence[Mapping[str, Any]] = ()) -> ModelFacts:
    """Return what is known of a model, an operator's rows first."""
    folded = f"{publisher}/{model.partition('@')[0]}".casefold()
    own = _first(folded, (ModelFacts.model_validate(row) for row in overrides))
    return own or _shipped_facts(folded)


def known(connection: Connection, publisher: str, model: str) -> ModelFacts:
    """Return what is known of a model to this connection's operator."""
    rows = connection.provider.data_overrides.get("models", ())
    return facts_of(publisher, model, rows if isinstance(rows, list | tuple) else ())


def described(
    connection: Connection, publisher: str, model: str, *, version: str | None
) -> DeployedModel:
    """Return a model with what the service said, completed from the data file."""
    facts = known(connection, publisher, model)
    return DeployedModel(
        name=model,
        format=publisher,
        version=version,
        kind=facts.kind,
        publisher=facts.publisher or publisher,
        price_key=price_key(publisher, model, facts.surface),
        canonical_name=facts.canonical_name,
    )


def price_key(publisher: str, model: str, surface: str | None) -> str | None:
    """Return the row of LiteLLM's price file: it writes the three sorts of names differently."""
    if surface is None:
        return None
    if surface == surfaces.PREDICT:
        return model
    return f"vertex_ai/{publisher}/{model}" if surface == surfaces.OPENAPI else f"vertex_ai/{model}"


def _first(folded: str, rows: Iterable[ModelFacts]) -> ModelFacts | None:
    return next((row for row in rows if fnmatchcase(folded, row.match.casefold())), None)


@functools.lru_cache(maxsize=2048)
def _shipped_facts(folded: str) -> ModelFacts:
    """Return the data file's row; listings ask for the same models again and again."""
    return _first(folded, _shipped()) or UNKNOWN


@functools.cache
def _shipped() -> tuple[ModelFacts, ...]:
    text = files("bonito_gcp_vertex").joinpath("facts.json").read_text(encoding="utf-8")
    return tuple(ModelFacts.model_validate(row) for row in json.loads(text)["models"])
