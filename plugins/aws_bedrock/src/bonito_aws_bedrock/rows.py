"""Rows of Bedrock's listings, read one by one; what the service adds to them is passed over.

Enumerations are texts here: botocore's lists of values lag behind the service's
(``INFERENCE_PROFILE`` and ``SPEECH`` are in none of them).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from bonito_providers.errors import MalformedAnswer
from bonito_providers.values import Value

_FOUNDATION = "foundation-model/"
_ARN = r"^arn(:[^:]*){4}:"
"""``arn:partition:service:region:account:``; region and account may be empty."""

Row = TypeVar("Row", bound=Value)


class Lifecycle(Value):
    """How near a model is to its end."""

    status: str | None = None
    legacy: datetime | None = Field(default=None, alias="legacyTime")
    end: datetime | None = Field(default=None, alias="endOfLifeTime")


class ModelRow(Value):
    """A foundation model."""

    id: str = Field(alias="modelId", min_length=1)
    arn: str = Field(alias="modelArn", min_length=1)
    publisher: str | None = Field(default=None, alias="providerName")
    inputs: tuple[str, ...] | None = Field(default=None, alias="inputModalities")
    outputs: tuple[str, ...] | None = Field(default=None, alias="outputModalities")
    types: tuple[str, ...] | None = Field(default=None, alias="inferenceTypesSupported")
    lifecycle: Lifecycle = Field(default=Lifecycle(), alias="modelLifecycle")


class Destination(Value):
    """A model in a region, or in every region where the ARN names none."""

    arn: str = Field(alias="modelArn", pattern=_ARN)

    @property
    def region(self) -> str:
        """The region; empty for every one."""
        return self.arn.split(":")[3]

    @property
    def model(self) -> str:
        """The model's id."""
        return self.arn.rpartition(_FOUNDATION)[2]


class ProfileRow(Value):
    """An inference profile, of the service or of the account."""

    id: str = Field(alias="inferenceProfileId", min_length=1)
    arn: str = Field(alias="inferenceProfileArn", pattern=_ARN)
    name: str = Field(alias="inferenceProfileName", min_length=1)
    models: tuple[Destination, ...] = Field(min_length=1)
    status: str | None = None
    type: str | None = None
    created_at: datetime | None = Field(default=None, alias="createdAt")

    @property
    def model(self) -> str:
        """The id of the model, which is the same in every region."""
        return self.models[0].model

    @property
    def regions(self) -> frozenset[str]:
        """Where it routes to; the empty name stands for everywhere."""
        return frozenset(each.region for each in self.models)

    @property
    def scope(self) -> str:
        """`global`, `geo`, or `on_demand` for one region alone."""
        if "" in self.regions:
            return "global"
        return "geo" if len(self.regions) > 1 or self.type == "SYSTEM_DEFINED" else "on_demand"


class ThroughputRow(Value):
    """Provisioned throughput."""

    arn: str = Field(alias="provisionedModelArn", min_length=1)
    name: str = Field(alias="provisionedModelName", min_length=1)
    model_arn: str = Field(alias="modelArn", min_length=1)
    units: int | None = Field(default=None, alias="modelUnits")
    status: str | None = None
    commitment: str | None = Field(default=None, alias="commitmentDuration")
    failure: str | None = Field(default=None, alias="failureMessage")

    @property
    def model(self) -> str:
        """The model's id."""
        return self.model_arn.rpartition(_FOUNDATION)[2]


def read(kind: type[Row], raw: Any) -> Row | None:  # noqa: ANN401 - whatever the service sent
    """Return a row, or None where it cannot be read."""
    try:
        return kind.model_validate(raw)
    except ValidationError:
        return None


def require(kind: type[Row], raw: Any) -> Row:  # noqa: ANN401 - whatever the service sent
    """Return a row.

    Raises:
        MalformedAnswer: It cannot be read.
    """
    row = read(kind, raw)
    if row is None:
        raise MalformedAnswer(
            f"Bedrock answered with something that is no {kind.__name__.removesuffix('Row')}.",
            hint="Try again; if it stays, report it.",
        )
    return row
