"""A request as the routes see it: parsed once, bound to the account it came to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from bonito_emulators.azure import errors
from bonito_emulators.azure.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.state import State

_MAXIMUM_DEPTH = 64


@dataclass(frozen=True, kw_only=True)
class Call(Request):
    """One request to one account; `parameters` are the named parts of the path."""

    state: State
    account: Account
    parameters: Mapping[str, str]

    def presented_keys(self) -> dict[str, str]:
        """Gives the credentials by header; `authorization` only when it is a bearer."""
        keys = {
            name: self.headers[name] for name in ("api-key", "x-api-key") if name in self.headers
        }
        if self.bearer is not None:
            keys["authorization"] = self.bearer
        return keys

    def query_value(self, name: str, *, allowed: frozenset[str] = frozenset()) -> str | None:
        """Gives one query parameter; every other that is not allowed is a violation.

        Raises:
            Refusal: the parameter was given more than once.
        """
        pairs = parse_qsl(self.query, keep_blank_values=True)
        for unknown in sorted({key for key, _ in pairs} - allowed - {name}):
            self.violation(f"the query parameter {unknown!r} is unknown here")
        values = [value for key, value in pairs if key == name]
        if len(values) > 1:
            self.violation(f"the query parameter {name!r} was given {len(values)} times")
            raise errors.api_version_not_supported()
        return values[0] if values else None

    def json_object(self) -> dict[str, Any]:
        """Parses the body.

        Raises:
            Refusal: it is not declared as JSON, or is no JSON object.
        """
        if self.content_type != "application/json":
            self.violation(f"the content type is {self.content_type!r}")
            raise errors.unsupported_media_type()
        value = _parse(self.body)
        if not isinstance(value, dict):
            self.violation("the body is no JSON object")
            raise errors.invalid_json()
        return value


def _parse(body: bytes) -> object:
    """Parses JSON; gives None for what is none, lone surrogates and NaN included."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
        # Python takes half a surrogate pair for text, which no answer could repeat in UTF-8.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value if _is_shallow(value) else None


def _refuse_constant(name: str) -> object:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _is_shallow(value: object) -> bool:
    """Tells whether it is nested no deeper than .NET's JSON reader goes; that limit is assumed."""
    level = [value]
    for _ in range(_MAXIMUM_DEPTH + 1):
        level = [inner for each in level for inner in _inner(each)]
        if not level:
            return True
    return False


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
