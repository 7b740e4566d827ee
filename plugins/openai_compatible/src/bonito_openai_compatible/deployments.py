"""What can be called: every model that the endpoint lists, under the model's own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_openai_compatible import wire
from bonito_openai_compatible.facts import describe
from bonito_openai_compatible.models import SOURCE
from bonito_providers.catalog import Listing
from bonito_providers.deployment import Deployment, DeploymentRef, State

if TYPE_CHECKING:
    from bonito_providers.connection import Connection


async def listing(connection: Connection) -> Listing[Deployment]:
    """Return one item for each model, ready as it stands.

    Raises:
        ProviderError: The listing is refused, or is none.
    """
    found = await wire.models(connection)
    return Listing[Deployment](
        items=tuple(_deployment(connection, row) for row in found.rows),
        skipped=found.skipped,
        complete=not found.notes,
        source=SOURCE,
        notes=found.notes,
        observed_at=connection.clock.now(),
    )


def _deployment(connection: Connection, row: wire.ModelRow) -> Deployment:
    address = str(wire.own(connection).endpoint)
    return Deployment(
        ref=DeploymentRef(provider="openai_compatible", resource=address, name=row.id),
        model=describe(connection, row),
        endpoint=address,
        state=State.READY,
        owned=False,
        source=SOURCE,
        observed_at=connection.clock.now(),
    )
