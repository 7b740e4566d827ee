"""What no API tells, from a provider's data file: who publishes a model, what it is for."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from bonito_providers.deployment import DeployedModel
from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

OPENAI = "OpenAI"
"""The services' word for the format of OpenAI's own models."""
_DATE = r"\d{4}-\d{2}-\d{2}"
_DATED = re.compile(rf"(?P<name>.+)-(?P<version>{_DATE})")

PriceKey = Callable[[str, str | None, str | None], str | None]
"""From a model's name, version and format to its row in LiteLLM's price file."""


class ModelFacts(StrictValue):
    """One row of a data file; None is unknown.

    Attributes:
        match: Pattern of model names (`fnmatch`, without regard to case).
        format: The service's word for the family.
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


@dataclass(frozen=True)
class DataFile:
    """A provider's `facts.json`, and what follows from it.

    Attributes:
        package: The package it stands in.
        price_key: The provider's rows of LiteLLM's price file.
    """

    package: str
    price_key: PriceKey

    def facts_of(self, name: str, overrides: Sequence[Mapping[str, Any]] = ()) -> ModelFacts:
        """Return what is known of a model, an operator's rows first.

        Args:
            name: The model's name, without a version.
            overrides: Rows in the data file's form.
        """
        own = _matching([ModelFacts.model_validate(row) for row in overrides], name)
        return own or _shipped_facts_of(self.package, name) or UNKNOWN

    def describe(
        self,
        name: str | None,
        *,
        version: str | None = None,
        format: str | None = None,
        publisher: str | None = None,
        kind: str | None = None,
        overrides: Sequence[Mapping[str, Any]] = (),
    ) -> DeployedModel:
        """Return a model with what the service said, completed from the data file."""
        if name is None:
            return DeployedModel(kind=kind)
        plain, dated = split_version(name)
        facts = self.facts_of(plain, overrides)
        version = version or dated
        format = format or facts.format
        return DeployedModel(
            name=plain,
            format=format,
            version=version,
            kind=kind or facts.kind,
            publisher=publisher or facts.publisher,
            price_key=self.price_key(plain, version, format),
            canonical_name=facts.canonical_name,
        )


def overrides_of(connection: Connection) -> Sequence[Mapping[str, Any]]:
    """Return the operator's rows for the connection's provider."""
    rows = connection.provider.data_overrides.get("models", ())
    return rows if isinstance(rows, list | tuple) else ()


def split_version(model_id: str) -> tuple[str, str | None]:
    """Take a dated version off a catalogue id: ``gpt-4o-2024-11-20`` is gpt-4o of that date.

    Other versions cannot be told from the name (``mistral-document-ai-2505`` has none), so they
    stay unknown.
    """
    match = _DATED.fullmatch(model_id)
    return (match["name"], match["version"]) if match else (model_id, None)


def openai_price_key(name: str, version: str | None) -> str:
    """Return the row of an OpenAI model: ``azure/``, and by its version where that is a date.

    The price of a GlobalStandard deployment is that of the plain row.
    """
    dated = version is not None and re.fullmatch(_DATE, version)
    return f"azure/{name}-{version}" if dated else f"azure/{name}"


def _matching(rows: Iterable[ModelFacts], name: str) -> ModelFacts | None:
    folded = name.casefold()
    return next((row for row in rows if fnmatchcase(folded, row.match.casefold())), None)


@functools.lru_cache(maxsize=4096)
def _shipped_facts_of(package: str, name: str) -> ModelFacts | None:
    return _matching(_shipped(package), name)


@functools.cache
def _shipped(package: str) -> tuple[ModelFacts, ...]:
    text = files(package).joinpath("facts.json").read_text(encoding="utf-8")
    return tuple(ModelFacts.model_validate(row) for row in json.loads(text)["models"])
