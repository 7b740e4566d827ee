"""OpenAI's models of the resource's region: with SKUs by management, else what calls can tell."""

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
from bonito_azure_openai import deployments, management, wire
from bonito_azure_openai.facts import complete, not_openai
from bonito_providers.answers import json_list
from bonito_providers.catalog import Listing, Model, Skipped
from bonito_providers.errors import AuthenticationError, RequestError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

UNKNOWABLE = (
    "SKUs, quota and whether a model can be deployed in this subscription show only with a "
    "service principal, subscription and resource group."
)


async def listing(connection: Connection) -> Listing[Model]:
    """Return OpenAI's models, one item per version, and what is deployed of each.

    Raises:
        ProviderError: Neither way of listing answers, or one is there and cannot be read now.
    """
    if wire.own(connection).access is None:
        return await _by_catalogue(connection, (UNKNOWABLE,))
    try:
        lifecycle = await management.lifecycle(connection)
        return await lifecycle.models()
    except (AuthenticationError, RequestError) as error:
        note = f"Azure Resource Manager did not list them: {error.message}"
    # What management would have told is missing, so this is not all there is.
    listed = await _by_catalogue(connection, (note, UNKNOWABLE))
    return listed.model_copy(update={"complete": False})


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
    standing, more = await deployed(partial(deployments.read, connection))
    marked, unclear = mark_deployed([models[key] for key in sorted(models)], standing)
    return Listing[Model](
        items=tuple(marked),
        skipped=tuple(each for each in parsed if isinstance(each, Skipped)),
        complete=len(rows) <= LIMIT,
        source="The region's base models, by the data plane.",
        notes=(*notes, *more, *unclear),
        observed_at=now,
    )


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
    read = read_base_model(row)
    if isinstance(read, Skipped):
        return read
    model = complete(read, overrides)
    reason = not_openai(model.format, name=model.name) or retired(model, now=now)
    return Skipped(id=model.id, reason=reason) if reason else model
