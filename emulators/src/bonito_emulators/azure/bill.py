"""What happened in the cloud that somebody pays for, or stopped paying for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.deployments import Deployment

Happening = Literal["created", "updated", "failed", "deleted", "called"]


@dataclass(frozen=True, kw_only=True)
class BillingEvent:
    """One event of one deployment, with what it was of at that time."""

    happening: Happening
    account: str
    deployment: str
    model: str
    sku: str
    capacity: int


class Bill:
    """The events of all accounts in order; any thread may read."""

    def __init__(self) -> None:
        self._events: list[BillingEvent] = []
        self._lock = threading.Lock()

    @property
    def events(self) -> list[BillingEvent]:
        """Everything so far."""
        with self._lock:
            return list(self._events)

    def count(self, happening: Happening, *, deployment: str | None = None) -> int:
        """Counts the events of one sort, of all deployments or of those with one name."""
        return sum(
            event.happening == happening and deployment in (None, event.deployment)
            for event in self.events
        )

    def add(self, happening: Happening, account: Account, deployment: Deployment) -> None:
        """Writes an event down."""
        event = BillingEvent(
            happening=happening,
            account=account.name,
            deployment=deployment.name,
            model=deployment.model,
            sku=deployment.sku,
            capacity=deployment.capacity,
        )
        with self._lock:
            self._events.append(event)
