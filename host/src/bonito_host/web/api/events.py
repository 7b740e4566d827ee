"""Checks as server-sent events, for who asks for them."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bonito_host.output import error_document
from bonito_host.web.following import Check, Followed
from bonito_providers.errors import BonitoError
from bonito_providers.report import CheckItem

Document = TypeVar("Document", bound=BaseModel)

_KIND = "text/event-stream"
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Where events are accepted: `item` carries each item as soon as it is "
        "known; `end` what is answered otherwise, or `error` an error, is the last.",
        "content": {_KIND: {"schema": {"type": "string"}}},
    }
}


def wants_events(request: Request) -> bool:
    """Tell whether the caller takes server-sent events."""
    accepted = request.headers.get("accept", "").split(",")
    return _KIND in {each.partition(";")[0].strip().lower() for each in accepted}


def events(check: Check[Document]) -> Response:
    """Return the events of a check; its last one carries the document that it returns."""
    return Followed(check, _Events(), media_type=_KIND)


class _Events:
    def begun(self) -> str:
        # A comment: whoever waits knows at once that the check is going on.
        return ": checking\n\n"

    def found(self, item: CheckItem) -> str:
        return _event("item", item.model_dump_json())

    def done(self, result: BaseModel) -> str:
        return _event("end", result.model_dump_json())

    def failed(self, error: BonitoError) -> str:
        return _event("error", json.dumps({"error": error_document(error)}))


def _event(kind: str, data: str) -> str:
    return f"event: {kind}\ndata: {data}\n\n"
