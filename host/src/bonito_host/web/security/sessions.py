"""Sessions: who signed in, until they sign out, half a day passes, or the host ends."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from bonito_providers.clock import Clock, SystemClock

LIFETIME = 12 * 3600.0
_MOST = 100


@dataclass(frozen=True)
class Session:
    """One browser that signed in.

    Attributes:
        csrf: What every form and every changing call must bring along.
        ends_at: On the monotonic clock.
    """

    csrf: str
    ends_at: float


class Sessions:
    """The open sessions, by a digest of what the cookie holds; never on disk.

    Args:
        clock: What to tell the time by.
    """

    def __init__(self, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._open: dict[str, Session] = {}

    def open(self) -> str:
        """Begin a session and return what its cookie holds."""
        if len(self._open) >= _MOST:
            self._open.pop(next(iter(self._open)))
        value = secrets.token_urlsafe(32)
        ends_at = self._clock.monotonic() + LIFETIME
        self._open[_digest(value)] = Session(secrets.token_urlsafe(32), ends_at)
        return value

    def find(self, value: str) -> Session | None:
        """Return the session of a cookie, if it is open."""
        session = self._open.get(_digest(value))
        if session is None or session.ends_at <= self._clock.monotonic():
            return None
        return session

    def close(self, value: str) -> None:
        """End the session of a cookie."""
        self._open.pop(_digest(value), None)


def _digest(value: str) -> str:
    # Looking up a digest takes as long for a near miss as for a far one.
    return hashlib.sha256(value.encode()).hexdigest()
