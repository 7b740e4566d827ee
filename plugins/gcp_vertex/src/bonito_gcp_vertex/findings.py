"""What reading deployments comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bonito_gcp_vertex import wire
from bonito_providers.catalog import Skipped
from bonito_providers.deployment import Deployment, DeploymentRef, State

if TYPE_CHECKING:
    from bonito_providers.connection import Connection


@dataclass(frozen=True)
class Found:
    """What was found, and what could not be read."""

    items: tuple[Deployment, ...]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True


def bare(connection: Connection, ref: DeploymentRef, state: State) -> Deployment:
    """Return a deployment of which only the state is known."""
    return Deployment(
        ref=ref,
        state=state,
        source=f"The project {wire.own(connection).project}.",
        observed_at=connection.clock.now(),
    )
