"""Keeping the routes true: read at the start, changed in place, looked after in the clouds."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from bonito_host.accepted_groups import built
from bonito_host.gateway.inventory import Account, Inventory
from bonito_host.gateway.live_router import LiveRouter
from bonito_host.gateway.table import RoutingTable
from bonito_host.store.errors import RecordMissing, WrongKey
from bonito_providers.clock import Clock, SystemClock
from bonito_providers.deployment import Deployment
from bonito_providers.errors import BonitoError
from bonito_providers.gateway import (
    ConfigDiff,
    FailoverGroup,
    RoutableDeployment,
)
from bonito_providers.redaction import Redactor

_log = logging.getLogger(__name__)
_RENEWING = 300.0
"""Seconds between two looks at what is callable in the clouds."""
_REST = 4
"""How many times as long as it works the building of whole configurations rests."""
_AT_ONCE = 4
"""How many clouds are asked at the same time. Their answers are read in the threads that changes
and calls need too; what nobody waits for must not take them all."""


class Routing:
    """The routes of all connections, and the Router they are put into.

    Changes are made on the event loop's thread without awaiting; what takes long, reading a store
    or asking a cloud, is done before. A change waits for the first reading, and for the changes of
    the same connection before it.

    Args:
        inventory: What the connections offer.
        groups: Reads the failover groups the operator has accepted.
        clock: What to wait by between two looks.

    Attributes:
        table: Which name leads where.
        problems: Connection to why its deployments are not renewed, or not routed at all.
        outdated: Why this process cannot follow the store any more; empty as long as it can.
    """

    def __init__(
        self,
        inventory: Inventory,
        groups: Callable[[], Iterable[FailoverGroup]],
        *,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self.table = RoutingTable()
        self.problems: dict[str, str] = {}
        self.outdated = ""
        self._inventory = inventory
        self._groups = groups
        self._router: LiveRouter | None = None
        self._accounts: dict[str, Account] = {}
        self._touched: Counter[str] = Counter()
        self._read = asyncio.Event()
        # Of one connection, changes come in their order; another connection never waits for them.
        self._changing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._regrouping = asyncio.Lock()
        self._version = self.table.version
        self._stale = asyncio.Event()
        self._whole = asyncio.Event()
        self._whole.set()

    async def load(self) -> None:
        """Read what was last seen of every connection; no cloud is asked."""
        try:
            await asyncio.to_thread(self._load)
        finally:
            self._read.set()

    def attach(self, router: LiveRouter) -> None:
        """Let changes reach the Router from now on."""
        self._router = router

    def redactors(self, routes: Iterable[RoutableDeployment]) -> tuple[Redactor, ...]:
        """Return what hides the secrets of the connections that routes lead to."""
        homes = dict.fromkeys(route.connection for route in routes)
        return tuple(self._accounts[home].redact for home in homes if home in self._accounts)

    async def put(self, connection: str, deployment: Deployment) -> None:
        """Take a deployment as it is now: made, changed, or no longer ready.

        Raises:
            BonitoError: The connection is gone, or its credentials cannot be read.
        """
        self._touched[connection] += 1
        await self._read.wait()
        async with self._changing[connection]:
            await self._inventory.keep(connection, deployment)
            account = self._accounts.get(connection) or await self._account(connection)
            self._apply(self.table.put(account.route(deployment)))

    async def drop(self, connection: str, name: str) -> None:
        """Take a deployment out that is being deleted."""
        self._touched[connection] += 1
        await self._read.wait()
        async with self._changing[connection]:
            await self._inventory.forget(connection, name)
            self._apply(self.table.drop(connection, name))

    async def forget(self, connection: str) -> None:
        """Take a connection out that was removed."""
        await self._read.wait()
        async with self._changing[connection]:
            self._forget(connection)

    async def regroup(self) -> None:
        """Take the accepted failover groups as they are now."""
        await self._read.wait()
        async with self._regrouping:
            groups = tuple(await asyncio.to_thread(self._groups))
            self._apply(self.table.regroup(groups))

    async def refresh(self, connection: str | None = None) -> None:
        """Ask the cloud of one connection, or of all, what is callable now.

        Whatever is wrong with one stands in `problems` and stops no other.
        """
        await self._read.wait()
        if connection is not None:
            await self._renew(connection)
            return
        # A command may have accepted or withdrawn one meanwhile.
        await self.regroup()
        stored = await asyncio.to_thread(self._inventory.connections)
        for gone in set(self.table.connections()) - set(stored):
            await self.forget(gone)
        limit = asyncio.Semaphore(_AT_ONCE)

        async def renew(id: str) -> None:
            async with limit:
                await self._renew(id)

        await asyncio.gather(*map(renew, stored))

    async def settled(self) -> None:
        """Wait until aliases, proposals and what is left out follow the last change.

        Routes themselves are changed when `put`, `drop` and the others return.
        """
        await self._whole.wait()

    async def keep_renewed(self) -> None:
        """Ask the clouds again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Exception as error:  # noqa: BLE001 - the next look may go well again
                # A database that is locked or away for a moment; what was seen is still routed.
                _log.warning("looking at the clouds failed (%s): again later", type(error).__name__)
            await self._clock.sleep(_RENEWING)

    async def keep_whole(self) -> None:
        """Build a whole configuration after changes, until cancelled."""
        taken = 0.0
        while True:
            await self._stale.wait()
            # Of many changes in a row, such as after the start, one whole build takes in several.
            await asyncio.sleep(_REST * taken)
            self._stale.clear()
            version, before = self.table.version, time.monotonic()
            routes, groups = self.table.everything()
            try:
                self.table.config = await asyncio.to_thread(built, routes, groups)
                await asyncio.to_thread(settle_memory)
            except ValueError as error:
                # A group that was accepted under what is now the name of a route.
                _log.warning("aliases and proposals stay as they were: %s", error)
            taken = time.monotonic() - before
            if version == self.table.version:
                self._whole.set()

    def _load(self) -> None:
        found: list[RoutableDeployment] = []
        for id in self._inventory.connections():
            try:
                account = self._accounts[id] = self._inventory.account(id)
                found += self._inventory.seen(account)
            except BonitoError as error:
                self.problems[id] = error.message
        try:
            self.table.load(found, self._groups())
        except ValueError as error:
            _log.warning("no failover group is routed: %s", error)
            self.table.load(found)
        self._version = self.table.version

    async def _renew(self, id: str) -> None:
        problem, found = "", None
        touched = self._touched[id]
        try:
            found = await self._inventory.look(id)
        except BonitoError as error:
            # What was seen before is still routed: the cloud may be away for a moment.
            problem = error.message
        async with self._changing[id]:
            if touched != self._touched[id]:
                return  # what was put or dropped meanwhile is newer than what was seen
            try:
                await self._take(id, found)
            except RecordMissing:
                self._forget(id)
                return
            except WrongKey as error:
                # The store has a new key that this process was not given. What is routed carries
                # what was read before, and goes on until somebody starts it anew.
                problem = self.outdated = error.message
            except BonitoError as error:
                problem = error.message
                self._forget(id)
        self.problems.pop(id, None)
        if problem:
            self.problems[id] = problem

    async def _take(self, id: str, found: Sequence[Deployment] | None) -> None:
        account = await self._account(id)
        if found is None:
            routes = await asyncio.to_thread(self._inventory.seen, account)
        else:
            await self._inventory.keep_all(id, found)
            routes = await asyncio.to_thread(account.routes, found)
        self._apply(self.table.replace(id, routes))

    async def _account(self, id: str) -> Account:
        account = self._accounts[id] = await asyncio.to_thread(self._inventory.account, id)
        return account

    def _forget(self, id: str) -> None:
        self._accounts.pop(id, None)
        self.problems.pop(id, None)
        self._apply(self.table.replace(id, ()))

    def _apply(self, change: ConfigDiff) -> None:
        if self._router is not None:
            self._router.apply(change)
        if self._version != self.table.version:
            self._version = self.table.version
            self._whole.clear()
            self._stale.set()


def settle_memory() -> None:
    """Take what stands now out of the search for garbage.

    LiteLLM and the routes are a million objects that stay, and each of LiteLLM's calls leaves
    enough behind to have them all looked through every few calls.
    """
    gc.collect()
    gc.freeze()
