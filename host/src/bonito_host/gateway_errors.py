"""What a failed call through LiteLLM means, read from the evidence beneath LiteLLM's exception.

LiteLLM names a connection that failed "internal server error 500" and an answer that is no JSON
"connection error"; its messages quote raw bodies. The chain of causes still holds what happened on
the wire, so that decides: the guard's refusal, the HTTP answer, the network's failure. What has
none of these came back and could not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx

from bonito_host.process_guard import GuardRefusal
from bonito_providers import answers
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeploymentNotFound,
    HostRefused,
    HostUnreachable,
    InvalidRequest,
    KeyAuthenticationDisabled,
    MalformedAnswer,
    PermissionMissing,
    ProviderError,
    RateLimited,
    ServiceUnavailable,
)

_LONGEST = 300
_AGAIN = "Try again in a moment; the service's status page tells of known trouble."
REPORT = "Try again; if it stays, something in between answers in the service's place: report it."
_KEY = "Copy the key again; it may have been regenerated or belong to another resource."

_BY_CODE: dict[str, tuple[type[ProviderError], str]] = {
    "AuthenticationTypeDisabled": (
        KeyAuthenticationDisabled,
        "The account takes no keys: its owner can allow them, or connect in another way.",
    ),
    "DeploymentNotFound": (
        DeploymentNotFound,
        "`bonito deployments` lists the names. One created just now may not answer yet.",
    ),
    "content_filter": (ContentFiltered, "Change the prompt, or the deployment's content filter."),
    "context_length_exceeded": (InvalidRequest, "Shorten the prompt."),
}
_BY_STATUS: dict[int, tuple[type[ProviderError], str]] = {
    401: (CredentialsRejected, _KEY),
    403: (PermissionMissing, "The account's network rules or roles keep this call out."),
    404: (DeploymentNotFound, "`bonito deployments` lists the names."),
    408: (ServiceUnavailable, _AGAIN),
    429: (RateLimited, "Wait, or raise the deployment's capacity."),
}


def named_failure(error: Exception, *, redact: Callable[[str], str]) -> ProviderError:
    """Return the error of the core that stands for what LiteLLM raised, without secrets.

    Raise it outside the handler: LiteLLM's exceptions hold requests, and requests hold keys.
    """
    failure = _named(error)
    failure.operation = "gateway"
    failure.redact(redact)
    return failure


def _named(error: Exception) -> ProviderError:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, GuardRefusal):
            hint = "Only the installed providers' hosts are reachable; more are the operator's say."
            return HostRefused(f"No call was made: {cause}.", hint=hint)
    for cause in causes:
        response = getattr(cause, "response", None)
        if isinstance(cause, httpx.HTTPStatusError) and isinstance(response, httpx.Response):
            return _refused(response)
    for cause in causes:
        if isinstance(cause, httpx.TransportError):
            # aiohttp, beneath LiteLLM, names a reset in the midst of a call a failed connect.
            reset = any(isinstance(each, ConnectionResetError) for each in causes)
            return _broken(httpx.ReadError("") if reset else cause)
    if type(error).__name__ == "RouterRateLimitError":
        # Nothing was asked: LiteLLM leaves every member of the group alone for the moment.
        text = "Every place of this group has refused calls a moment ago and is left alone."
        rest = getattr(error, "cooldown_time", None)
        return RateLimited(text, hint="Wait, or add a place to the group.", retry_after=rest)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and 400 <= status < 500:  # noqa: PLR2004 - LiteLLM itself refuses
        hint = "--log-level debug shows what LiteLLM says."
        return InvalidRequest("LiteLLM refuses the call before sending it.", hint=hint)
    return MalformedAnswer("The answer cannot be read as what was asked for.", hint=REPORT)


def _refused(response: httpx.Response) -> ProviderError:
    status = response.status_code
    code, words = _read(response)
    kind, hint = _meaning(status, code)
    said = f": {words}" if words else "."
    return kind(
        f"{response.url.host} answered {status}{said}",
        hint=hint,
        status=status,
        code=code,
        request_id=_request_id(response),
        retry_after=answers.retry_after(response.headers, now=datetime.now(UTC)),
    )


def _meaning(status: int, code: str | None) -> tuple[type[ProviderError], str]:
    if code in _BY_CODE and 400 <= status < 500:  # noqa: PLR2004 - the service's refusals
        return _BY_CODE[code]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return HostRefused, "Redirects are never followed: the key would travel along."
    if status >= 500:  # noqa: PLR2004 - the service's failures
        return ServiceUnavailable, _AGAIN
    return InvalidRequest, "Change the request as the service says."


def _broken(error: httpx.TransportError) -> ProviderError:
    # The text of the failure is left out: it may quote the request.
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return HostUnreachable(
            "No connection to the service could be made.",
            hint="Check the endpoint's spelling, then the network, firewall and proxy.",
        )
    if isinstance(error, httpx.TimeoutException):
        return ServiceUnavailable("The service stopped answering.", hint=_AGAIN)
    return ServiceUnavailable("The service broke the connection off.", hint=_AGAIN)


def _read(response: httpx.Response) -> tuple[str | None, str]:
    """Return the code and the words of a refusal; a body that is no JSON is not repeated."""
    try:
        body: Any = response.json()
    except (ValueError, RecursionError, httpx.StreamError):
        return None, ""
    error = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None, ""
    code = error.get("code") or error.get("type")
    words = error.get("message")
    return (
        str(code)[:80] if isinstance(code, str | int) else None,
        " ".join(words.split())[:_LONGEST] if isinstance(words, str) else "",
    )


def _request_id(response: httpx.Response) -> str | None:
    names = [name for name in response.headers if name.endswith("request-id")]
    return response.headers[names[0]] if names else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
