"""What a data plane's refusals mean: status and code to an error, never the raw body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_providers import answers
from bonito_providers.errors import (
    ContentFiltered,
    DeploymentNotFound,
    HostRefused,
    InvalidRequest,
    ModelNotFound,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

_LONGEST = 300
"""Characters of a service's own words that an error repeats."""
_REQUEST_ID_HEADERS = ("apim-request-id", "x-request-id", "x-ms-request-id")

Meaning = tuple[type[ProviderError], str]
"""An error's class, and the hint of what to do about it."""

_BY_CODE: dict[str, Meaning] = {
    "DeploymentNotFound": (
        DeploymentNotFound,
        (
            "Check the deployment's name, which may differ from the model's. One created in the "
            "last minutes may not answer yet."
        ),
    ),
    "content_filter": (ContentFiltered, "Change the prompt, or the deployment's content filter."),
}
_BY_STATUS: dict[int, Meaning] = {
    403: (
        PermissionMissing,
        "The resource's network rules or roles keep this call out; its owner can allow it.",
    ),
    408: (ServiceUnavailable, "Try again."),
    410: (ModelNotFound, "The model behind it is retired; deploy a newer one."),
    413: (InvalidRequest, "Send less at once."),
    429: (RateLimited, "Wait, or raise the deployment's capacity."),
}

_SILENT = "The service gives no reason. Compare the request with its documentation."


@dataclass(frozen=True)
class Refusals:
    """A provider's reading of refusals: what it adds to what all data planes mean.

    Attributes:
        by_code: What the service's codes mean.
        by_status: What a status means where no code is known.
        redirected: What is said where the service redirects.
        code_header: Header that names the code where the body does not.
        code_key: What stands in for the code where neither names one.
    """

    by_code: Mapping[str, Meaning]
    by_status: Mapping[int, Meaning]
    redirected: str
    code_header: str = ""
    code_key: str = ""

    def raise_for(self, response: httpx.Response, *, now: datetime) -> None:
        """Raise the error that a refused answer stands for; return if it is a success.

        Args:
            response: The answer, read.
            now: For a Retry-After that is a date.

        Raises:
            ProviderError: The class says what the caller can do about it.
        """
        status = response.status_code
        if 200 <= status < 300:  # noqa: PLR2004 - the range of success
            return
        code, words = self.read_error(response)
        kind, hint = self._meaning(status, code)
        raise kind(
            f"{response.url.host} answered {status}{_said(code, words)}",
            hint=hint or ("" if words else _SILENT),
            status=status,
            code=code,
            request_id=request_id(response),
            retry_after=answers.retry_after(response.headers, now=now),
        )

    def read_error(self, response: httpx.Response) -> tuple[str | None, str]:
        """Return the code and the words of a refusal, in whichever of the known forms it comes.

        The forms: ``{"error": {"code", "message"}}`` of the data planes, ``{"statusCode",
        "message"}`` of the gateway before them, and pages of whatever stands in between, whose
        text is not repeated.
        """
        header = _code(response.headers.get(self.code_header))
        try:
            body: Any = response.json()
        except (ValueError, RecursionError):
            return header, ""
        error = body.get("error", body) if isinstance(body, dict) else {}
        if not isinstance(error, dict):
            return header, _words(error)
        other = _code(error.get(self.code_key)) or _code(error.get("statusCode"))
        code = _code(error.get("code")) or header or other
        return code, _words(error.get("message"))

    def _meaning(self, status: int, code: str | None) -> Meaning:
        by_code = {**_BY_CODE, **self.by_code}
        by_status = {**_BY_STATUS, **self.by_status}
        if code in by_code and 400 <= status < 500:  # noqa: PLR2004 - the service's refusals
            return by_code[code]
        if status in by_status:
            return by_status[status]
        if 300 <= status < 400:  # noqa: PLR2004 - redirects
            return HostRefused, self.redirected
        if status >= 500:  # noqa: PLR2004 - the service's failures
            return ServiceUnavailable, "Try again in a moment."
        return InvalidRequest, ""


def request_id(response: httpx.Response) -> str | None:
    """Return what to quote to the service's support."""
    found = (response.headers.get(name) for name in _REQUEST_ID_HEADERS)
    return next((str(value)[:100] for value in found if value), None)


def _code(value: object) -> str | None:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[\w.-]{1,100}", text) else None


def _words(value: object) -> str:
    """Return the beginning of a text in one line that any page and terminal can show."""
    start = value[: 4 * _LONGEST] if isinstance(value, str) else ""
    text = " ".join("".join(each if each.isprintable() else " " for each in start).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _said(code: str | None, words: str) -> str:
    named = f" ({code})" if code and not code.isdigit() else ""
    return f"{named}: {words}" if words else f"{named}."
