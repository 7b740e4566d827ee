"""What refusals of Bedrock and STS mean: status and code to an error, never the raw body.

The same fault has different codes on the two (a wrong secret is ``InvalidSignatureException`` on
the one and ``SignatureDoesNotMatch`` on the other), and one code stands for several: an API key
that is wrong and an action that is not allowed are both ``AccessDeniedException``.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from bonito_aws_bedrock.actions import MARKETPLACE, OTHER_REGION, PERMISSION, QUOTA, USE_CASE
from bonito_providers import answers
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

    from bonito_providers.actions import Action

QUOTA_EXCEEDED = "ServiceQuotaExceededException"
_LONGEST = 300
"""Characters of the service's own words that an error repeats."""

_Meaning = tuple[type[ProviderError], str]
_REJECTED: _Meaning = (
    CredentialsRejected,
    "Copy key and secret again from the console; a session token may have expired.",
)
_BY_CODE: dict[str, _Meaning] = {
    "ConflictException": (Conflict, "Look at what stands there, or choose another name."),
    QUOTA_EXCEEDED: (InvalidRequest, QUOTA.instruction),
    "ThrottlingException": (RateLimited, "Wait, or ask AWS for a higher quota."),
    "ModelNotReadyException": (ServiceUnavailable, "Try again in a moment."),
    "ModelErrorException": (ServiceUnavailable, "The model failed; try again in a moment."),
    **dict.fromkeys(
        (
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "ExpiredTokenException",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "IncompleteSignature",
        ),
        _REJECTED,
    ),
}
_BY_STATUS: dict[int, _Meaning] = {
    401: _REJECTED,
    403: (PermissionMissing, PERMISSION.instruction),
    408: (ServiceUnavailable, "Try again."),
    409: (Conflict, "Look at what stands there, or choose another name."),
    429: (RateLimited, "Wait, or ask AWS for a higher quota."),
}
# The service has no codes for these; the sentences are those of the reference, section 2.4.
_BY_WORDS: tuple[tuple[str, _Meaning, Action | None, float | None], ...] = (
    ("Authentication failed", _REJECTED, None, None),
    ("AWS Marketplace", (PermissionMissing, MARKETPLACE.instruction), MARKETPLACE, 120),
    ("use case details", (PermissionMissing, USE_CASE.instruction), USE_CASE, 900),
    ("marked by provider as Legacy", (ModelNotFound, "Choose an active model."), None, None),
    (
        "model identifier is",
        (ModelNotFound, "List the models: ids are written as there."),
        None,
        None,
    ),
    ("Operation not allowed", (InvalidRequest, OTHER_REGION.instruction), OTHER_REGION, None),
)
_CODE = re.compile(r"[\w.-]{1,100}")
_XML = re.compile(r"<(Code|Message)>([^<]*)</\1>")


def is_sts(response: httpx.Response) -> bool:
    """Tell whether an answer is STS's, which speaks XML."""
    return response.url.host.startswith("sts.")


def refusal(response: httpx.Response, *, now: datetime) -> ProviderError:
    """Return the error that an answer other than a success stands for.

    Args:
        response: The answer, read.
        now: For a Retry-After that is a date.
    """
    code, words = _said(response)
    kind, hint, action, pause = _meaning(response, code, words)
    told = f" ({code}): {words}" if code and words else f": {words}" if words else "."
    if action is None and kind is PermissionMissing:
        action = PERMISSION
    if code == QUOTA_EXCEEDED:
        action = QUOTA
    asked = answers.retry_after(response.headers, now=now)
    return kind(
        f"{response.url.host} answered {response.status_code}{told}",
        hint=hint,
        status=response.status_code,
        code=code,
        request_id=request_id(response),
        retry_after=asked if asked is not None else pause,
        actions=(action,) if action else (),
    )


def request_id(response: httpx.Response) -> str | None:
    """Return what to quote to AWS support."""
    value: str | None = response.headers.get("x-amzn-requestid")
    return value[:100] if value else None


def knows_the_caller(error: ProviderError) -> bool:
    """Tell whether a refusal names the caller, and so proves that AWS recognised them."""
    return isinstance(error, PermissionMissing) and "is not authorized to perform" in error.message


def _meaning(
    response: httpx.Response, code: str | None, words: str
) -> tuple[type[ProviderError], str, Action | None, float | None]:
    status = response.status_code
    if code and 400 <= status < 500:  # noqa: PLR2004 - HTTP
        for phrase, meaning, action, pause in _BY_WORDS:
            if phrase in words:
                return *meaning, action, pause
        if code in _BY_CODE:
            return *_BY_CODE[code], None, None
        if code == "ResourceNotFoundException":
            return *_missing(response), None, None
    if status in _BY_STATUS:
        return *_BY_STATUS[status], None, None
    return *_by_class(status), None, None


def _missing(response: httpx.Response) -> _Meaning:
    if response.url.path.startswith(("/foundation-model", "/list-foundation-model")):
        return ModelNotFound, "List the models: ids are written as there."
    return DeploymentNotFound, "List the deployments. What was made just now may not show yet."


def _by_class(status: int) -> _Meaning:
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP
        return HostRefused, "Redirects are never followed: the signature would travel along."
    if 400 <= status < 500:  # noqa: PLR2004 - HTTP
        return InvalidRequest, ""
    if status >= 500:  # noqa: PLR2004 - HTTP
        return ServiceUnavailable, "Try again in a moment."
    return MalformedAnswer, "No known answer of AWS has this status."


def _said(response: httpx.Response) -> tuple[str | None, str]:
    """Return code and words; of a page that stands in the service's place, nothing."""
    if is_sts(response):
        found = dict(_XML.findall(response.text[: 4 * _LONGEST]))
        return _as_code(found.get("Code")), _in_one_line(html.unescape(found.get("Message", "")))
    try:
        body: Any = response.json()
    except (ValueError, RecursionError):
        body = None
    body = body if isinstance(body, dict) else {}
    named = response.headers.get("x-amzn-errortype") or body.get("__type") or body.get("code")
    # Denials of IAM and of API keys come with a capital letter.
    return _as_code(named), _in_one_line(body.get("message") or body.get("Message"))


def _as_code(value: object) -> str | None:
    """Return the bare code of ``ns#Code:http://…``."""
    if not isinstance(value, str):
        return None
    bare = value.partition(":")[0].rpartition("#")[2]
    return bare if _CODE.fullmatch(bare) else None


def _in_one_line(value: object) -> str:
    text = value[: 4 * _LONGEST] if isinstance(value, str) else ""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if "<" in plain:
        return ""  # markup of a page that stands in the service's place
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
