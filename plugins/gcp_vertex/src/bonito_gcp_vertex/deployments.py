"""What is callable now: served models that need nothing but a call, and the project's endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bonito_gcp_vertex import catalogue, endpoints, facts, names, serving, wire
from bonito_gcp_vertex.findings import Found
from bonito_providers.catalog import Listing
from bonito_providers.deployment import Deployment, DeploymentRef, State
from bonito_providers.errors import InvalidRequest

if TYPE_CHECKING:
    from bonito_gcp_vertex.rows import PublisherRow
    from bonito_providers.connection import Connection

_NO_REGION = (
    "Endpoints stand in regions, and the connection names none: give endpoint_region to see them."
)
_PARTNERS = (
    "Models whose publishers want terms accepted first, or may want so, are not listed: only a "
    "call tells whether the project may use them. Deploy or adopt them by name."
)


async def listing(connection: Connection) -> Listing[Deployment]:
    """Return every deployment of the project that needs nothing but a call."""
    seen = await found(connection, await catalogue.read(connection))
    region = wire.own(connection).region
    where = f" and the endpoints in {region}" if region else ""
    return Listing[Deployment](
        items=seen.items,
        skipped=seen.skipped,
        complete=seen.complete,
        source=f"Model Garden's catalogue{where} of the project {wire.own(connection).project}.",
        notes=(*seen.notes, _PARTNERS, *(() if region else (_NO_REGION,))),
        observed_at=connection.clock.now(),
    )


async def found(connection: Connection, rows: wire.Rows) -> Found:
    """Return what stands: served models by the catalogue, then endpoints, each by name."""
    read, _ = catalogue.parsed(rows.items)
    # Of several versions the first counts, as for a plan.
    served = {each.ref.name: each for each in _ready(connection, reversed(read))}
    region = wire.own(connection).region
    standing = Found(()) if region is None else await endpoints.standing(connection, region)
    return Found(
        items=(*(served[name] for name in sorted(served)), *standing.items),
        skipped=standing.skipped,
        notes=(*rows.notes, *standing.notes),
        complete=standing.complete and not rows.note,
    )


async def get(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return the deployment as it is now; no model is called.

    Raises:
        InvalidRequest: The reference belongs to another project or location.
    """
    require_own(connection, ref)
    if names.is_served(ref.name):
        return await serving.get(connection, ref)
    return await endpoints.get(connection, ref)


def require_own(connection: Connection, ref: DeploymentRef) -> None:
    """Let a reference pass that is of this connection's project and location.

    Raises:
        InvalidRequest: It belongs elsewhere.
    """
    expected = (
        serving.ref_of(connection, ref.name)
        if names.is_served(ref.name)
        else endpoints.ref_of(connection, ref.name)
    )
    if ref != expected:
        raise InvalidRequest(
            f"{ref.name} belongs to {ref.provider}, {ref.resource}, not to this connection.",
            hint="Use the connection it was made with.",
        )


def _ready(connection: Connection, rows: Iterable[PublisherRow]) -> Iterable[Deployment]:
    """Yield the served models of which the data file says that nothing is needed first."""
    for row in rows:
        known = facts.known(connection, row.publisher, row.model)
        if not row.is_weights and known.surface is not None and known.terms_needed is False:
            yield serving.deployment(connection, row, State.READY)
