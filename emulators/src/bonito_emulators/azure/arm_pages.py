"""Listings of ARM, whole or page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from starlette.responses import JSONResponse, Response

from bonito_emulators.azure import arm_errors

if TYPE_CHECKING:
    from bonito_emulators.azure.arm_call import ArmCall


def listing(call: ArmCall, items: list[dict[str, Any]]) -> Response:
    """Answers with the page that was asked for; its link to the next has to be followed as it is.

    Raises:
        Refusal: the token of the page was not given out for this listing.
    """
    start = _start(call)
    end = len(items) if call.state.page_size is None else start + call.state.page_size
    page: dict[str, Any] = {"value": items[start:end]}
    if end < len(items):
        token = quote(call.state.next_page(call.path, end), safe="")
        query = f"api-version={call.api_version}&$skiptoken={token}"
        page["nextLink"] = f"https://{call.exchange.host}{quote(call.path)}?{query}"
    return JSONResponse(page)


def _start(call: ArmCall) -> int:
    given = parse_qs(call.query).get("$skiptoken")
    if given is None:
        return 0
    path, offset = call.state.pages.get(given[0], ("", 0))
    if path != call.path:
        call.violation("the skip token was not given out for this listing")
        raise arm_errors.invalid_skip_token()
    return offset
