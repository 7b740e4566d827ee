"""Where the gateway can route to: the deployments of all stored connections, asked together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bonito_host.accepted_groups import AcceptedGroup, built
from bonito_host.application import Application
from bonito_host.connecting import connect_stored
from bonito_host.routes import entry_for
from bonito_host.store.connections import StoredConnection
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import BonitoError
from bonito_providers.gateway import GatewayConfig, RoutableDeployment
from bonito_providers.redaction import redact_live


@dataclass(frozen=True)
class Place:
    """One deployment, with the route that leads to it and the service it stands at."""

    route: RoutableDeployment
    deployment: Deployment
    service: str


@dataclass(frozen=True)
class Unreachable:
    """A connection whose deployments are not known now, and why."""

    connection: str
    reason: str


@dataclass(frozen=True)
class Gathered:
    """What all connections together can route to.

    Attributes:
        places: In the order of connections and names.
        unreachable: Connections that could not be asked; a broken one never stops the others.
        groups: The accepted failover groups.
        connections: Closed already, and kept: while they live, their secrets are recognised.
    """

    places: tuple[Place, ...]
    unreachable: tuple[Unreachable, ...]
    groups: tuple[AcceptedGroup, ...]
    connections: tuple[Connection, ...]

    @property
    def config(self) -> GatewayConfig:
        """The routes, the accepted groups among them, and what is proposed."""
        return built((each.route for each in self.places), self.groups)

    @property
    def redact(self) -> Callable[[str], str]:
        """Hides the secrets of all these connections."""
        return redact_live


async def gather(application: Application) -> Gathered:
    """Ask every stored connection what is callable.

    Listed are the deployments a service lists, and those that `bonito deploy` made or took over:
    some services list nothing that has to be proved by a call first.
    """
    records = application.store.connections.all()
    asked = await asyncio.gather(*(_asked(application, record) for record in records))
    return Gathered(
        places=tuple(place for each in asked for place in each.places),
        unreachable=tuple(reason for each in asked for reason in each.unreachable),
        groups=tuple(application.store.groups.all()),
        connections=tuple(connection for each in asked for connection in each.connections),
    )


async def _asked(application: Application, record: StoredConnection) -> Gathered:
    try:
        connection = connect_stored(application, record.id)
        async with connection:
            found = await _standing(application, connection)
            places = [_place(connection, each, record.title) for each in found]
    except BonitoError as error:
        return Gathered((), (Unreachable(record.id, error.message),), (), ())
    return Gathered(tuple(places), (), (), (connection,))


async def _standing(application: Application, connection: Connection) -> Sequence[Deployment]:
    listing = await connection.provider.list_deployments(connection)
    found = {each.ref.name: each for each in listing.items}
    for stored in await asyncio.to_thread(application.store.plans.done, connection.id):
        ref = stored.plan.ref
        if ref.name not in found:
            found[ref.name] = await connection.provider.get_deployment(connection, ref)
    return [each for each in found.values() if each.state is State.READY]


def _place(connection: Connection, deployment: Deployment, service: str) -> Place:
    route = RoutableDeployment(
        connection=connection.id,
        deployment=deployment.ref.name,
        entry=entry_for(connection, deployment),
        canonical_name=deployment.model.canonical_name,
    )
    return Place(route, deployment, service)
