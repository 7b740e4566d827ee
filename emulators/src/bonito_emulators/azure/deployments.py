"""A deployment: its attributes, its state, and whether calls reach it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bonito_emulators.azure.clock import Progress
    from bonito_emulators.azure.operations import Operation

_STATUSES = {"Failed": "failed", "Deleting": "deleting"}


@dataclass(kw_only=True)
class Deployment:
    """A deployment that stands in an account; attributes may be changed at any time.

    Attributes:
        name: what callers put into `model` or the path; free of the model's name.
        model: the base model's name in the catalogue.
        version: its version; the newest when None.
        routed: False is the state in which ARM says Succeeded and calls give `unknown_model`.
        rate_limited: every call gives 429.
        status: as the old listing shows it, while ARM says Succeeded.
        tags: as given to ARM; None when none were given.
        provisioning_state: as ARM shows it.
        propagation: while it lasts, calls answer `DeploymentNotFound`.
        wiring: while it lasts, calls answer `unknown_model`.
        operation: what creates or deletes it just now.
    """

    name: str
    model: str
    version: str | None = None
    sku: str = "GlobalStandard"
    capacity: int = 50
    routed: bool = True
    rate_limited: bool = False
    status: str = "succeeded"
    created_at: int = 1_760_000_000
    tags: dict[str, str] | None = None
    version_upgrade_option: str = "OnceNewDefaultVersionAvailable"
    rai_policy: str | None = None
    provisioning_state: str = "Succeeded"
    created_by: str = "00000000-0000-0000-0000-00000000feed"
    modified_at: datetime | None = None
    propagation: Progress | None = field(default=None, repr=False)
    wiring: Progress | None = field(default=None, repr=False)
    operation: Operation | None = field(default=None, repr=False)

    @property
    def listed_status(self) -> str:
        """The status in the listing of the data plane."""
        if self.provisioning_state == "Succeeded":
            return self.status
        return _STATUSES.get(self.provisioning_state, "running")

    @property
    def answers(self) -> bool:
        """Whether a call finds it; a call too early counts as a look."""
        if self.operation is not None:
            self.operation.settle()
        if self.provisioning_state != "Succeeded":
            return False
        return self.propagation is None or self.propagation.look()

    @property
    def wired(self) -> bool:
        """Whether the router knows it; a call too early counts as a look."""
        return self.routed and (self.wiring is None or self.wiring.look())
