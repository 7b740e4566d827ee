"""Many connections: opened by id at first use, shared, renewed, and closed when idle."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bonito_providers.network import NetworkSettings

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.credentials import Credentials
    from bonito_providers.provider import Provider

Lookup = Callable[[str], Awaitable[tuple["Provider", "Credentials"]]]
"""Connection id to what it is made of: the host's own store."""


@dataclass
class _Slot:
    connection: Connection
    fingerprint: str
    users: int = 0
    last_used: float = 0.0
    retired: bool = False


class Connections:
    """Lends open connections by id.

    A connection stays open while it is lent, is closed once nobody uses it and it has been idle
    or the limit is reached, and is replaced when the credentials behind its id have changed;
    those who still hold the old one finish with it.

    Args:
        lookup: Finds provider and credentials of an id; called for every loan, so that changed
            credentials are noticed.
        network: The operator's settings.
        limit: The most connections kept open; more are opened only while all are lent.
        idle: Seconds after which an unused connection is closed.
    """

    def __init__(
        self,
        lookup: Lookup,
        *,
        network: NetworkSettings | None = None,
        limit: int = 100,
        idle: float = 600,
    ) -> None:
        self._lookup = lookup
        self._network = network or NetworkSettings()
        self._limit = limit
        self._idle = idle
        self._key = secrets.token_bytes(32)
        self._slots: dict[str, _Slot] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._closed = False

    @asynccontextmanager
    async def use(self, id: str) -> AsyncIterator[Connection]:
        """Lend the connection of that id for the length of a block."""
        slot = await self._lend(id)
        try:
            yield slot.connection
        finally:
            slot.users -= 1
            slot.last_used = self._network.clock.monotonic()
            if slot.retired and slot.users == 0:
                await slot.connection.aclose()
            await self._close_idle()

    async def aclose(self) -> None:
        """Close every connection; those still lent are closed too."""
        self._closed = True
        slots, self._slots = list(self._slots.values()), {}
        for slot in slots:
            await slot.connection.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _lend(self, identity: str) -> _Slot:
        lock = self._locks.setdefault(identity, asyncio.Lock())
        async with lock:
            provider, credentials = await self._lookup(identity)
            if self._closed:
                message = "these connections are closed"
                raise RuntimeError(message)
            fingerprint = f"{provider.info.name} {credentials.fingerprint(self._key)}"
            slot = self._slots.get(identity)
            if slot is None or slot.fingerprint != fingerprint:
                if slot is not None:
                    await self._retire(identity)
                connection = provider.connect(credentials, id=identity, network=self._network)
                slot = self._slots[identity] = _Slot(connection, fingerprint)
            slot.users += 1
            return slot

    async def _retire(self, identity: str) -> None:
        slot = self._slots.pop(identity)
        slot.retired = True
        if slot.users == 0:
            await slot.connection.aclose()

    async def _close_idle(self) -> None:
        now = self._network.clock.monotonic()
        unused = sorted(
            (slot.last_used, identity) for identity, slot in self._slots.items() if slot.users == 0
        )
        surplus = len(self._slots) - self._limit
        for place, (last_used, identity) in enumerate(unused):
            lock = self._locks.get(identity)
            if lock is not None and lock.locked():
                continue  # somebody is about to borrow it
            if place < surplus or now - last_used > self._idle:
                self._locks.pop(identity, None)
                await self._retire(identity)
