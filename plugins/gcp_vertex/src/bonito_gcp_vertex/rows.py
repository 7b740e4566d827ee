"""What Google's services answer, row by row; fields that are not read are not here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bonito_providers.errors import MalformedAnswer
from bonito_providers.values import Value

if TYPE_CHECKING:
    import httpx

_RESOURCE = re.compile(r"publishers/(?P<publisher>[^/]+)/models/(?P<name>[^/@]+)")


class Row(Value):
    """Names are in camel case on the wire."""

    model_config = ConfigDict(alias_generator=to_camel)


class Machine(Row):
    """What weights run on."""

    machine_type: str = Field(min_length=1)
    accelerator_type: str | None = None
    accelerator_count: int | None = None

    @property
    def sku(self) -> str:
        """The machine's name as a SKU; the service has none of its own."""
        if not self.accelerator_type or self.accelerator_type == "ACCELERATOR_TYPE_UNSPECIFIED":
            return self.machine_type
        return f"{self.machine_type}:{self.accelerator_count or 1}x{self.accelerator_type}"


class Resources(Row):
    """How many of which machine."""

    machine_spec: Machine


class DeployOption(Row):
    """One verified way to deploy weights."""

    dedicated_resources: Resources


class PublisherRow(Row):
    """One version of a model in the catalogue; it has neither a title nor a description."""

    name: str = Field(pattern=_RESOURCE.pattern + "$")
    version_id: str | None = None
    launch_stage: str | None = None
    open_source_category: str | None = None
    supported_actions: Mapping[str, Any] | None = None

    @property
    def publisher(self) -> str:
        """Who published it. The row's template says google for everybody."""
        return self.name.split("/")[1]

    @property
    def model(self) -> str:
        """The model's name."""
        return self.name.split("/")[3]

    @property
    def version(self) -> str | None:
        """The version, where it has one to choose by."""
        return None if self.version_id in (None, "", "default") else self.version_id

    @property
    def id(self) -> str:
        """The version's id in listings and requests."""
        text = f"{self.publisher}/{self.model}"
        return f"{text}@{self.version}" if self.version else text

    @property
    def is_weights(self) -> bool:
        """Whether it is deployed by the customer; else it is served."""
        actions = self.supported_actions or {}
        return bool(actions.get("deploy") or actions.get("multiDeployVertex"))

    @property
    def third_party(self) -> bool:
        """Whether its weights are under somebody else's licence."""
        return (self.open_source_category or "").startswith("THIRD_PARTY")

    @property
    def machines(self) -> tuple[Machine, ...]:
        """What its weights can run on, each once, the verified order kept."""
        actions = self.supported_actions or {}
        several = actions.get("multiDeployVertex")
        options = several.get("multiDeployVertex") if isinstance(several, Mapping) else None
        raw = [actions.get("deploy"), *(options if isinstance(options, list) else ())]
        found = [row.dedicated_resources.machine_spec for row in read_rows(DeployOption, raw)]
        return tuple({machine.sku: machine for machine in found}.values())


class DeployedModelRow(Row):
    """A model on an endpoint."""

    id: str = Field(min_length=1)
    model: str | None = None
    dedicated_resources: Resources | None = None


class EndpointRow(Row):
    """An endpoint of the project."""

    name: str = Field(pattern=r"/endpoints/[^/]+$")
    display_name: str | None = None
    dedicated_endpoint_dns: str | None = None
    deployed_models: tuple[DeployedModelRow, ...] = ()

    @property
    def id(self) -> str:
        """Its name in its region."""
        return self.name.rpartition("/")[2]


class GardenSource(Row):
    """Where an uploaded model came from."""

    public_model_name: str | None = None


class BaseSource(Row):
    """Where an uploaded model came from, whichever way."""

    model_garden_source: GardenSource | None = None


class UploadedModelRow(Row):
    """A model in the project's registry."""

    name: str
    base_model_source: BaseSource | None = None

    @property
    def id(self) -> str:
        """Its name in its region."""
        return self.name.rpartition("/")[2].partition("@")[0]

    @property
    def published(self) -> str | None:
        """The publisher's model it was made from."""
        garden = self.base_model_source and self.base_model_source.model_garden_source
        return garden.public_model_name if garden else None


class StatusRow(Row):
    """Why an operation failed."""

    code: int | None = None
    message: str = ""


class OperationMetadata(Row):
    """What an operation is about."""

    publisher_model: str | None = None
    model_id: str | None = None


class OperationRow(Row):
    """A long operation; a failure stands in an answer that is a success."""

    name: str
    done: bool = False
    error: StatusRow | None = None
    metadata: OperationMetadata | None = None


class ServiceRow(Row):
    """Whether an API is enabled."""

    state: str


class TokenRow(Value):
    """A token, and for how many seconds it lives."""

    access_token: str = Field(min_length=1)
    expires_in: float = Field(gt=0)


AnyRow = TypeVar("AnyRow", bound=Value)


def read_row(kind: type[AnyRow], value: object) -> AnyRow | str:
    """Return a row, or the reason why it cannot be read, which never repeats a value."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "the row"
    return f"{place}: {first['msg']}"


def read_rows(kind: type[AnyRow], values: Iterable[object]) -> tuple[AnyRow, ...]:
    """Return the rows that can be read."""
    rows = (read_row(kind, value) for value in values)
    return tuple(row for row in rows if not isinstance(row, str))


def require_row(kind: type[AnyRow], value: object, response: httpx.Response) -> AnyRow:
    """Return a row that an answer consists of.

    Raises:
        MalformedAnswer: It cannot be read.
    """
    row = read_row(kind, value)
    if isinstance(row, str):
        raise MalformedAnswer(
            f"{response.url.host} answered {response.status_code} with a body of another form: "
            f"{row}.",
            status=response.status_code,
            hint="Try again; if it stays, the service has changed: report it.",
        )
    return row
