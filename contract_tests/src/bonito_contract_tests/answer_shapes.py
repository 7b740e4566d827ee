"""Bodies that stand in a service's place: what proxies, portals and half-dead services answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bonito_providers.errors import (
    AuthenticationError,
    ProviderError,
    RequestError,
    TemporaryError,
)

STATUSES = (
    *(400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 423, 429, 451),
    *(500, 501, 502, 503, 504, 520, 529),
)
"""Refusals that services, their gateways and proxies in front of them are known to answer with."""
_NOT_NOW = frozenset({408, 429})
_WHO_ARE_YOU = frozenset({401, 403})
_ITS_OWN_FAULT = 500


@dataclass(frozen=True)
class Shape:
    """A body.

    Attributes:
        name: What it is, in a few words.
        body: As sent.
        kind: Its content type.
    """

    name: str
    body: bytes
    kind: str = "application/json"

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that go with it."""
        return {"content-type": self.kind}


_PAGE = (
    b"<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Something is wrong</h1>"
    + b"<p>Contact your administrator.</p>" * 40
    + b"</body></html>"
)
_DEEP = b"[" * 5_000 + b"]" * 5_000

NOT_OBJECTS = (
    Shape("an empty body", b"", ""),
    Shape("a page of HTML", _PAGE, "text/html"),
    Shape("null", b"null"),
    Shape("a list", b'["error"]'),
    Shape("a number", b"42"),
    Shape("nesting without end", _DEEP),
    Shape("invalid UTF-8", b'{"error": {"message": "\xff\xfe"}}'),
    Shape("JSON that breaks off", b'{"error": {"code": "unfin'),
)
REFUSALS = (
    Shape("an error object", b'{"error": {"code": "unheard_of", "message": "No."}}'),
    *NOT_OBJECTS,
    Shape("an error that is text", b'{"error": "no", "message": ["no"], "code": {}}'),
    Shape("an error of wrong types", b'{"error": {"code": 7, "message": null, "details": "x"}}'),
    Shape("an error that is a list", b'{"error": [{"code": "x"}], "errors": [null]}'),
    Shape("a key twice", b'{"error": {"code": "a"}, "error": null}'),
    Shape("a long text", json.dumps({"error": {"message": "no " * 20_000}}).encode()),
)
SUCCESSES = (*NOT_OBJECTS, Shape("an empty object", b"{}"), Shape("a text", b'"ok"'))


def reaction(status: int) -> type[ProviderError]:
    """Return the class of what a caller does about a status, whatever the body says."""
    if status in _WHO_ARE_YOU:
        return AuthenticationError
    if status in _NOT_NOW or status >= _ITS_OWN_FAULT:
        return TemporaryError
    return RequestError


def with_wrong_types(document: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the document with every member at its top holding another type than before."""
    if not isinstance(document, dict):
        return document
    return {name: _other(each) for name, each in document.items()}


def _other(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return [0]
    if isinstance(value, list):
        return "none"
    return [] if isinstance(value, dict) else {"value": value}
