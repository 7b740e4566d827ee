"""The region's catalogue: what a key can list of what could be deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bonito_azure_foundry import deployments, wire
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_azure_foundry.facts import facts_of, overrides_of, price_key, split_version
from bonito_providers.answers import json_list
from bonito_providers.catalog import Listing, Model, Skipped
from bonito_providers.errors import ProviderError

if TYPE_CHECKING:
    import httpx

    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment

LIMIT = 5000
"""Models. The largest catalogue seen had 339."""

UNKNOWABLE = (
    "A key cannot see SKUs, quota and whether a model can be deployed in this subscription; "
    "management credentials can."
)
PUBLISHERS = (
    "Publisher, seller and terms come from this plugin's data file, because the service does not "
    "tell them to a key."
)


async def listing(connection: Connection) -> Listing[Model]:
    """Return the base models of the resource's region, with what is deployed of each.

    These are models, not deployments: calling one that is not deployed answers "not found".
    """
    answer, response, source = await _catalogue(connection)
    deployed, notes = await _deployed(connection)
    models: dict[str, Model] = {}
    skipped: list[Skipped] = []
    rows = json_list(answer, "data", response)
    overrides = overrides_of(connection)
    for row in rows[:LIMIT]:
        item = parse_model(row, now=connection.clock.now(), overrides=overrides)
        if isinstance(item, Skipped):
            skipped.append(item)
        elif item.id not in models:
            models[item.id] = item
    if len(rows) > LIMIT:
        notes += (f"The service listed {len(rows)} models; only the first {LIMIT} are read.",)
    marked, ambiguous = mark_deployed(sorted(models.values(), key=lambda each: each.id), deployed)
    return Listing[Model](
        items=tuple(marked),
        skipped=tuple(skipped),
        complete=len(rows) <= LIMIT,
        source=source,
        notes=(UNKNOWABLE, PUBLISHERS, *notes, *ambiguous),
        observed_at=connection.clock.now(),
    )


async def _catalogue(connection: Connection) -> tuple[dict[str, Any], httpx.Response, str]:
    try:
        answer, response = await wire.get_json(connection, "/openai/v1/models")
    except SurfaceAbsent:
        answer, response = await wire.get_json(
            connection, "/openai/models", api_version=wire.CLASSIC_VERSION
        )
        return answer, response, "The region's base models, by the classic route."
    return answer, response, "The region's base models, by the v1 route."


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

    Args:
        row: As the service wrote it (REST reference, Models - List).
        now: What is retired is judged by.
        overrides: The operator's rows for the data file.
    """
    model_id = wire.text(row.get("id")) if isinstance(row, dict) else None
    if not isinstance(row, dict) or model_id is None:
        return Skipped(id="(no id)", reason="a row of the catalogue has no id")
    retires_at = _moment(_mapping(row.get("deprecation")).get("inference"))
    if retires_at is not None and retires_at <= now:
        return Skipped(id=model_id, reason=f"retired on {retires_at:%Y-%m-%d}")
    name, version = split_version(model_id)
    facts = facts_of(name, overrides)
    return Model(
        id=model_id,
        name=name,
        version=version,
        format=facts.format,
        publisher=facts.publisher,
        sold_by=facts.sold_by,
        terms_needed=facts.terms_needed,
        kind=_kind(_mapping(row.get("capabilities"))) or facts.kind,
        lifecycle=wire.text(row.get("lifecycle_status")),
        retires_at=retires_at,
        price_key=price_key(name, version, facts.format),
        canonical_name=facts.canonical_name,
    )


def mark_deployed(
    models: Sequence[Model], deployed: Sequence[Deployment] | None
) -> tuple[list[Model], list[str]]:
    """Fill in which deployments are of which model.

    Where a deployment's version is not told and the catalogue has several, nobody knows which it
    is: those models stay unknown and a note says so.
    """
    if deployed is None:
        return list(models), []
    names: dict[str, list[str]] = {model.id: [] for model in models}
    unclear: set[str] = set()
    notes: list[str] = []
    for each in deployed:
        candidates = [model for model in models if _same(model, each)]
        if len(candidates) == 1:
            names[candidates[0].id].append(each.ref.name)
        elif candidates:
            unclear |= {model.id for model in candidates}
            versions = ", ".join(sorted(model.version or "unknown" for model in candidates))
            notes.append(
                f"{each.ref.name} is a deployment of {each.model.name}; which of the versions "
                f"{versions} is not told to a key."
            )
    marked = [
        model
        if model.id in unclear and not names[model.id]
        else model.model_copy(update={"deployed_as": tuple(names[model.id])})
        for model in models
    ]
    return marked, notes


def _same(model: Model, deployment: Deployment) -> bool:
    name, version = deployment.model.name, deployment.model.version
    if name is None or model.name.casefold() != name.casefold():
        return False
    return version is None or model.version is None or version == model.version


def _kind(capabilities: Mapping[str, Any]) -> str | None:
    for capability, kind in (
        ("embeddings", "embedding"),
        ("chat_completion", "chat"),
        ("completion", "completion"),
    ):
        if capabilities.get(capability) is True:
            return kind
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
