"""What the accounts were last seen to hold: asked for once, shown to many, for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from bonito_providers.catalog import Listing, Model
from bonito_providers.clock import Clock, SystemClock
from bonito_providers.connection import Connection
from bonito_providers.connections import Connections
from bonito_providers.deployment import Deployment
from bonito_providers.errors import BonitoError

Item = TypeVar("Item")

MODELS_KEEP = 600.0
DEPLOYMENTS_KEEP = 15.0


@dataclass(frozen=True)
class Sighting(Generic[Item]):
    """What one connection showed, or why it showed nothing.

    Attributes:
        connection: Its id.
        listing: What it listed.
        error: What went wrong instead.
    """

    connection: str
    listing: Listing[Item] | None = None
    error: BonitoError | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """What it listed; nothing where it failed."""
        return self.listing.items if self.listing else ()


@dataclass
class _Kept:
    lock: asyncio.Lock
    listing: Listing[Any] | None = None
    at: float = 0.0


class Sightings:
    """Listings of connections; many who ask at once wait for one call.

    They are kept with the open connection they came from, so that other credentials never see
    them, and go when it closes.

    Args:
        connections: Where to ask.
        clock: What to tell the time by.
    """

    def __init__(self, connections: Connections, *, clock: Clock | None = None) -> None:
        self._connections = connections
        self._clock = clock or SystemClock()
        self._kept: WeakKeyDictionary[Connection, dict[str, _Kept]] = WeakKeyDictionary()

    async def models(self, id: str, *, fresh: bool = False) -> Listing[Model]:
        """Return what a connection could deploy or call."""
        return await self._seen(id, "list_models", 0 if fresh else MODELS_KEEP)

    async def deployments(self, id: str, *, fresh: bool = False) -> Listing[Deployment]:
        """Return what is callable there now."""
        return await self._seen(id, "list_deployments", 0 if fresh else DEPLOYMENTS_KEEP)

    async def forget(self, id: str) -> None:
        """Ask again at the next chance: something was changed."""
        async with self._connections.use(id) as connection:
            self._kept.pop(connection, None)

    async def _seen(self, id: str, hook: str, keep: float) -> Listing[Any]:
        async with self._connections.use(id) as connection:
            known = self._kept.setdefault(connection, {})
            kept = known.setdefault(hook, _Kept(asyncio.Lock()))
            asked = self._clock.monotonic()
            async with kept.lock:
                # Somebody who waited here takes what was found meanwhile, also as fresh.
                if kept.listing is None or kept.at + keep <= asked:
                    kept.listing = await getattr(connection.provider, hook)(connection)
                    kept.at = self._clock.monotonic()
                return kept.listing


async def all_sightings(
    ids: Sequence[str], look: Callable[[str], Awaitable[Listing[Item]]]
) -> list[Sighting[Item]]:
    """Look at several connections at once; one that fails hides no other."""

    async def one(id: str) -> Sighting[Item]:
        try:
            return Sighting(id, listing=await look(id))
        except BonitoError as error:
            return Sighting(id, error=error)

    return list(await asyncio.gather(*map(one, ids)))
