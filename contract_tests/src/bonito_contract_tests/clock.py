"""Time that passes only when somebody waits for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class VirtualClock:
    """A `Clock` whose sleeps take no time and are remembered.

    Attributes:
        slept: The seconds of every sleep, in order.
    """

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._start = datetime.now(UTC)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Return the seconds that were slept."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move the time forward."""
        self._elapsed += seconds
