"""The cloud's own time, and how long things take in it."""

from __future__ import annotations

import datetime
import threading
import time
from dataclasses import dataclass


class Clock:
    """Runs with real time from its start, now or a given date, and can be moved forward."""

    def __init__(self, start: datetime.datetime | None = None) -> None:
        self._start = start or datetime.datetime.now(datetime.UTC)
        self._origin = time.monotonic()
        self._advanced = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime.datetime:
        """Gives the cloud's time, in UTC."""
        with self._lock:
            elapsed = time.monotonic() - self._origin + self._advanced
        return self._start + datetime.timedelta(seconds=elapsed)

    def advance(self, seconds: float) -> None:
        """Moves the cloud's time forward; nothing waits."""
        with self._lock:
            self._advanced += seconds


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long something lasts: so many looks at it or so many seconds, whichever ends first.

    A look is a poll, a read of the resource, or a write that is refused because of it: counting
    them makes a test independent of any clock. Without either it is over at once.
    """

    looks: int | None = None
    seconds: float | None = None


AT_ONCE = Pace()
AFTER_ONE_LOOK = Pace(looks=1)


class Progress:
    """Something under way at a pace."""

    def __init__(self, pace: Pace, *, clock: Clock) -> None:
        self._clock = clock
        self._looks = pace.looks
        self._ends = None if pace.seconds is None else _later(clock, pace.seconds)
        self._ended = pace == AT_ONCE

    def look(self) -> bool:
        """Tells whether it is over; a look at something unfinished counts."""
        if self._looks is not None:
            self._ended = self._ended or self._looks <= 0
            self._looks -= 1
        return self.over

    @property
    def over(self) -> bool:
        """Whether it is over, without counting as a look."""
        return self._ended or (self._ends is not None and self._clock.now() >= self._ends)


def _later(clock: Clock, seconds: float) -> datetime.datetime:
    return clock.now() + datetime.timedelta(seconds=seconds)


def stamp(moment: datetime.datetime) -> str:
    """Writes a moment as ARM does, with seven digits of a second."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"
