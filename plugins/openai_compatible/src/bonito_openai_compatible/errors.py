"""What refusals mean: status and code to an error, never the raw body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bonito_providers import answers
from bonito_providers.errors import (
    Conflict,
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    HostRefused,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

_Meaning = tuple[type[ProviderError], str]

_NO_CREDIT = "The account has no credit left: add some, or raise its limit."
_NO_MODEL = "List the models: names are written as there."
_BY_CODE: dict[str, _Meaning] = {
    "content_filter": (ContentFiltered, "Change the prompt."),
    "content_policy_violation": (ContentFiltered, "Change the prompt."),
    "insufficient_quota": (PermissionMissing, _NO_CREDIT),
    "model_not_found": (DeploymentNotFound, _NO_MODEL),
    "no_db_connection": (
        CredentialsRejected,
        "A LiteLLM Proxy without a database takes its master key alone.",
    ),
}
_BY_STATUS: dict[int, _Meaning] = {
    401: (CredentialsRejected, "Copy the key again, from the account that the endpoint is for."),
    402: (PermissionMissing, _NO_CREDIT),
    403: (PermissionMissing, "Let the account's owner allow this key to do it."),
    404: (InvalidRequest, "No API answers at this path: check the base URL."),
    408: (ServiceUnavailable, "Try again in a moment."),
    409: (Conflict, "Try again in a moment."),
    429: (RateLimited, "Wait, or ask the service for a higher limit."),
}
_LONGEST = 300
"""Characters of the service's own words that an error repeats."""


@dataclass(frozen=True)
class Said:
    """What the body of a refusal says.

    Attributes:
        code: The service's own code, or its type where it has no code.
        words: In one line.
        flagged: Whether a prompt was refused for what it says.
    """

    code: str | None = None
    words: str = ""
    flagged: bool = False


def refusal(response: httpx.Response, *, now: datetime, status: int | None = None) -> ProviderError:
    """Return the error that an answer other than a success stands for.

    Args:
        response: The answer, read.
        now: For a Retry-After that is a date.
        status: What the body says in place of the answer's own status.
    """
    status = response.status_code if status is None else status
    said = _said(response)
    kind, hint = _meaning(status, said, calling=response.request.method == "POST")
    named = f" ({said.code})" if said.code else ""
    return kind(
        f"{response.url.host} answered {status}{named}{f': {said.words}' if said.words else '.'}",
        hint=hint,
        status=status,
        code=said.code,
        request_id=request_id(response),
        retry_after=answers.retry_after(response.headers, now=now),
    )


def request_id(response: httpx.Response) -> str | None:
    """Return what to quote to the service's support."""
    value: str | None = response.headers.get("x-request-id")
    return value[:100] if value else None


def _meaning(status: int, said: Said, *, calling: bool) -> _Meaning:
    if 400 <= status < 500:  # noqa: PLR2004 - refusals
        return _refused(status, said, calling=calling)
    if status >= 500:  # noqa: PLR2004 - failures
        return ServiceUnavailable, "Try again in a moment."
    if status >= 300:  # noqa: PLR2004 - redirects
        return HostRefused, "Redirects are never followed: the key would travel along."
    return MalformedAnswer, "No known answer of the API has this status."


def _refused(status: int, said: Said, *, calling: bool) -> _Meaning:
    if said.flagged:
        return ContentFiltered, "Change the prompt."
    if status == 404 and calling and said.words:  # noqa: PLR2004 - not found
        # Not all name a code. Whatever is no API answers in other words, or in none.
        return DeploymentNotFound, _NO_MODEL
    if (status, said.code) == (403, "invalid_request_error"):
        # So OpenAI refuses what a model is not for; a key is not the matter.
        return InvalidRequest, ""
    return _BY_CODE.get(said.code or "") or _BY_STATUS.get(status) or (InvalidRequest, "")


def _said(response: httpx.Response) -> Said:
    """Read a refusal in the forms that are met.

    OpenAI and those who keep to it: ``{"error": {"message", "type", "code"}}``; OpenRouter, with a
    number as code and with ``metadata``; vLLM, without the outer object, or with a text in it.
    """
    try:
        body: Any = response.json()
    except (ValueError, RecursionError):
        return Said()
    error = body.get("error", body) if isinstance(body, dict) else {}
    if isinstance(error, str):
        return Said(words=_in_one_line(error))
    if not isinstance(error, Mapping):
        return Said()
    metadata = error.get("metadata")
    return Said(
        code=_word(error.get("code")) or _word(error.get("type")),
        words=_in_one_line(error.get("message")),
        flagged=isinstance(metadata, Mapping) and "flagged_input" in metadata,
    )


def _word(value: object) -> str | None:
    known = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w.-]{0,99}", value, re.ASCII)
    return value if known and isinstance(value, str) else None


def _in_one_line(value: object) -> str:
    text = value[: 4 * _LONGEST] if isinstance(value, str) else ""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
