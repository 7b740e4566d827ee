"""The region's catalogue: what a key can list of what could be deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.base_models import (
    LIMIT,
    deployed,
    mark_deployed,
    read_base_model,
    retired,
)
from bonito_azure_arm.facts import overrides_of
from bonito_azure_foundry import deployments, wire
from bonito_azure_foundry.errors import SurfaceAbsent
from bonito_azure_foundry.facts import facts_of, price_key
from bonito_providers.answers import json_list
from bonito_providers.catalog import Listing, Model, Skipped

if TYPE_CHECKING:
    import httpx

    from bonito_providers.connection import Connection

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
    standing, notes = await deployed(partial(deployments.read, connection))
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
    marked, ambiguous = mark_deployed(sorted(models.values(), key=lambda each: each.id), standing)
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


def parse_model(
    row: object, *, now: datetime, overrides: Sequence[Mapping[str, Any]] = ()
) -> Model | Skipped:
    """Read one row of the catalogue; what is missing or of another type is unknown.

    Args:
        row: As the service wrote it (REST reference, Models - List).
        now: What is retired is judged by.
        overrides: The operator's rows for the data file.
    """
    read = read_base_model(row)
    if isinstance(read, Skipped):
        return read
    if reason := retired(read, now=now):
        return Skipped(id=read.id, reason=reason)
    facts = facts_of(read.name, overrides)
    return read.model_copy(
        update={
            "format": facts.format,
            "publisher": facts.publisher,
            "sold_by": facts.sold_by,
            "terms_needed": facts.terms_needed,
            "kind": read.kind or facts.kind,
            "price_key": price_key(read.name, read.version, facts.format),
            "canonical_name": facts.canonical_name,
        }
    )
