"""Many connections: opened by id at first use, shared, renewed, and closed when idle."""

from __future__ import annotations

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
        self._retired: list[_Slot] = []
        self._closed = False

    @asynccontextmanager
    async def use(self, id: str) -> AsyncIterator[Connection]:
        """Lend the connection of that id for the length of a block."""
        slot = await self._lend(id)
        try:
            await self._close_unused()
            yield slot.connection
        finally:
            slot.users -= 1
            slot.last_used = self._network.clock.monotonic()
            await self._close_unused()

    async def aclose(self) -> None:
        """Close every connection; those still lent are closed too."""
        self._closed = True
        slots = [*self._slots.values(), *self._retired]
        self._slots, self._retired = {}, []
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
        provider, credentials = await self._lookup(identity)
        # From here on nothing is awaited, so that of many who ask at once one opens it.
        if self._closed:
            message = "these connections are closed"
            raise RuntimeError(message)
        fingerprint = f"{provider.info.name} {credentials.fingerprint(self._key)}"
        slot = self._slots.get(identity)
        if slot is None or slot.fingerprint != fingerprint:
            connection = provider.connect(credentials, id=identity, network=self._network)
            if slot is not None:
                self._retired.append(slot)
            slot = self._slots[identity] = _Slot(connection, fingerprint)
        slot.users += 1
        return slot

    async def _close_unused(self) -> None:
        # All are taken out before the first is awaited: others lend and close meanwhile.
        for slot in [*self._take_surplus(), *self._take_retired()]:
            await slot.connection.aclose()

    def _take_surplus(self) -> list[_Slot]:
        now = self._network.clock.monotonic()
        unused = [slot for slot in self._slots.values() if slot.users == 0]
        unused.sort(key=lambda slot: slot.last_used)
        surplus = len(self._slots) - self._limit
        taken = [
            slot
            for place, slot in enumerate(unused)
            if place < surplus or now - slot.last_used > self._idle
        ]
        for slot in taken:
            del self._slots[slot.connection.id]
        return taken

    def _take_retired(self) -> list[_Slot]:
        taken = [slot for slot in self._retired if slot.users == 0]
        self._retired = [slot for slot in self._retired if slot.users > 0]
        return taken
