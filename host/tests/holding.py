"""Requests that an emulated cloud does not answer before the test lets it: no clock decides."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bonito_emulators import Fault
from bonito_emulators.exchange import exchange_of
from bonito_providers.network import TIMEOUT
from host.tests.running import PATIENCE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LOOK = 0.02
_GIVEN_UP = (TIMEOUT.read or PATIENCE) * 2 / 3
"""Seconds within which nobody gives an answer up."""


@dataclass(frozen=True)
class Held:
    """Keeps requests waiting.

    Attributes:
        passing: The path whose requests are let through.
        come: Set once a request waits.
        go: Set by the test: it is answered.
        left: Set once the client of one that waits has gone.
    """

    passing: str
    come: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, in the end and if its client is still there."""
        if scope["path"] == self.passing:
            await app(scope, receive, send)
            return
        self.come.set()
        while not self.go.is_set():
            if not await exchange_of(scope).pause(_LOOK):
                self.left.set()
                return
        await app(scope, receive, send)

    @property
    def fault(self) -> Fault:
        """What holds all others."""
        return Fault(action=self, times=None)

    @property
    def waits(self) -> bool:
        """Whether a request waits that was neither answered nor given up."""
        return self.come.wait(PATIENCE) and not self.go.is_set() and not self.left.is_set()

    def sees_its_client_leave(self) -> bool:
        """Whether a client went away sooner than one that only lost its patience."""
        return self.left.wait(_GIVEN_UP)
