"""What no endpoint tells, from `facts.json`; an operator's own rows come first."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from bonito_openai_compatible import wire
from bonito_providers.deployment import DeployedModel
from bonito_providers.values import StrictValue

if TYPE_CHECKING:
    from bonito_openai_compatible.services import Service
    from bonito_providers.connection import Connection


class ModelFacts(StrictValue):
    """One row of the data file; None is unknown.

    Attributes:
        match: Pattern of model names (`fnmatch`).
        service: The one it is known of; None is any endpoint, which only an operator can say,
            since anybody may call anything by any name.
        reasoning: Whether the model refuses `max_tokens` and wants `max_completion_tokens`.
        canonical_name: The same name for the same model at every provider.
        source: Key of the file's sources, or an operator's own words.
        date: Of the source.
    """

    match: str
    service: str | None = None
    publisher: str | None = None
    sold_by: Literal["first_party", "partner"] | None = None
    kind: str | None = None
    reasoning: bool = False
    canonical_name: str | None = None
    source: str
    date: str


class ServiceFacts(StrictValue):
    """What is different at one of the known services.

    Attributes:
        service: Its name.
        prices: What its models begin with in LiteLLM's price file.
        key_path: Where it judges a key, since it lists its models to anybody.
        source: Key of the file's sources.
        date: Of the source.
    """

    service: str
    prices: str
    key_path: str | None = None
    source: str
    date: str


_MODES = {
    "audio_speech": "audio",
    "audio_transcription": "audio",
    "image_generation": "image",
    "realtime": "audio",
    "video_generation": "video",
}
"""LiteLLM's words for a kind, where they are others."""
_UNKNOWN = ModelFacts(match="*", source="none", date="")


def facts_of(connection: Connection, name: str) -> ModelFacts:
    """Return what is known of a model: the first row that is meant for it."""
    service = wire.own(connection).endpoint.service
    place = service.name if service else None
    rows = (*_read(connection.provider.data_overrides.get("models", ())), *_models())
    fitting = (row for row in rows if row.service in (None, place))
    return next((row for row in fitting if fnmatchcase(name, row.match)), _UNKNOWN)


def service_facts(service: Service) -> ServiceFacts:
    """Return what is different at a known service."""
    return next(row for row in _services() if row.service == service.name)


def describe(connection: Connection, row: wire.ModelRow) -> DeployedModel:
    """Return what a row says of a model, completed from the data file."""
    facts = facts_of(connection, row.id)
    service = wire.own(connection).endpoint.service
    return DeployedModel(
        name=row.id,
        kind=_kind(row) or facts.kind,
        publisher=facts.publisher,
        price_key=f"{service_facts(service).prices}{row.id}" if service else None,
        canonical_name=facts.canonical_name,
    )


def _kind(row: wire.ModelRow) -> str | None:
    """Return what a model is for, where the endpoint says so or says what comes out of it."""
    if row.mode is not None:
        return _MODES.get(row.mode, row.mode)
    given = row.output_modalities or ()
    if "embeddings" in given:
        return "embedding"
    return "chat" if "text" in given else None


def _read(rows: Sequence[Mapping[str, Any]]) -> tuple[ModelFacts, ...]:
    return tuple(ModelFacts.model_validate(row) for row in rows)


@functools.cache
def _shipped() -> Mapping[str, Any]:
    text = files("bonito_openai_compatible").joinpath("facts.json").read_text(encoding="utf-8")
    shipped: Mapping[str, Any] = json.loads(text)
    return shipped


@functools.cache
def _models() -> tuple[ModelFacts, ...]:
    return _read(_shipped()["models"])


@functools.cache
def _services() -> tuple[ServiceFacts, ...]:
    return tuple(ServiceFacts.model_validate(row) for row in _shipped()["services"])
