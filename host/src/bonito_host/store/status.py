"""Where a stored plan stands, as far as this host knows."""

from __future__ import annotations

from enum import StrEnum


class PlanStatus(StrEnum):
    """What became of a plan."""

    PLANNED = "planned"
    """Nothing was sent."""
    STARTED = "started"
    """Written before the first call: whether the cloud has it, only the cloud can tell."""
    DONE = "done"
    """The deployment stands."""
    FAILED = "failed"
    """It came to an end without a deployment that works; `reason` says why."""
    DELETING = "deleting"
    """Written before a deletion is sent."""
    DELETED = "deleted"


UNSETTLED = (PlanStatus.STARTED, PlanStatus.DELETING)
"""What a crash may have left open: looked up in the cloud by the next command."""
BINDING = (PlanStatus.STARTED, PlanStatus.DELETING, PlanStatus.DONE)
"""A deployment stands, or may stand: forgetting it would orphan it."""
