"""The catalogue: foundation models joined with the profiles by which they can be called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock import catalogue, wire
from bonito_aws_bedrock.facts import facts_of, overrides_of
from bonito_aws_bedrock.sources import PROVISIONED, permitted, scopes_of, sources_of
from bonito_providers.catalog import Capacity, Listing, Model, Skipped, Sku
from bonito_providers.deployment import DeployedModel

if TYPE_CHECKING:
    from bonito_aws_bedrock.rows import ModelRow, ProfileRow, ThroughputRow
    from bonito_providers.connection import Connection

SOON = timedelta(days=90)
_KINDS = (("EMBEDDING", "embedding"), ("TEXT", "chat"), ("IMAGE", "image"), ("VIDEO", "video"))
_SOUND = frozenset({"AUDIO", "SPEECH"})
_ONE_UNIT = Capacity(minimum=1, step=1, default=1)


async def listing(connection: Connection) -> Listing[Model]:
    """List the region's models with the ways to call them and the deployments of each."""
    async with wire.together() as group:
        listed = group.create_task(catalogue.models(connection))
        offered = group.create_task(catalogue.service_profiles(connection))
        made = group.create_task(catalogue.own_profiles(connection))
        reserved = group.create_task(catalogue.throughputs(connection))
    found, profiles = listed.result(), offered.result()
    own, bought = made.result(), reserved.result()
    names: dict[str, list[str]] = defaultdict(list)
    standing: tuple[ProfileRow | ThroughputRow, ...] = (*own.rows, *bought.rows)
    for each in standing:
        names[each.model].append(each.name)
    rows = {row.id: row for row in found.rows}
    overrides = overrides_of(connection)
    items = [
        _model(
            row, connection, profiles.rows, deployed=sorted(set(names[row.id])), overrides=overrides
        )
        for row in sorted(rows.values(), key=lambda row: row.id)
    ]
    unread = (*found.skipped, *profiles.skipped, *own.skipped, *bought.skipped)
    return Listing(
        items=tuple(items),
        skipped=tuple(_numbered(unread)),
        complete=True,
        source=f"Bedrock's models and inference profiles in {wire.own(connection).region}",
        notes=("Whether the account may call a model is seen when it is planned or called.",),
        observed_at=connection.clock.now(),
    )


def describe(
    identity: str, row: ModelRow | None, *, overrides: Sequence[Mapping[str, Any]] = ()
) -> DeployedModel:
    """Return the model behind a deployment; of one that is listed no more, what the id tells."""
    facts = facts_of(identity, overrides)
    publisher = row.publisher if row else None
    return DeployedModel(
        name=identity,
        format=publisher,
        kind=kind_of(row, facts.kind) if row else facts.kind,
        publisher=publisher,
        price_key=identity,
        canonical_name=facts.canonical_name,
    )


def kind_of(row: ModelRow, known: str | None) -> str | None:
    """Return what a model is for: as the data file says, else by what comes out of it."""
    outputs = set(row.outputs or ())
    if known is not None:
        return known
    if outputs & _SOUND:
        return "audio"
    return next((kind for modality, kind in _KINDS if modality in outputs), None)


def retirement(row: ModelRow, now: datetime) -> tuple[str, ...]:
    """Return a warning where a model is legacy or will be soon."""
    for what, moment in (
        ("stops answering", row.lifecycle.end),
        ("is legacy", row.lifecycle.legacy),
    ):
        if moment is not None and moment - now < SOON:
            return (f"{row.id} {what} from {moment:%Y-%m-%d} on.",)
    return ()


def _model(
    row: ModelRow,
    connection: Connection,
    profiles: Sequence[ProfileRow],
    *,
    deployed: Sequence[str],
    overrides: Sequence[Mapping[str, Any]],
) -> Model:
    given = wire.own(connection)
    sources = permitted(sources_of(row, profiles, region=given.region), given)
    skus = [Sku(name=scope) for scope in scopes_of(sources)]
    if PROVISIONED.upper() in (row.types or ()):
        skus.append(Sku(name=PROVISIONED, capacity=_ONE_UNIT))
    facts = facts_of(row.id, overrides)
    return Model(
        id=row.id,
        name=row.id,
        format=row.publisher,
        publisher=row.publisher,
        sold_by=facts.sold_by,
        terms_needed=facts.terms_needed,
        kind=kind_of(row, facts.kind),
        input_modalities=_lower(row.inputs),
        output_modalities=_lower(row.outputs),
        lifecycle=row.lifecycle.status,
        retires_at=row.lifecycle.end,
        skus=tuple(skus),
        deployed_as=tuple(deployed),
        price_key=row.id,
        canonical_name=facts.canonical_name,
    )


def _lower(modalities: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if modalities is None else tuple(each.lower() for each in modalities)


def _numbered(skipped: Sequence[Skipped]) -> list[Skipped]:
    """Give each a name of its own, whichever listing it is from."""
    return [
        each.model_copy(update={"id": f"unreadable row {place}"})
        for place, each in enumerate(skipped, start=1)
    ]
