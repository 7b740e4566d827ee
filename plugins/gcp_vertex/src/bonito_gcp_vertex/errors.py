"""What Google's refusals mean: reason, then status, then message; never the raw body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_gcp_vertex import actions
from bonito_providers import answers
from bonito_providers.actions import Action, ActionKind
from bonito_providers.errors import (
    Conflict,
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

Missing = type[ProviderError]
"""What "not found" stands for; the address alone does not tell."""
RESOURCE: Missing = DeploymentNotFound
MODEL: Missing = ModelNotFound
UNAUTHENTICATED = 401
NOT_FOUND, DISABLED = "NOT_FOUND", "SERVICE_DISABLED"
PARTNER, SHARING = "PARTNER_NOT_ENABLED", "DATA_SHARING_NEEDED"
"""Codes of this plugin's own, for refusals that the service tells apart by words alone."""
_KEY_HINT = "Create a new key for the service account in the console and paste its file."
_ASSERTION_REFUSED = frozenset({"invalid_client", "invalid_grant", "unauthorized_client"})
_REFUSED_MODEL = re.compile(
    r"is not allowed to use Publisher Model `[^`]*publishers/(?P<publisher>[\w.-]+)/models/"
    r"(?P<model>[\w.@-]+)"
)
_DATA_SHARING = re.compile(r"data sharing to be enabled for publisher '(?P<publisher>[\w-]+)'")
_UNPAID = frozenset({"BILLING_DISABLED", "UREQ_PROJECT_BILLING_NOT_FOUND"})
"""Reasons for which no billing account pays: at a call (GoogleCloudPlatform/php-docs-samples issue
1235), and when the API is enabled (kyegomez/zeta issue 71)."""
_PROJECT = re.compile(r"/projects/([^/]+)/")
_MODEL = re.compile(r"/models/([\w.@-]+):")
_LONGEST = 300
"""Characters of the service's own words that an error repeats."""


class Said:
    """What a refusal says: Google's error object, taken apart with every type checked."""

    def __init__(self, response: httpx.Response) -> None:
        error = _error_in(response)
        details = error.get("details")
        info = [each for each in details if _is_info(each)] if isinstance(details, list) else []
        self.message = _in_one_line(error.get("message"))
        self.status = _code(error.get("status"))
        self.reason = _code(info[0].get("reason")) if info else None
        metadata = info[0].get("metadata") if info else None
        self.metadata: Mapping[str, Any] = metadata if isinstance(metadata, dict) else {}

    @property
    def code(self) -> str | None:
        """The service's code: the reason where there is one."""
        return self.reason or self.status


def refusal(response: httpx.Response, *, now: datetime, missing: Missing) -> ProviderError:
    """Return the error that an answer other than a success stands for.

    Args:
        response: The answer, read.
        now: For a Retry-After that is a date.
        missing: What "not found" stands for.
    """
    said = Said(response)
    status = response.status_code
    kind, hint = _by_status(status, missing)
    code, needed = said.code, _actions(said, response)
    if needed:
        hint = needed[0].instruction
        code = code if said.reason else _OWN_CODES.get(needed[0].kind, code)
    told = f" ({code}): {said.message}" if code and said.message else "."
    if said.message and not code:
        told = f": {said.message}"
    return kind(
        f"{response.url.host} answered {status}{told}",
        hint=hint,
        status=status,
        code=code,
        retry_after=answers.retry_after(response.headers, now=now),
        actions=needed,
    )


def token_refusal(response: httpx.Response, *, now: datetime) -> ProviderError:
    """Return the error for a refused assertion; the token endpoint has a form of its own."""
    try:
        body: Any = response.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or isinstance(body.get("error"), dict):
        return refusal(response, now=now, missing=RESOURCE)
    code = _code(body.get("error"))
    words = _in_one_line(body.get("error_description"))
    kind, hint = _by_status(response.status_code, RESOURCE)
    if code in _ASSERTION_REFUSED:
        kind, hint = CredentialsRejected, _KEY_HINT
    told = f" ({code}): {words}" if code else "."
    return kind(
        f"{response.url.host} answered {response.status_code}{told}",
        hint=hint,
        status=response.status_code,
        code=code,
        retry_after=answers.retry_after(response.headers, now=now),
    )


