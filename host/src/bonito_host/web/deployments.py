"""What is callable in every account, what is on its way there, and what the gateway calls it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bonito_host.removal import locate
from bonito_host.routes import entry_for
from bonito_host.store.plans import StoredPlan
from bonito_host.web.runs import Run
from bonito_host.web.services import Services
from bonito_host.web.sightings import Sighting, all_sightings
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import BonitoError, DeploymentNotFound, InvalidRequest
from bonito_providers.waiting import verify


@dataclass(frozen=True)
class Standing:
    """A deployment and its way through the gateway.

    Attributes:
        connection: The connection's id.
        deployment: The deployment.
        route: What callers may always call it; None where it is not routed.
        aliases: Its shorter names.
        reason: Why it is not routed, or why by another way than usual.
        surface: Which of the service's surfaces the route uses.
        run: What this host is doing with it.
    """

    connection: str
    deployment: Deployment
    route: str | None
    aliases: tuple[str, ...]
    reason: str
    surface: str
    run: Run | None

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.run is not None and not self.run.ended and self.run.deleting:
            return "deleting"
        return self.deployment.state.value.replace("_", " ")


@dataclass(frozen=True)
class Overview:
    """Everything there is.

    Attributes:
        standing: What the accounts list.
        open_plans: What was begun and is in no listing yet.
        sightings: Where it comes from, failures included.
    """

    standing: Sequence[Standing]
    open_plans: Sequence[StoredPlan]
    sightings: Sequence[Sighting[Deployment]]


async def overview(services: Services) -> Overview:
    """Return the deployments of all connections."""
    ids = [each.id for each in await asyncio.to_thread(services.store.connections.all)]
    sightings = await all_sightings(ids, services.sightings.deployments)
    standing = [
        row for seen in sightings for row in await _standing(services, seen.connection, seen.items)
    ]
    listed = {(each.connection, each.deployment.ref.name) for each in standing}
    open_plans = [
        stored
        for id in ids
        for stored in await asyncio.to_thread(services.store.plans.unsettled, id)
        if (id, stored.plan.ref.name) not in listed
    ]
    return Overview(standing, open_plans, sightings)


async def find(services: Services, connection: str, name: str) -> Standing:
    """Return one deployment as it is now.

    Raises:
        RecordMissing: There is no such connection.
        DeploymentNotFound: Neither the account nor this host knows the name.
    """
    listing = await services.sightings.deployments(connection)
    found = [each for each in listing.items if each.ref.name == name]
    if not found:
        async with services.connections.use(connection) as opened:
            ref, _ = await locate(services.store, opened, name)
            found = [await opened.provider.get_deployment(opened, ref)]
    run = services.runs.find(connection, name)
    if found[0].state is State.ABSENT and (run is None or run.ended):
        raise DeploymentNotFound(f"There is no deployment {name} in {connection} any more.")
    [standing] = await _standing(services, connection, found)
    return standing


async def prove(services: Services, connection: str, name: str) -> Deployment:
    """Call a deployment once, with as few tokens as will do, and say whether it answered.

    Raises:
        InvalidRequest: It is not ready.
    """
    standing = await find(services, connection, name)
    if standing.deployment.state is not State.READY:
        raise InvalidRequest(f"{name} is {standing.state}: there is nothing to call yet.")
    async with services.connections.use(connection) as opened:
        return await verify(opened, standing.deployment)


async def delete(
    services: Services, connection: str, name: str, *, include_unowned: bool = False
) -> Run:
    """Begin to delete a deployment.

    Raises:
        DeploymentNotFound: Nobody knows the name.
    """
    async with services.connections.use(connection) as opened:
        ref, stored = await locate(services.store, opened, name)
    return await services.runs.delete(connection, ref, stored, include_unowned=include_unowned)


async def _standing(
    services: Services, id: str, deployments: Sequence[Deployment]
) -> list[Standing]:
    if not deployments:
        return []
    async with services.connections.use(id) as opened:
        return [_routed(services, opened, each) for each in deployments]


def _routed(services: Services, connection: Connection, deployment: Deployment) -> Standing:
    run = services.runs.find(connection.id, deployment.ref.name)
    try:
        entry = entry_for(connection, deployment)
    except BonitoError as error:
        return Standing(connection.id, deployment, None, (), error.message, "", run)
    ready = deployment.state is State.READY
    if not ready or not entry.supported:
        reason = entry.reason if ready else "it is not ready"
        return Standing(connection.id, deployment, None, (), reason, entry.surface, run)
    route = f"{connection.id}/{entry.model_name}"
    known = services.gateway.config.aliases.items()
    aliases = tuple(alias for alias, name in known if name == route)
    return Standing(connection.id, deployment, route, aliases, entry.reason, entry.surface, run)
