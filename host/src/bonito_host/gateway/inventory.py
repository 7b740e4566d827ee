"""What every stored connection offers the gateway: read from the store, renewed from the clouds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bonito_host.application import Application
from bonito_host.lending import stored_credentials
from bonito_providers.connections import Connections
from bonito_providers.credentials import Credentials
from bonito_providers.deployment import Deployment, State
from bonito_providers.errors import PluginError
from bonito_providers.gateway import GatewayEntry, RoutableDeployment
from bonito_providers.provider import Provider
from bonito_providers.redaction import Redactor


@dataclass(frozen=True, kw_only=True)
class Account:
    """A connection as the gateway sees it.

    Attributes:
        connection: Its id.
        provider: What builds its entries.
        credentials: What its entries carry.
        redact: Hides its secrets.
    """

    connection: str
    provider: Provider
    credentials: Credentials
    redact: Redactor

    def route(self, deployment: Deployment) -> RoutableDeployment:
        """Return how LiteLLM calls a deployment; the entry says if it cannot, and why."""
        return RoutableDeployment(
            connection=self.connection,
            deployment=deployment.ref.name,
            entry=self._entry(deployment),
            canonical_name=deployment.model.canonical_name,
        )

    def routes(self, deployments: Iterable[Deployment]) -> list[RoutableDeployment]:
        """Return the same of many, which takes a while: do it in a thread."""
        return [self.route(each) for each in deployments]

    def _entry(self, deployment: Deployment) -> GatewayEntry:
        if deployment.state is not State.READY:
            state = deployment.state.value.replace("_", " ")
            return _left_out(deployment, f"it is not ready but {state}")
        try:
            return self.provider.build_gateway_entry(self.credentials, deployment)
        except PluginError as error:
            return _left_out(deployment, error.message)


class Inventory:
    """The accounts behind the stored connections.

    Args:
        application: Its store keeps the connections, and the deployments last seen in each.
        connections: Lends open connections.
    """

    def __init__(self, application: Application, connections: Connections) -> None:
        self._application = application
        self._store = application.store
        self._connections = connections

    def connections(self) -> list[str]:
        """Return the ids of all stored connections."""
        return [each.id for each in self._store.connections.all()]

    def account(self, id: str) -> Account:
        """Read what a connection's entries are built with; nothing is called.

        Raises:
            BonitoError: It is gone, its provider is, or its credentials cannot be read.
        """
        provider, credentials = stored_credentials(self._application, id)
        return Account(
            connection=id,
            provider=provider,
            credentials=credentials,
            redact=Redactor(credentials.secrets()),
        )

    def seen(self, account: Account) -> list[RoutableDeployment]:
        """Return the routes to what was last seen in an account."""
        return account.routes(self._store.listings.of(account.connection))

    async def look(self, id: str) -> list[Deployment]:
        """Ask the cloud what is callable now.

        An incomplete listing adds to what was seen and takes nothing away.

        Raises:
            BonitoError: The cloud cannot be asked, or the connection is gone.
        """
        async with self._connections.use(id) as connection:
            listing = await connection.provider.list_deployments(connection)
        found = {each.ref.name: each for each in listing.items}
        if not listing.complete:
            before = await asyncio.to_thread(self._store.listings.of, id)
            found = {each.ref.name: each for each in before} | found
        return list(found.values())

    async def keep_all(self, id: str, deployments: Sequence[Deployment]) -> None:
        """Keep these in place of what was seen before."""
        await asyncio.to_thread(self._store.listings.replace, id, deployments)

    async def keep(self, id: str, deployment: Deployment) -> None:
        """Keep one deployment as it was just seen."""
        await asyncio.to_thread(self._store.listings.put, id, deployment)

    async def forget(self, id: str, name: str) -> None:
        """Keep a deployment no longer."""
        await asyncio.to_thread(self._store.listings.drop, id, name)


def _left_out(deployment: Deployment, reason: str) -> GatewayEntry:
    name = deployment.ref.name
    return GatewayEntry(model_name=name, surface="none", supported=False, reason=reason)
