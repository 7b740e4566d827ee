"""A request as Google's hosts see it, and the ways to answer it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from bonito_emulators.gcp import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bonito_emulators.exchange import Exchange

_SYSTEM = frozenset({"$alt", "alt", "key", "prettyPrint"})
"""Query parameters that every Google API takes."""


@dataclass(frozen=True)
class Reply:
    """An answer: one JSON value, or events that are sent one by one."""

    content: Any = None
    status: int = 200
    events: Iterable[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `path` is decoded, header names are in lower case."""

    exchange: Exchange
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        """The name that was asked."""
        return self.exchange.host

    @property
    def bearer(self) -> str | None:
        """What stands behind ``Authorization: Bearer``."""
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return value if scheme.lower() == "bearer" else None

    @property
    def content_type(self) -> str:
        """What the body is declared as, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def violation(self, sentence: str) -> None:
        """Records what the service does not know, with the request it came in."""
        self.exchange.violation(f"{self.method} {self.host}{self.path}: {sentence}")

    def no_such_route(self) -> refusals.Refusal:
        """Gives the refusal for a path or method that does not exist, and records it."""
        self.violation("there is no such path or method")
        return refusals.no_such_route()

    def read_query(self, *known: str) -> dict[str, str]:
        """Gives the query; of what is given twice, the last.

        Raises:
            Refusal: It has parameters that this path does not know.
        """
        given = dict(parse_qsl(self.query, keep_blank_values=True))
        unknown = sorted(given.keys() - _SYSTEM - set(known))
        if unknown:
            self.violation(f"the query holds {', '.join(unknown)}")
            raise refusals.invalid(
                f'Invalid JSON payload received. Unknown name "{unknown[0]}": Cannot bind query '
                "parameter."
            )
        return given

    def json_object(self, known: frozenset[str] | None = None) -> dict[str, Any]:
        """Gives the body; names are known as they are written here, or in snake case.

        Raises:
            Refusal: It is no JSON object, or has names that the service does not know.
        """
        if self.content_type != "application/json":
            self.violation(f"the body is declared as {self.content_type or 'nothing'}")
        try:
            body = json.loads(self.body or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise refusals.invalid("Invalid JSON payload received. Expected an object.")
        named = {camel(name): value for name, value in body.items()}
        if known is None:
            return body
        if unknown := sorted(named.keys() - known):
            self.violation(f"the body holds {', '.join(unknown)}")
            raise refusals.invalid(
                f'Invalid JSON payload received. Unknown name "{unknown[0]}": Cannot find field.'
            )
        return named


def camel(name: str) -> str:
    """Gives the JSON name of a field; both ways to write it are taken."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def page(
    request: Request, rows: list[dict[str, Any]], *, size: int, key: str, query: Mapping[str, str]
) -> Reply:
    """Answers with a page of a list; the token of the next one is absent on the last.

    Raises:
        Refusal: The token is none that was handed out.
    """
    token = query.get("pageToken", "")
    start = int(token.removeprefix("page-")) if token.removeprefix("page-").isdecimal() else 0
    if token and not token.startswith("page-"):
        raise refusals.invalid("Page token is invalid.")
    asked = query.get("pageSize", "")
    end = start + (min(size, int(asked)) if asked.isdecimal() and int(asked) else size)
    content: dict[str, Any] = {key: rows[start:end]} if rows[start:end] else {}
    if end < len(rows):
        content["nextPageToken"] = f"page-{end}"
    return Reply(content)
