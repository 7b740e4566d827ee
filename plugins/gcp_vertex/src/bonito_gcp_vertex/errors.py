"""What Google's refusals mean: reason, then status, then message; never the raw body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
CONSOLE = "https://console.cloud.google.com"
API_PAGE = f"{CONSOLE}/apis/library/aiplatform.googleapis.com"
IAM_PAGE = f"{CONSOLE}/iam-admin/iam"
QUOTA_PAGE = f"{CONSOLE}/iam-admin/quotas"
GARDEN_PAGE = f"{CONSOLE}/vertex-ai/model-garden"
_KEY_HINT = "Create a new key for the service account in the console and paste its file."
_ASSERTION_REFUSED = frozenset({"invalid_client", "invalid_grant", "unauthorized_client"})
_REFUSED_MODEL = re.compile(
    r"is not allowed to use Publisher Model `[^`]*publishers/(?P<publisher>[\w.-]+)/models/"
    r"(?P<model>[\w.@-]+)"
)
_DATA_SHARING = re.compile(r"data sharing to be enabled for publisher '(?P<publisher>[\w-]+)'")
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
    code, actions = said.code, _actions(said, status)
    if actions:
        hint = actions[0].instruction
        code = _OWN_CODES.get(actions[0].kind, code)
    told = f" ({code}): {said.message}" if code and said.message else "."
    if said.message and not code:
        told = f": {said.message}"
    return kind(
        f"{response.url.host} answered {status}{told}",
        hint=hint,
        status=status,
        code=code,
        retry_after=answers.retry_after(response.headers, now=now),
        actions=actions,
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


def enable_api(url: str | None = None) -> Action:
    """Return the action for a project that has not enabled the API."""
    return Action(
        kind=ActionKind.ENABLE_API,
        title="Enable the Vertex AI API",
        instruction="Enable the Vertex AI API of the project in the console, or give the consent "
        "enable_api.",
        url=url or API_PAGE,
    )


def enable_partner(publisher: str, model: str) -> Action:
    """Return the action for a partner's model that nobody has enabled; no API can do it."""
    return Action(
        kind=ActionKind.ENABLE_IN_CONSOLE,
        title="Enable the model in Model Garden",
        instruction="Open the model's page in Model Garden, accept the publisher's terms and "
        "enable it, then deploy again.",
        url=f"{CONSOLE}/vertex-ai/publishers/{publisher}/model-garden/{model.partition('@')[0]}",
    )


def share_data(publisher: str) -> Action:
    """Return the action for a publisher that wants to see what is asked of its models."""
    return Action(
        kind=ActionKind.DATA_SHARING,
        title="Agree to sharing data",
        instruction=f"The publisher {publisher} serves this model only to projects that share "
        "prompts and answers with it. Agree on the model's page, or choose another model.",
        url=GARDEN_PAGE,
    )


def more_quota() -> Action:
    """Return the action for a quota that is used up or zero."""
    return Action(
        kind=ActionKind.REQUEST_QUOTA,
        title="Ask for quota",
        instruction="Ask for more quota of the Vertex AI API in the console.",
        url=QUOTA_PAGE,
    )


def _grant(permission: str) -> Action:
    which = f"a role with {permission}" if permission else "the role Vertex AI User"
    return Action(
        kind=ActionKind.GRANT_PERMISSION,
        title="Grant a role",
        instruction=f"Grant the service account {which} in the project.",
        url=IAM_PAGE,
    )


_OWN_CODES = {ActionKind.ENABLE_IN_CONSOLE: PARTNER, ActionKind.DATA_SHARING: SHARING}


def _actions(said: Said, status: int) -> tuple[Action, ...]:
    """Return what a person can do: by the reason, then by the words."""
    if status == 403 and said.reason == DISABLED:  # noqa: PLR2004 - HTTP's number
        url = str(said.metadata.get("activationUrl", ""))
        known = re.fullmatch(r"https://console\.(developers|cloud)\.google\.com/[\w./?=&-]+", url)
        return (enable_api(url if known else None),)
    if status == 403:  # noqa: PLR2004 - HTTP's number
        if found := _DATA_SHARING.search(said.message):
            return (share_data(found["publisher"]),)
        permission = str(said.metadata.get("permission", ""))
        return (_grant(permission if re.fullmatch(r"[\w.]{3,100}", permission) else ""),)
    if status == 400 and (found := _REFUSED_MODEL.search(said.message)):  # noqa: PLR2004 - as above
        return (enable_partner(found["publisher"], found["model"]),)
    if status == 429 and "quota exceeded" in said.message.lower():  # noqa: PLR2004 - as above
        return (more_quota(),)
    return ()


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
