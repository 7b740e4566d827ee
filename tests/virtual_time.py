"""Time that passes only when somebody waits for it."""

from __future__ import annotations

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from selectors import SelectorKey

START = datetime(2026, 1, 1, tzinfo=UTC)


class VirtualClock:
    """A `Clock` whose sleeps take no time and are remembered."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.elapsed = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.elapsed += seconds
        await asyncio.sleep(0)


class _Impatient(selectors.DefaultSelector):
    """Adds up the time it was asked to wait instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        if timeout:
            self.skipped += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on which a deadline passes at once; for code without sockets."""

    def __init__(self) -> None:
        self._impatient = _Impatient()
        super().__init__(self._impatient)

    def time(self) -> float:
        return super().time() + self._impatient.skipped
