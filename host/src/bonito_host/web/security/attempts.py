"""How often somebody may guess before having to wait."""

from __future__ import annotations

from collections import deque

from bonito_providers.clock import Clock, SystemClock

MOST_FAILURES = 10
WITHIN = 60.0
_MOST_ADDRESSES = 1000


class Attempts:
    """Counts failures by client address; the addresses it knows are bounded too.

    Args:
        clock: What to tell the time by.
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._failures: dict[str, deque[float]] = {}

    def pause(self, address: str) -> float:
        """Return the seconds until this address may try again; zero for at once."""
        failures = self._recent(address)
        if len(failures) < MOST_FAILURES:
            return 0
        return max(failures[0] + WITHIN - self._clock.monotonic(), 0)

    def failed(self, address: str) -> None:
        """Note a failure."""
        if address not in self._failures and len(self._failures) >= _MOST_ADDRESSES:
            self._failures.pop(next(iter(self._failures)))
        self._failures.setdefault(address, deque(maxlen=MOST_FAILURES)).append(
            self._clock.monotonic()
        )

    def succeeded(self, address: str) -> None:
        """Forget the failures of somebody who has shown to be the operator."""
        self._failures.pop(address, None)

    def _recent(self, address: str) -> deque[float]:
        failures = self._failures.get(address, deque())
        while failures and failures[0] + WITHIN <= self._clock.monotonic():
            failures.popleft()
        return failures
