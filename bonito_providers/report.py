"""What checking credentials found, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from bonito_providers.actions import Action
from bonito_providers.errors import CredentialsRejected
from bonito_providers.values import Value


class Verdict(StrEnum):
    """What one item of a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class CheckItem(Value):
    """One thing that was checked.

    Attributes:
        name: Short, stable name: ``reach``, ``authenticate``, ``list_deployments``.
        title: What a page writes.
        verdict: Passed, failed, or not checked; what was not tried never counts as passed.
        reason: Why it failed or was not checked, or what was seen.
        seconds: How long it really took; None where nothing was called.
        error: The class of the error that stands for a failure, so that a host can decide by it.
        action: What mends it.
        essential: Whether the connection is unusable without it, or merely narrower.
    """

    name: str
    title: str
    verdict: Verdict
    reason: str = ""
    seconds: float | None = None
    error: str | None = None
    action: Action | None = None
    essential: bool = True


class FieldChange(Value):
    """A field that was written one way and means another.

    Attributes:
        field: The credential field.
        given: As it stands in the credentials.
        proposed: What it should be.
        proved: True once a call proved the proposal; a host applies no other.
        reason: Why.
    """

    field: str
    given: str
    proposed: str
    proved: bool
    reason: str


class CredentialReport(Value):
    """What checking a connection found.

    Attributes:
        items: In the order they were checked.
        notes: What the fields were understood as, in sentences.
        proposals: Changes of fields, with whether a call proved them.
        facts: What the check learnt in passing: region, account, surfaces.
        observed_at: When.
    """

    items: tuple[CheckItem, ...]
    notes: tuple[str, ...] = ()
    proposals: tuple[FieldChange, ...] = ()
    facts: Mapping[str, str] = {}
    observed_at: datetime

    @property
    def usable(self) -> bool:
        """Whether some of the credentials authenticated."""
        return any(
            item.name == "authenticate" and item.verdict is Verdict.PASSED for item in self.items
        )

    @property
    def accepted(self) -> bool:
        """Whether the credentials authenticated, each of the essential ones that were tried."""
        rejected = CredentialsRejected.__name__
        return self.usable and all(item.error != rejected for item in self.failures)

    @property
    def failures(self) -> tuple[CheckItem, ...]:
        """The essential items that failed."""
        return tuple(
            item for item in self.items if item.essential and item.verdict is Verdict.FAILED
        )
