"""What Aviary's refusals mean: status and code to an error, never the raw body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bonito_providers import answers
from bonito_providers.actions import Action, ActionKind
from bonito_providers.errors import (
    Conflict,
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    HostRefused,
    InvalidRequest,
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

CONSOLE = "https://console.aviary.example"
MISSING = "deployment_not_found"
BUSY = "busy"
TERMS_CONSENT = "aviary_terms"

QUOTA = Action(
    kind=ActionKind.REQUEST_QUOTA,
    title="Ask for quota",
    instruction="Ask for more in the console, or delete a deployment that is not needed.",
    url=f"{CONSOLE}/quota",
)
TERMS = Action(
    kind=ActionKind.ACCEPT_TERMS,
    title="Accept the terms",
    instruction=f"Read the partner's terms in the console, then give the consent {TERMS_CONSENT}.",
    url=f"{CONSOLE}/terms",
    consent=TERMS_CONSENT,
)
PERMISSION = Action(
    kind=ActionKind.GRANT_PERMISSION,
    title="Grant the permission",
    instruction="Let the account's owner allow this client, or this key, to do it.",
    url=f"{CONSOLE}/clients",
)
NEEDED = {"quota_exceeded": QUOTA, "terms_required": TERMS}
"""Codes of what a person can mend, at once or at the end of an operation."""

_Meaning = tuple[type[ProviderError], str]
_BY_CODE: dict[str, _Meaning] = {
    "quota_exceeded": (PermissionMissing, QUOTA.instruction),
    "terms_required": (PermissionMissing, TERMS.instruction),
    "content_filtered": (ContentFiltered, "Change the prompt."),
    "model_not_found": (ModelNotFound, "List the models: names are written as there."),
    MISSING: (
        DeploymentNotFound,
        "Check the deployment's name. One that was created just now may not answer yet.",
    ),
    BUSY: (Conflict, "Try again in a moment."),
}
_BY_STATUS: dict[int, _Meaning] = {
    401: (CredentialsRejected, "Copy the key, or the client's secret, again from the console."),
    403: (PermissionMissing, PERMISSION.instruction),
    408: (ServiceUnavailable, "Try again."),
    409: (Conflict, "Choose another name, or look at what stands there."),
    429: (RateLimited, "Wait, or raise the deployment's capacity."),
}
_NAMES_DEPLOYMENT = re.compile(r"/deployments/|/v1/(chat/completions|embeddings)$")
_LONGEST = 300
"""Characters of the service's own words that an error repeats."""


def refusal(response: httpx.Response, *, now: datetime) -> ProviderError:
    """Return the error that an answer other than a success stands for.

    Args:
        response: The answer, read.
        now: For a Retry-After that is a date.
    """
    code, words = _said(response)
    kind, hint = _meaning(response, code)
    told = f" ({code}): {words}" if code and words else f": {words}" if words else "."
    actions = (NEEDED.get(code or "", PERMISSION),) if kind is PermissionMissing else ()
    return kind(
        f"{response.url.host} answered {response.status_code}{told}",
        hint=hint,
        status=response.status_code,
        code=code,
        request_id=request_id(response),
        retry_after=answers.retry_after(response.headers, now=now),
        actions=actions,
    )


def request_id(response: httpx.Response) -> str | None:
    """Return what to quote to Aviary's support."""
    value: str | None = response.headers.get("x-aviary-request")
    return value[:100] if value else None


def _meaning(response: httpx.Response, code: str | None) -> _Meaning:
    status = response.status_code
    if code in _BY_CODE and 400 <= status < 500:
        return _BY_CODE[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 404 and _NAMES_DEPLOYMENT.search(response.url.path):
        return _BY_CODE[MISSING]
    return _by_class(status)


def _by_class(status: int) -> _Meaning:
    if 300 <= status < 400:
        return HostRefused, "Redirects are never followed: the key would travel along."
    if 400 <= status < 500:
        return InvalidRequest, ""
    if status >= 500:
        return ServiceUnavailable, "Try again in a moment."
    return MalformedAnswer, "No known answer of Aviary has this status."


def _said(response: httpx.Response) -> tuple[str | None, str]:
    """Return code and words; of a page that stands in Aviary's place, nothing."""
    try:
        body: Any = response.json()
    except (ValueError, RecursionError):
        return None, ""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None, ""
    code = error.get("code")
    known = isinstance(code, str) and re.fullmatch(r"[\w.-]{1,100}", code)
    return (code if known else None), _in_one_line(error.get("message"))


def _in_one_line(value: object) -> str:
    text = value[: 4 * _LONGEST] if isinstance(value, str) else ""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
