"""What pages and API stand on: opened with the host, closed with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

from bonito_host.application import Application
from bonito_host.gateway.service import GatewayService
from bonito_host.lending import lend_connections
from bonito_host.web.runs import Runs
from bonito_host.web.security.door import Door
from bonito_host.web.sightings import Sightings
from bonito_providers.errors import BonitoError

if TYPE_CHECKING:
    from bonito_host.emulation import DemoConnection


class Services:
    """One host; nothing is called before it is `running`.

    Args:
        application: Settings, plugins and store.
        door: Who may come in.
        demo: What a demonstration offers to connect to; empty outside of one.

    Attributes:
        store: What is kept between runs.
        registry: The installed plugins.
        connections: The stored connections, lent.
        sightings: What the accounts were last seen to hold.
        runs: Deployments and deletions on their way.
        gateway: Where calls are routed.
        stopping: Set when the host is asked to end, so that endless answers end first.
    """

    def __init__(
        self, application: Application, door: Door, *, demo: Sequence[DemoConnection] = ()
    ) -> None:
        self.application = application
        self.door = door
        self.demo = demo
        self.store = application.store
        self.registry = application.registry
        self.connections = lend_connections(application)
        self.sightings = Sightings(self.connections)
        self.gateway = GatewayService(application, self.connections, groups=self.store.groups.all)
        self.runs = Runs(self.store, self.connections, changed=self.changed)
        self.stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def changed(self, id: str) -> None:
        """Look anew at a connection: it, or something in its account, was changed.

        The gateway follows in the background, since it may still be loading.
        """
        with contextlib.suppress(BonitoError):
            await self.sightings.forget(id)
        self._begin(self.gateway.refresh(id))

    def removed(self, id: str) -> None:
        """Let the gateway know that a connection is gone."""
        self._begin(self.gateway.refresh(id))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run for the length of a block; what an earlier end interrupted goes on."""
        async with self.gateway:
            await self.runs.resume()
            try:
                yield
            finally:
                await self.runs.aclose()
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                await self.connections.aclose()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def services_of(connection: HTTPConnection) -> Services:
    """Return the services of the host that answers a request."""
    services: Services = connection.app.state.services
    return services
