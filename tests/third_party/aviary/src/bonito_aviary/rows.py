"""What Aviary answers, row by row; fields that are not read are not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from pydantic import AwareDatetime, Field, ValidationError

from bonito_providers.errors import MalformedAnswer
from bonito_providers.values import Value

if TYPE_CHECKING:
    import httpx


class VersionRow(Value):
    """One version of a model."""

    version: str = Field(min_length=1)
    default: bool = False


class Bounds(Value):
    """The bounds of a capacity; None is unknown."""

    minimum: int | None = Field(default=None, alias="min")
    maximum: int | None = Field(default=None, alias="max")
    step: int | None = None
    default: int | None = None


class SkuRow(Value):
    """One way in which a model is offered."""

    name: str = Field(min_length=1)
    capacity: Bounds = Bounds()
    quota_key: str | None = None
    billed_hourly: bool | None = None


class ModelRow(Value):
    """A model; None is unknown everywhere."""

    name: str = Field(min_length=1)
    versions: tuple[VersionRow, ...] = ()
    publisher: str | None = None
    kind: str | None = None
    context_window: int | None = None
    lifecycle: str | None = None
    retires_at: AwareDatetime | None = None
    partner: bool | None = None
    terms: bool | None = None
    skus: tuple[SkuRow, ...] | None = None


class CardRow(Value):
    """A model as an account lists it to a key: ``name@version``."""

    id: str = Field(min_length=1)
    owned_by: str | None = None


class QuotaRow(Value):
    """A limit, and how much of it is in use."""

    key: str
    limit: int | None = None
    used: int | None = None
    unit: str | None = None


class DeploymentRow(Value):
    """A deployment; an account's own listing tells neither SKU nor tags."""

    name: str = Field(min_length=1)
    model: str | None = None
    version: str | None = None
    kind: str | None = None
    state: str
    sku: str | None = None
    capacity: int | None = None
    tags: Mapping[str, str] | None = None
    operation: str | None = None


class Failure(Value):
    """Why an operation failed."""

    code: str | None = None
    message: str = ""


class OperationRow(Value):
    """How a long operation stands."""

    status: str
    error: Failure | None = None


class AccountRow(Value):
    """An account as management knows it."""

    host: str


class TokenRow(Value):
    """A token, and for how many seconds it lives."""

    access_token: str = Field(min_length=1)
    expires_in: float = Field(gt=0)


Row = TypeVar("Row", bound=Value)


def read_row(kind: type[Row], value: object) -> Row | str:
    """Return a row, or the reason why it cannot be read, which never repeats a value."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "the row"
    return f"{place}: {first['msg']}"


def read_rows(kind: type[Row], values: Iterable[object]) -> tuple[Row, ...]:
    """Return the rows that can be read."""
    rows = (read_row(kind, value) for value in values)
    return tuple(row for row in rows if not isinstance(row, str))


def require_row(kind: type[Row], value: object, response: httpx.Response) -> Row:
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
