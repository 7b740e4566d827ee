"""Who is calling: keys recognised by the store, remembered for a few seconds."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable

from bonito_host.store.callers import Caller, NewCaller, StoredCallers

_REMEMBERED = 5.0
"""Seconds a key revoked by another process may go on working here."""
_MOST = 10_000


class Callers:
    """The keys of the gateway's callers.

    Args:
        stored: Where they are kept.
        monotonic: Tells the time.
    """

    def __init__(
        self, stored: StoredCallers, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._stored = stored
        self._monotonic = monotonic
        self._known: dict[bytes, tuple[Caller, float]] = {}

    async def create(self, name: str) -> NewCaller:
        """Make a key; what is returned is the only copy of it."""
        return await asyncio.to_thread(self._stored.create, name)

    async def all(self) -> list[Caller]:
        """Return every caller, revoked ones too, the oldest first."""
        return await asyncio.to_thread(self._stored.all)

    async def revoke(self, id: str) -> None:
        """Let a key work no more, at once in this process.

        Raises:
            RecordMissing: There is none of that id.
        """
        await asyncio.to_thread(self._stored.revoke, id)
        self._known.clear()

    async def recognise(self, key: str) -> Caller | None:
        """Return whose key it is, or None for one that is wrong or revoked."""
        digest = hashlib.sha256(key.encode()).digest()
        known = self._known.get(digest)
        if known is not None and known[1] > self._monotonic():
            return known[0]
        caller = await asyncio.to_thread(self._stored.recognise, key)
        self._known.pop(digest, None)
        if caller is not None:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[digest] = (caller, self._monotonic() + _REMEMBERED)
        return caller
