"""What the data plane's refusals mean: status and code to an error, never the raw body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from bonito_providers import answers
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    HostRefused,
    InvalidRequest,
    KeyAuthenticationDisabled,
    MalformedAnswer,
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


class SurfaceAbsent(InvalidRequest):
    """The resource, or this deployment, is not served on that path."""


_BY_CODE: dict[str, tuple[type[ProviderError], str]] = {
    "AuthenticationTypeDisabled": (
        KeyAuthenticationDisabled,
        (
            "The resource takes no keys. Leave the key out and give a service principal with the "
            "role Cognitive Services User, or have its owner allow keys again: "
            "`az resource update --ids <resource id> --set properties.disableLocalAuth=false`."
        ),
    ),
    "PermissionDenied": (
        PermissionMissing,
        (
            "Give the service principal the role Cognitive Services User on the resource; it takes "
            "minutes to be seen."
        ),
    ),
    "DeploymentNotFound": (
        DeploymentNotFound,
        (
            "Check the deployment's name, which may differ from the model's. One created in the "
            "last minutes may not answer yet."
        ),
    ),
    "unknown_model": (
        DeploymentNotFound,
        (
            "The service does not route this name yet. If it was deployed in the last minutes, "
            "wait; else check the name."
        ),
    ),
    "api_not_supported": (
        SurfaceAbsent,
        "Models of this format are served on another path of the same endpoint.",
    ),
    "content_filter": (ContentFiltered, "Change the prompt, or the deployment's content filter."),
}
_BY_STATUS: dict[int, tuple[type[ProviderError], str]] = {
    400: (InvalidRequest, ""),
    401: (
        CredentialsRejected,
        "Copy the key again from the same resource as the endpoint; it may have been regenerated.",
    ),
    403: (
        PermissionMissing,
        "The resource's network rules or roles keep this call out; its owner can allow it.",
    ),
    404: (SurfaceAbsent, "The resource does not serve this path."),
    408: (ServiceUnavailable, "Try again."),
    409: (InvalidRequest, ""),
    410: (ModelNotFound, "The model behind it is retired; deploy a newer one."),
    413: (InvalidRequest, "Send less at once."),
    415: (InvalidRequest, ""),
    422: (InvalidRequest, ""),
    429: (RateLimited, "Wait, or raise the deployment's capacity."),
}


def raise_for(response: httpx.Response, *, now: datetime) -> None:
    """Raise the error that a refused answer stands for; return if it is a success.

    Args:
        response: The answer, read.
        now: For a Retry-After that is a date.

    Raises:
        ProviderError: The class says what the caller can do about it.
    """
    status = response.status_code
    if not 200 <= status < 300:  # noqa: PLR2004 - the range of success
        _refuse(response, status, now)


def _refuse(response: httpx.Response, status: int, now: datetime) -> NoReturn:
    code, words = read_error(response)
    kind, hint = _meaning(status, code)
    host = response.url.host
    raise kind(
        f"{host} answered {status}{_said(code, words)}",
        hint=hint,
        status=status,
        code=code,
        request_id=request_id(response),
        retry_after=answers.retry_after(response.headers, now=now),
    )


def _meaning(status: int, code: str | None) -> tuple[type[ProviderError], str]:
    if code in _BY_CODE and 400 <= status < 500:  # noqa: PLR2004 - the service's refusals
        return _BY_CODE[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return HostRefused, "Redirects are never followed: the key would travel along."
    if status >= 500:  # noqa: PLR2004 - the service's failures
        return ServiceUnavailable, "Try again in a moment."
    return MalformedAnswer, "No known answer of the service has this status."


def read_error(response: httpx.Response) -> tuple[str | None, str]:
    """Return the code and the words of a refusal, in whichever of the known forms it comes.

    The forms: ``{"error": {"code", "message"}}`` of the data planes, ``{"error": {"type",
    "message"}}`` of the Anthropic surface, ``{"statusCode", "message"}`` of the gateway before
    them, and pages of whatever stands in between, whose text is not repeated.
    """
    header = response.headers.get("x-ms-error-code")
    try:
        body: Any = response.json()
    except (ValueError, RecursionError):
        return _code(header), ""
    error = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(error, dict):
        return _code(header), _words(error)
    code = _code(error.get("code")) or _code(header) or _code(error.get("type"))
    return code, _words(error.get("message"))


def request_id(response: httpx.Response) -> str | None:
    """Return what to quote to the service's support."""
    for name in _REQUEST_ID_HEADERS:
        value = response.headers.get(name)
        if value:
            return str(value)[:100]
    return None


def _code(value: object) -> str | None:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text[:100] if re.fullmatch(r"[\w.-]+", text[:101]) else None


def _words(value: object) -> str:
    """Return the beginning of a text in one line that any page and terminal can show."""
    start = value[: 4 * _LONGEST] if isinstance(value, str) else ""
    text = " ".join("".join(each if each.isprintable() else " " for each in start).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _said(code: str | None, words: str) -> str:
    named = f" ({code})" if code and not code.isdigit() else ""
    return f"{named}: {words}" if words else f"{named}."
