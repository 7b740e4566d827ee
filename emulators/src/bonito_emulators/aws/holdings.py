"""What stands in an account, and what somebody pays for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Charge:
    """Something that was created, deleted or called."""

    happening: str
    name: str
    model: str
    hourly: bool = False


@dataclass(kw_only=True)
class Profile:
    """An application inference profile."""

    name: str
    id: str
    arn: str
    region: str
    model: str
    models: list[str]
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def shown(self) -> dict[str, Any]:
        """The profile as listings have it."""
        row = {
            "inferenceProfileName": self.name,
            "inferenceProfileArn": self.arn,
            "inferenceProfileId": self.id,
            "models": [{"modelArn": arn} for arn in self.models],
            "status": "ACTIVE",
            "type": "APPLICATION",
            "createdAt": self.created_at.isoformat(),
            "updatedAt": self.created_at.isoformat(),
        }
        return {**row, "description": self.description} if self.description else row


@dataclass(kw_only=True)
class Throughput:
    """Provisioned throughput, billed by the hour.

    Attributes:
        looks: how often it will still be found unfinished.
        failing: whether building it ends in a failure.
    """

    name: str
    id: str
    arn: str
    region: str
    model: str
    units: int
    commitment: str | None
    token: str | None
    tags: dict[str, str] = field(default_factory=dict)
    status: str = "Creating"
    looks: int = 0
    failing: bool = False
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def look(self) -> None:
        """Lets time pass by one look."""
        if self.status != "Creating":
            return
        if self.looks > 0:
            self.looks -= 1
        else:
            self.finish()

    def finish(self) -> None:
        """Ends the building."""
        if self.status == "Creating":
            self.status = "Failed" if self.failing else "InService"

    @property
    def shown(self) -> dict[str, Any]:
        """The throughput as listings have it."""
        arn = f"arn:aws:bedrock:{self.region}::foundation-model/{self.model}"
        row: dict[str, Any] = {
            "provisionedModelName": self.name,
            "provisionedModelArn": self.arn,
            "modelArn": arn,
            "desiredModelArn": arn,
            "foundationModelArn": arn,
            "modelUnits": self.units,
            "desiredModelUnits": self.units,
            "status": self.status,
            "creationTime": self.created_at.isoformat(),
            "lastModifiedTime": self.created_at.isoformat(),
        }
        return {**row, "commitmentDuration": self.commitment} if self.commitment else row