def unreadable(response: httpx.Response, what: str) -> MalformedAnswer:
    """Return the error for a success that cannot be read."""
    return MalformedAnswer(
        f"{response.url.host} answered {response.status_code} with {what}.",
        status=response.status_code,
        hint="Try again; if it stays, the service has changed: report it.",
    )


_OWN_CODES = {ActionKind.ENABLE_IN_CONSOLE: PARTNER, ActionKind.DATA_SHARING: SHARING}


def _actions(said: Said, response: httpx.Response) -> tuple[Action, ...]:
    """Return what a person can do: by the reason, then by the words."""
    status, project = response.status_code, _named(_PROJECT, response.url.path)
    if said.reason in _UNPAID:
        return (actions.enable_billing(project),)
    if status == 403:  # noqa: PLR2004 - HTTP's number
        return (_forbidden(said, response, project),)
    if status == 400 and (found := _REFUSED_MODEL.search(said.message)):  # noqa: PLR2004 - as above
        return (actions.enable_partner(found["publisher"], found["model"], project),)
    if status == 429 and "quota exceeded" in said.message.lower():  # noqa: PLR2004 - as above
        return (actions.more_quota(project),)
    return ()


def _forbidden(said: Said, response: httpx.Response, project: str | None) -> Action:
    if said.reason == DISABLED:
        url = str(said.metadata.get("activationUrl", ""))
        known = re.fullmatch(r"https://console\.(developers|cloud)\.google\.com/[\w./?=&-]+", url)
        return actions.enable_api(project, url=url if known else None)
    if found := _DATA_SHARING.search(said.message):
        model = _named(_MODEL, response.url.path)
        return actions.share_data(found["publisher"], model, project)
    permission = str(said.metadata.get("permission", ""))
    known = re.fullmatch(r"[\w.]{3,100}", permission)
    return actions.grant(permission if known else "", project)


def _named(pattern: re.Pattern[str], path: str) -> str | None:
    found = pattern.search(path)
    return found[1] if found else None


def _by_status(status: int, missing: Missing) -> tuple[type[ProviderError], str]:
    known: dict[int, tuple[type[ProviderError], str]] = {
        UNAUTHENTICATED: (CredentialsRejected, _KEY_HINT),
        403: (PermissionMissing, "Grant the service account the role Vertex AI User."),
        404: (missing, "Check the name, and whether the location serves it; `global` serves most."),
        408: (ServiceUnavailable, "Try again."),
        409: (Conflict, "Choose another name, or look at what stands there."),
        429: (RateLimited, "Wait and try again; the capacity is shared with others."),
    }
    if status in known:
        return known[status]
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's classes
        return HostRefused, "Redirects are never followed: the token would travel along."
    if 400 <= status < 500:  # noqa: PLR2004 - as above
        return InvalidRequest, ""
    if status >= 500:  # noqa: PLR2004 - as above
        return ServiceUnavailable, "Try again in a moment; the service's status page may tell."
    return MalformedAnswer, "No known answer of the service has this status."


def _error_in(response: httpx.Response) -> Mapping[str, Any]:
    """Return the error object; a stream that fails answers with a list of one."""
    try:
        body: Any = response.json()
    except (ValueError, RecursionError):
        return {}
    if isinstance(body, list) and body:
        body = body[0]
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _is_info(detail: object) -> bool:
    return isinstance(detail, dict) and str(detail.get("@type", "")).endswith(
        "/google.rpc.ErrorInfo"
    )


def _code(value: object) -> str | None:
    fits = isinstance(value, str) and re.fullmatch(r"[\w.-]{1,100}", value)
    return str(value) if fits else None


def _in_one_line(value: object) -> str:
    text = value[: 4 * _LONGEST] if isinstance(value, str) else ""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
