"""The catalogue: models of all publishers, served ones and weights told apart by the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bonito_gcp_vertex import catalogue, deployments, facts, names, serving
from bonito_providers.catalog import Listing, Model, Sku

if TYPE_CHECKING:
    from bonito_gcp_vertex.rows import PublisherRow
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment

_UNTOLD = (
    "The catalogue is the same everywhere: it tells neither where a model is served nor whether "
    "the project may call it. Kinds come from a data file."
)


async def listing(connection: Connection) -> Listing[Model]:
    """Return one item per model and version, with what stands of each."""
    rows = await catalogue.read(connection)
    read, skipped = catalogue.parsed(rows.items)
    standing = (await deployments.found(connection, rows)).items
    models = {row.id: _model(connection, row, standing) for row in reversed(read)}
    return Listing[Model](
        items=tuple(models[name] for name in sorted(models)),
        skipped=skipped,
        complete=not rows.note,
        source="Model Garden's catalogue of all publishers.",
        notes=(*rows.notes, _UNTOLD),
        observed_at=connection.clock.now(),
    )


def _model(connection: Connection, row: PublisherRow, standing: Iterable[Deployment]) -> Model:
    known = facts.known(connection, row.publisher, row.model)
    skus = [machine.sku for machine in row.machines] if row.is_weights else [serving.SKU]
    return Model(
        id=row.id,
        name=row.model,
        format=row.publisher,
        version=row.version,
        publisher=known.publisher or row.publisher,
        sold_by=known.sold_by,
        terms_needed=True if row.is_weights and row.third_party else known.terms_needed,
        kind=known.kind,
        lifecycle=row.launch_stage,
        skus=tuple(Sku(name=sku) for sku in skus),
        deployed_as=_deployed_as(row, standing),
        price_key=None
        if row.is_weights
        else facts.price_key(row.publisher, row.model, known.surface),
        canonical_name=known.canonical_name,
    )


def _deployed_as(row: PublisherRow, standing: Iterable[Deployment]) -> tuple[str, ...]:
    """Return the names of what stands of this very version."""
    mine = (row.publisher, row.model, row.version)
    return tuple(
        each.ref.name
        for each in standing
        if (each.model.format, each.model.name, each.model.version) == mine
        or each.ref.name == names.served_name(row)
    )
