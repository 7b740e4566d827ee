"""Bodies against a schema: the first fault found, and the refusal the OpenAI routes give for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from bonito_emulators.azure import errors
from bonito_emulators.models.schema import Strict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

    from bonito_emulators.azure.call import Call

# A value outside the emulator's lists may be new to the emulator only, so a test has to look.
_UNLISTED = frozenset({"literal_error", "union_tag_invalid"})
_EXPECTED = {
    "bool_type": "a boolean",
    "dict_type": "an object",
    "float_type": "a decimal",
    "int_type": "an integer",
    "list_type": "an array",
    "model_attributes_type": "an object",
    "model_type": "an object",
    "string_type": "a string",
}
_NAMES = {
    bool: "a boolean",
    dict: "an object",
    float: "a decimal",
    int: "an integer",
    list: "an array",
    str: "a string",
    type(None): "null",
}
_BOUNDS = {
    "greater_than_equal": ("below", "minimum", ">=", "ge", "below_min_value"),
    "less_than_equal": ("above", "maximum", "<=", "le", "above_max_value"),
}


Schema = TypeVar("Schema", bound=Strict)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Where a body is wrong and how; `kind`, `message` and `context` are pydantic's."""

    place: tuple[str | int, ...]
    kind: str
    message: str
    value: object
    context: Mapping[str, Any]

    @property
    def dotted(self) -> str:
        """The place as Anthropic writes it: `messages.0.content`."""
        return ".".join(map(str, self.place))

    @property
    def indexed(self) -> str:
        """The place as OpenAI writes it: `messages[0].content`."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place)
        return "".join(steps).removeprefix(".")


def read(
    call: Call,
    body: Mapping[str, Any],
    *,
    schema: type[Schema],
    refuse: Callable[[Fault], errors.Refusal],
) -> Schema:
    """Reads a body; a value outside a list of values is a violation too.

    Raises:
        Refusal: the body does not fit the schema.
    """
    try:
        return schema.model_validate(body)
    except ValidationError as error:
        fault = _first_fault(error, body)
    if fault.kind in _UNLISTED:
        call.violation(f"{fault.indexed} has a value that is not listed: {fault.message}")
    raise refuse(fault)


def openai_refusal(fault: Fault) -> errors.Refusal:
    """Refuses in the words of the OpenAI routes. Source: OpenAI's own API, same code base."""
    name, value = fault.indexed, fault.value
    if fault.kind == "missing":
        return errors.missing_property(name)
    if fault.kind in _BOUNDS:
        return _out_of_bounds(fault)
    if expected := _EXPECTED.get(fault.kind):
        got = f"expected {expected}, but got {_NAMES[type(value)]} instead."
        message = f"Invalid type for '{name}': {got}"
        return errors.invalid_value(message, parameter=name, code="invalid_type")
    return errors.invalid_value(f"Invalid value for '{name}': {fault.message}.", parameter=name)


def _out_of_bounds(fault: Fault) -> errors.Refusal:
    side, end, sign, bound, code = _BOUNDS[fault.kind]
    sort = "integer" if isinstance(fault.value, int) else "decimal"
    message = (
        f"Invalid '{fault.indexed}': {sort} {side} {end} value. Expected a value {sign}"
        f" {fault.context[bound]}, but got {fault.value} instead."
    )
    return errors.invalid_value(message, parameter=fault.indexed, code=f"{sort}_{code}")


def _first_fault(error: ValidationError, body: Mapping[str, Any]) -> Fault:
    """Picks the deepest fault of the first wrong field: of a union, the member that was meant."""
    details = error.errors(include_url=False)
    faults = [_fault(each, body) for each in details if each["loc"][0] == details[0]["loc"][0]]
    return max(faults, key=lambda fault: (len(fault.place), fault.kind not in _EXPECTED))


def _fault(details: ErrorDetails, body: Mapping[str, Any]) -> Fault:
    return Fault(
        place=_place(details, body),
        kind=details["type"],
        message=details["msg"],
        value=details["input"],
        context=details.get("ctx", {}),
    )


def _place(details: ErrorDetails, body: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Gives the steps that the body has, without those that name a member of a union."""
    value: object = body
    steps: list[str | int] = []
    for step in details["loc"]:
        known = step in value if isinstance(value, dict) else isinstance(step, int)
        if known and isinstance(value, dict | list):
            value = value[step]  # type: ignore[index]  # JSON, followed by its own path
            steps.append(step)
    if details["type"] == "missing":
        steps.append(details["loc"][-1])
    return tuple(steps)
