"""How long somebody who guesses has to wait; nobody is ever refused for what others tried.

Behind a proxy everybody comes from one address. Were an address shut out after some failures, as
usual, a stranger could keep the operator out with ten wrong secrets a minute. So an attempt is not
refused but made to wait before it is looked at: longer, the more attempts failed lately from its
address and from everywhere, and never longer than a few seconds. The wait comes before the look,
since a guesser would not sit through one that comes after. How many wait at once is bounded,
which together bounds the guesses in a second, whatever the number of addresses; an attempt past
that bound may come again at once, and its secret was not looked at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bonito_providers.clock import Clock, SystemClock

FREE = 10
"""Attempts within the time below that wait for nothing."""
WITHIN = 60.0
STEP, LONGEST = 0.5, 4.0
"""Seconds each further attempt from one address adds to the wait, up to the longest."""
FREE_OF_ALL, OF_ALL = 200, 2.0
"""Attempts from everywhere, and the seconds that are added to everybody's wait past them."""
MOST_WAITING = 60
_MOST_ADDRESSES = 1000


class TooManyWaiting(Exception):
    """More attempts wait for their turn than this host keeps waiting."""


class Attempt:
    """One attempt; it counts as failed until it is said to have succeeded."""

    def __init__(self) -> None:
        self.succeeded = False


class Attempts:
    """Lets attempts wait for their turn; the addresses it knows are bounded too.

    Args:
        clock: What to tell the time by.
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._failures: dict[str, deque[float]] = {}
        self._all: deque[float] = deque(maxlen=FREE_OF_ALL)
        self._waiting = 0

    def wait(self, address: str) -> float:
        """Return the seconds that an attempt from this address would wait now."""
        beyond = len(self._recent(self._failures.get(address, deque()))) - FREE
        own = min(max(beyond + 1, 0) * STEP, LONGEST)
        return own + (OF_ALL if len(self._recent(self._all)) >= FREE_OF_ALL else 0)

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[Attempt]:
        """Wait for the turn of an attempt; the secret is looked at within the block.

        Raises:
            TooManyWaiting: It was not this attempt's turn, and will not be.
        """
        seconds = self.wait(address)
        if seconds and self._waiting >= MOST_WAITING:
            raise TooManyWaiting
        # Noted before it is known to have failed: many at once must not all come free.
        at = self._note(address)
        if seconds:
            self._waiting += 1
            try:
                await self._clock.sleep(seconds)
            finally:
                self._waiting -= 1
        attempt = Attempt()
        yield attempt
        if attempt.succeeded:
            self._forget(address, at)

    def _note(self, address: str) -> float:
        if address not in self._failures and len(self._failures) >= _MOST_ADDRESSES:
            self._failures.pop(next(iter(self._failures)))
        now = self._clock.monotonic()
        self._failures.setdefault(address, deque(maxlen=2 * FREE)).append(now)
        self._all.append(now)
        return now

    def _forget(self, address: str, at: float) -> None:
        # Only this one: others from the same address may be a stranger's.
        for noted in (self._failures.get(address, deque()), self._all):
            if at in noted:
                noted.remove(at)

    def _recent(self, noted: deque[float]) -> deque[float]:
        while noted and noted[0] + WITHIN <= self._clock.monotonic():
            noted.popleft()
        return noted
