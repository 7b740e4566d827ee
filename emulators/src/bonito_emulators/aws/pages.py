"""Lists in pages, with tokens that mean something in one place only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bonito_emulators.aws import errors
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.request import Request

MOST = 1000


def page(
    request: Request, key: str, rows: Sequence[Any], arguments: Mapping[str, str], *, size: int
) -> Reply:
    """Gives the rows that a page has, and the token of the next one.

    Raises:
        Refusal: the token is from elsewhere, or `maxResults` is out of bounds.
    """
    wanted = arguments.get("maxResults", str(size))
    if not wanted.isdecimal() or not 1 <= int(wanted) <= MOST:
        request.violation(f"maxResults is {wanted}")
        raise errors.validation("maxResults is out of bounds")
    place = re.sub("[^a-z]", "", f"{request.path}{arguments.get('type', '')}".lower())
    start = 0
    if "nextToken" in arguments:
        name, _, offset = arguments["nextToken"].partition("-")
        if name != place or not offset.isdecimal():
            request.violation("the nextToken is of no earlier page")
            raise errors.validation("Invalid nextToken")
        start = int(offset)
    end = start + min(size, int(wanted))
    content: dict[str, Any] = {key: list(rows[start:end])}
    if end < len(rows):
        content["nextToken"] = f"{place}-{end}"
    return Reply(content)
