"""A request as Aviary sees it, and the ways to answer it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from bonito_emulators import Exchange

_BEARER = "Bearer "


class Refusal(Exception):
    """Answered instead of what was asked for."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Reply:
    """An answer: one JSON value, or the events of a stream."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] | None = None

    @property
    def pieces(self) -> list[bytes]:
        """The body, in the pieces in which it is sent."""
        if self.events is None:
            return [json.dumps(self.content).encode()]
        sent = [f"data: {json.dumps(event)}\n\n".encode() for event in self.events]
        return [*sent, b"data: [DONE]\n\n"]


@dataclass(frozen=True)
class Request:
    """One request; header names are in lower case."""

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
        value = self.headers.get("authorization", "")
        return value.removeprefix(_BEARER) if value.startswith(_BEARER) else None

    @property
    def content_type(self) -> str:
        """What the body is declared as."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def form(self) -> dict[str, str]:
        """Return the fields of a form; of one that is given twice, the last."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def unknown(self, what: str, *, status: int = 400, code: str = "unknown") -> NoReturn:
        """Record that the client did what Aviary does not know, and refuse it.

        Raises:
            Refusal: Always.
        """
        self.exchange.violation(f"{self.method} {self.host}{self.path}: {what}")
        raise Refusal(status, code, what)

    def no_such_path(self) -> NoReturn:
        """Refuse a path or method that does not exist, and record it.

        Raises:
            Refusal: Always.
        """
        self.unknown("there is no such path or method", status=404, code="no_such_path")

    def read_query(self, known: frozenset[str]) -> dict[str, str]:
        """Return the query.

        Raises:
            Refusal: It has keys that this path does not know, or one twice.
        """
        pairs = parse_qsl(self.query, keep_blank_values=True)
        names = [name for name, _ in pairs]
        surplus = sorted({name for name in names if name not in known or names.count(name) > 1})
        if surplus:
            self.unknown(f"the query holds {', '.join(surplus)}")
        return dict(pairs)

    def secrets(self) -> list[str]:
        """Return what the client authenticates with, for refusals that quote it."""
        query = dict(parse_qsl(self.query))
        form = self.form() if self.content_type == "application/x-www-form-urlencoded" else {}
        given = (self.headers.get("x-aviary-key"), self.bearer, form.get("client_secret"))
        return [secret for secret in (*given, query.get("ticket")) if secret]
