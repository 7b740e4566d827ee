"""Long operations of ARM: the shapes they were seen in, and the lock they hold on an account."""

from __future__ import annotations

import base64
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bonito_emulators.azure.clock import AFTER_ONE_LOOK, AT_ONCE, Clock, Pace, Progress, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

API_VERSION = "2017-04-18"
_CERTIFICATE_BYTES = 2700  # the recorded URL is about 4 kB long


@dataclass(frozen=True, kw_only=True)
class Failure:
    """How a long operation ends when it does not succeed."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Creation:
    """How deploying goes on; the default is what was recorded, with a short propagation.

    Attributes:
        shape: `immediate`, 201 and done; `body`, 201 and the resource tells its state; `header`,
            201 with `Azure-AsyncOperation` to be polled.
        pending_state: what the resource says meanwhile; the official example says `Accepted`.
        pace: how long it takes.
        failure: how it ends, None for success; an immediate creation cannot fail so.
        propagation: afterwards, how long calls answer `DeploymentNotFound`.
        wiring: afterwards, how long calls answer `unknown_model`.
    """

    shape: Literal["immediate", "body", "header"] = "immediate"
    pending_state: Literal["Accepted", "Creating"] = "Creating"
    pace: Pace = AFTER_ONE_LOOK
    failure: Failure | None = None
    propagation: Pace = AFTER_ONE_LOOK
    wiring: Pace = AT_ONCE


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """How deleting goes on: 200 and done, or 202 with a header to be polled."""

    shape: Literal["immediate", "header", "location"] = "immediate"
    pace: Pace = AFTER_ONE_LOOK


class Operation:
    """One long operation; `ended` is called once, with whether it succeeded."""

    def __init__(
        self,
        *,
        subscription: str,
        location: str,
        pending: str,
        pace: Pace,
        clock: Clock,
        failure: Failure | None,
        ended: Callable[[bool], None],
    ) -> None:
        self.id = str(uuid.uuid4())
        self.path = (
            f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/locations"
            f"/{location}/operationResults/{self.id}"
        )
        self.query = _signed_query(clock)
        self._pending = pending
        self._progress = Progress(pace, clock=clock)
        self._clock = clock
        self._failure = failure
        self._ended: Callable[[bool], None] | None = ended
        self._started = clock.now()

    @property
    def url(self) -> str:
        """The address to poll: signed, so good only as it stands."""
        return f"https://management.azure.com{self.path}?{self.query}"

    def look(self) -> bool:
        """Tells whether it is over; a look at an operation under way counts."""
        over = self._progress.look()
        self.settle()
        return over

    def settle(self) -> bool:
        """Tells whether it is over, without counting as a look."""
        over = self._progress.over
        if over and self._ended is not None:
            ended, self._ended = self._ended, None
            ended(self._failure is None)
        return over

    def body(self, *, over: bool) -> dict[str, Any]:
        """Gives what a poll answers; the pending status is the resource's, not `InProgress`."""
        body: dict[str, Any] = {"id": self.path, "name": self.id, "status": self._pending}
        body["startTime"] = stamp(self._started)
        if over:
            body["status"] = "Succeeded" if self._failure is None else "Failed"
            body["endTime"] = stamp(self._clock.now())
            if self._failure is not None:
                body["error"] = {"code": self._failure.code, "message": self._failure.message}
        return body


class WriteLock:
    """One write at a time on an account and all that is below it.

    Source: hashicorp/terraform-provider-azurerm#22607 and Azure/azure-dev#9398.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hold: Progress | None = None
        self._operation: Operation | None = None

    def hold(self, pace: Pace) -> None:
        """Refuses writes for a while, as when somebody else is at it."""
        self._hold = Progress(pace, clock=self._clock)

    def begin(self, operation: Operation) -> None:
        """Refuses writes until the operation is over."""
        self._operation = operation

    def busy(self) -> bool:
        """Tells whether a write is refused now; asking counts as a look."""
        if self._operation is not None and not self._operation.look():
            return True
        return self._hold is not None and not self._hold.look()


def _signed_query(clock: Clock) -> str:
    """Makes the query of a polling address, whose parts nobody but ARM can make."""
    parts = {"c": _CERTIFICATE_BYTES, "s": 256, "h": 32}
    signed = "&".join(f"{name}={_base64url(secrets.token_bytes(n))}" for name, n in parts.items())
    ticks = int(clock.now().timestamp() * 10_000_000)
    return f"api-version={API_VERSION}&t={ticks}&{signed}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
