"""A request as it reached one of the hosts, and the answers it may get."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from bonito_emulators.aws import errors

if TYPE_CHECKING:
    from bonito_emulators.exchange import Exchange


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `path` and `query` are raw, as signed, and header names in lower case."""

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
    def service(self) -> str:
        """The first label of the host: `bedrock`, `bedrock-runtime` or `sts`."""
        return self.host.partition(".")[0]

    @property
    def region(self) -> str:
        """The second label of the host."""
        return self.host.split(".")[1]

    @property
    def segments(self) -> list[str]:
        """The parts of the path, decoded; a slash inside an ARN divides nothing."""
        return [unquote(part) for part in self.path.removeprefix("/").split("/")]

    def violation(self, sentence: str) -> None:
        """Records what the service does not know, with the request it came in."""
        self.exchange.violation(f"{self.method} {self.host}{self.path}: {sentence}")

    def arguments(self, *known: str) -> dict[str, str]:
        """Gives the query.

        Raises:
            Refusal: it has names that this operation does not know.
        """
        pairs = parse_qsl(self.query, keep_blank_values=True)
        for name in sorted({name for name, _ in pairs} - set(known)):
            self.violation(f"the query parameter {name!r} is unknown here")
            raise errors.validation(f"unknown parameter {name}")
        return dict(pairs)

    def form(self) -> dict[str, str]:
        """Gives the fields of a form."""
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def json_object(self, *, required: Iterable[str] = (), known: Iterable[str]) -> dict[str, Any]:
        """Parses the body.

        Raises:
            Refusal: it is no JSON object, lacks a member, or has one that is not known.
        """
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            self.violation("the body is no JSON object")
            raise errors.validation("The request body is not valid JSON.")
        unknown = sorted(set(value) - {*known, *required})
        missing = sorted(set(required) - set(value))
        if unknown or missing:
            self.violation(f"the body has the unknown {unknown} and lacks {missing}")
            raise errors.validation(f"Malformed input request: {unknown or missing}")
        return value


@dataclass(frozen=True)
class Reply:
    """An answer: JSON, or the pieces of another type."""

    content: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] | None = None
    content_type: str = "application/json"

    @property
    def body(self) -> tuple[bytes, ...]:
        """What is sent, piece by piece."""
        if self.pieces is not None:
            return self.pieces
        return (b"" if self.content is None else json.dumps(self.content).encode(),)


Serve = Callable[..., Reply]
