"""What a credential schema says of its fields, and what reading a value comes to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.violation import Violation, must
from bonito_providers import Credentials
from bonito_providers.errors import InvalidCredentials

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench


@dataclass(frozen=True)
class FormField:
    """One field of a form.

    Attributes:
        name: The field's name.
        schema: Its JSON Schema, without the null that an optional field allows.
        required: Whether a form asks for it.
    """

    name: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def secret(self) -> bool:
        """Whether a form hides what is typed."""
        return self.schema.get("writeOnly") is True

    @property
    def chosen(self) -> bool:
        """Whether a person chooses instead of typing."""
        return bool(self.schema.keys() & {"const", "enum", "$ref", "oneOf"}) or (
            self.schema.get("type") == "boolean"
        )

    def lets_through(self, text: str) -> bool:
        """Tell whether a form that keeps to its JSON Schema sends that text."""
        allowed = self.schema.get("enum") or [self.schema.get("const", text)]
        least, most = self.schema.get("minLength", 0), self.schema.get("maxLength", len(text))
        pattern = self.schema.get("pattern", "")
        return text in allowed and least <= len(text) <= most and bool(re.search(pattern, text))


def fields_of(bench: Bench) -> list[FormField]:
    """Return the fields of the form, in its order."""
    form = bench.provider.schema.form()
    required = form.get("required", ())
    return [
        FormField(name, _without_null(schema), name in required)
        for name, schema in form.get("properties", {}).items()
    ]


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    given = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    inner = given[0] if len(given) == 1 else {}
    return {**inner, **{key: value for key, value in schema.items() if key != "anyOf"}}


def refusal_of(bench: Bench, raw: Mapping[str, Any]) -> InvalidCredentials | None:
    """Return how the schema refuses what was given; None where it accepts it."""
    try:
        bench.provider.read_credentials(raw)
    except InvalidCredentials as error:
        return error
    return None


def must_be_refused(bench: Bench, raw: Mapping[str, Any], field: str, *, how: str) -> None:
    """Go on only if a field is refused by its name.

    Raises:
        Violation: It is accepted, or something else is refused.
    """
    refusal = refusal_of(bench, raw)
    if refusal is None:
        raise Violation(f"{field} {how} is accepted", expected=f"a refusal that names {field}")
    named = [name.partition(".")[0] for name in refusal.problems]
    must(
        field in named or re.search(rf"\b{re.escape(field)}\b", str(refusal)),
        seen=f"{field} {how} is refused as a problem of {', '.join(named)}",
        expected=f"a refusal that names {field}",
    )


def meaning(credentials: Credentials) -> dict[str, Any]:
    """Return what credentials hold, as JSON stores it."""
    stored: dict[str, Any] = json.loads(json.dumps(credentials.reveal()))
    return stored


def different(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return the names of the fields in which two differ; never a value."""
    return sorted(
        name for name in {*first, *second} if first.get(name, ...) != second.get(name, ...)
    )


def texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields whose value is a text."""
    for name, value in fields.items():
        if isinstance(value, str):
            yield name, value
