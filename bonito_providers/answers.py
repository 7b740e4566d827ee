"""Reading what a service answered: JSON of the expected shape, and how long it asks to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bonito_providers.errors import MalformedAnswer

if TYPE_CHECKING:
    import httpx


def json_object(response: httpx.Response) -> dict[str, Any]:
    """Return the JSON object in an answer.

    Raises:
        MalformedAnswer: The body is not JSON, or is JSON of another type.
    """
    try:
        value = response.json()
    except (ValueError, RecursionError):
        raise _malformed(response, _described(response)) from None
    if not isinstance(value, dict):
        raise _malformed(response, f"JSON of type {type(value).__name__} instead of an object")
    return value


def json_list(container: Mapping[str, Any], key: str, response: httpx.Response) -> list[Any]:
    """Return the list under a key of an answer.

    Raises:
        MalformedAnswer: The key is missing or holds something else.
    """
    value = container.get(key)
    if not isinstance(value, list):
        raise _malformed(response, f"no list under {key!r}")
    return value


def _malformed(response: httpx.Response, what: str) -> MalformedAnswer:
    return MalformedAnswer(
        f"{response.url.host} answered {response.status_code} with {what}.",
        status=response.status_code,
        hint="Try again; if it stays, something between here and the service answers in its "
        "place, or the service has changed: report it with the request id.",
    )


def _described(response: httpx.Response) -> str:
    if not response.content:
        return "an empty body"
    kind = response.headers.get("content-type", "no content type").partition(";")[0]
    return f"{len(response.content)} bytes that are not JSON ({kind[:60]})"


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the seconds a service asks to wait, or None where it does not say.

    Reads ``retry-after-ms`` and ``x-ms-retry-after-ms``, then ``Retry-After`` as seconds or as a
    date. What is negative or unreadable counts as not said.
    """
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        milliseconds = _number(headers.get(name))
        if milliseconds is not None:
            return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    return seconds if seconds is not None else _until(text, now)


def _number(text: str | None) -> float | None:
    # float() also reads "inf", "nan" and "1_0", which no service means.
    if text is None or not text.strip().replace(".", "", 1).isdecimal():
        return None
    return float(text) if len(text) < 20 else None  # noqa: PLR2004 - longer is no waiting time


def _until(text: str | None, now: datetime) -> float | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
