"""OpenAI's models of the resource's region: with SKUs by management, else what calls can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bonito_azure_openai import deployments, management, wire
from bonito_azure_openai.facts import complete, not_openai, overrides_of, split_version
from bonito_providers.answers import json_list
from bonito_providers.catalog import Listing, Model, Skipped
from bonito_providers.errors import ProviderError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment

LIMIT = 5000
"""Models. The largest catalogue seen had 339."""
UNKNOWABLE = (
    "SKUs, quota and whether a model can be deployed in this subscription show only with a "
    "service principal, subscription and resource group."
)
_KINDS = (("embeddings", "embedding"), ("chat_completion", "chat"), ("completion", "completion"))


async def listing(connection: Connection) -> Listing[Model]:
    """Return OpenAI's models, one item per version, and what is deployed of each.

    Raises:
        ProviderError: Neither way of listing answers.
    """
    if wire.own(connection).access is None:
        return await _by_catalogue(connection, (UNKNOWABLE,))
    try:
        lifecycle = await management.lifecycle(connection)
        return await lifecycle.models()
    except ProviderError as error:
        note = f"Azure Resource Manager did not list them: {error.message}"
    return await _by_catalogue(connection, (note, UNKNOWABLE))


async def _by_catalogue(connection: Connection, notes: tuple[str, ...]) -> Listing[Model]:
    answer, response = await wire.get_json(
        connection, "/openai/models", api_version=wire.CATALOGUE_VERSION
    )
    rows = json_list(answer, "data", response)
    overrides, now = overrides_of(connection), connection.clock.now()
    parsed = [parse_model(row, now=now, overrides=overrides) for row in rows[:LIMIT]]
    models = {each.id: each for each in reversed(parsed) if isinstance(each, Model)}
    if len(rows) > LIMIT:
        notes += (f"The service listed {len(rows)} models; only the first {LIMIT} are read.",)
    deployed, more = await _deployed(connection)
    return Listing[Model](
        items=_marked([models[key] for key in sorted(models)], deployed),
        skipped=tuple(each for each in parsed if isinstance(each, Skipped)),
        complete=len(rows) <= LIMIT,
        source="The region's base models, by the data plane.",
        notes=(*notes, *more),
        observed_at=now,
    )


async def _deployed(
    connection: Connection,
) -> tuple[Sequence[Deployment] | None, tuple[str, ...]]:
    try:
        found = await deployments.read(connection)
    except ProviderError as error:
        return None, (f"What is deployed is unknown: {error.message}",)
    return (found.items, found.notes) if found.known else (None, found.notes)


def parse_model(
    row: object, *, now: datetime, overrides: Sequence[Mapping[str, Any]] = ()
) -> Model | Skipped:
    """Read one row of the catalogue; what is missing or of another type is unknown.

    The row does not say whose the model is, so that comes from the data file.

    Args:
        row: As the service wrote it (REST reference, Models - List).
        now: What is retired is judged by.
        overrides: The operator's rows for the data file.
    """
    model_id = wire.text(row.get("id")) if isinstance(row, dict) else None
    if not isinstance(row, dict) or model_id is None:
        return Skipped(id="(no id)", reason="a row of the catalogue has no id")
    name, version = split_version(model_id)
    read = Model(
        id=model_id,
        name=name,
        version=version,
        kind=_kind(_mapping(row.get("capabilities"))),
        lifecycle=wire.text(row.get("lifecycle_status")),
        retires_at=_moment(_mapping(row.get("deprecation")).get("inference")),
    )
    model = complete(read, overrides)
    reason = not_openai(model.format, name=name)
    if not reason and model.retires_at is not None and model.retires_at <= now:
        reason = f"retired on {model.retires_at:%Y-%m-%d}"
    return Skipped(id=model_id, reason=reason) if reason else model


def _marked(models: Sequence[Model], deployed: Sequence[Deployment] | None) -> tuple[Model, ...]:
    """Fill in which deployments are of which model.

    Where a deployment's version is not told and the catalogue has several, nobody knows which it
    is: those models stay unknown.
    """
    if deployed is None:
        return tuple(models)
    names: dict[str, list[str]] = {model.id: [] for model in models}
    unclear: set[str] = set()
    for each in deployed:
        candidates = [model.id for model in models if _same(model, each)]
        if len(candidates) == 1:
            names[candidates[0]].append(each.ref.name)
        else:
            unclear.update(candidates)
    return tuple(
        model
        if model.id in unclear and not names[model.id]
        else model.model_copy(update={"deployed_as": tuple(names[model.id])})
        for model in models
    )


def _same(model: Model, deployment: Deployment) -> bool:
    name, version = deployment.model.name, deployment.model.version
    if name is None or name.casefold() != model.name.casefold():
        return False
    return version is None or model.version is None or version == model.version


def _kind(capabilities: Mapping[str, Any]) -> str | None:
    return next((kind for name, kind in _KINDS if capabilities.get(name) is True), None)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
