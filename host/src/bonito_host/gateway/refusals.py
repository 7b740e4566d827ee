"""Errors as OpenAI's clients know them: a status, and an object of message, type, param and code.

What is wrong with the host's own credentials is not the caller's to mend, so it is no 401 to them;
and where the same call would fail again, OpenAI's client is told not to try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bonito_host.gateway.request_refused import RequestRefused
from bonito_providers import errors

GONE = 499
"""The caller left before the answer; nobody sees it but the record of calls."""
_INVALID = "invalid_request_error"
_UPSTREAM = "upstream_error"

_BY_CLASS: dict[type[Exception], tuple[int, str, str | None]] = {
    RequestRefused: (400, _INVALID, None),
    errors.InvalidRequest: (400, _INVALID, None),
    errors.ContentFiltered: (400, _INVALID, "content_filter"),
    errors.ModelNotFound: (404, _INVALID, "model_not_found"),
    errors.DeploymentNotFound: (404, _INVALID, "model_not_found"),
    errors.AuthenticationError: (502, _UPSTREAM, "upstream_credentials_refused"),
    errors.HostRefused: (502, _UPSTREAM, "host_refused"),
    errors.RateLimited: (429, "rate_limit_error", "rate_limit_exceeded"),
    errors.TemporaryError: (503, _UPSTREAM, "upstream_unavailable"),
    errors.ProviderError: (502, _UPSTREAM, "upstream_failed"),
}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What a caller is answered in place of what they asked for.

    Attributes:
        status: The HTTP status.
        message: What happened, and what to do about it.
        type: OpenAI's word for the class of error.
        code: OpenAI's word for the error, or one in its manner.
        param: The field at fault.
        retry_after: Seconds to wait before asking again.
    """

    status: int
    message: str
    type: str = _INVALID
    code: str | None = None
    param: str | None = None
    retry_after: float | None = field(default=None)

    @property
    def document(self) -> dict[str, object]:
        """The body."""
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}

    @property
    def headers(self) -> Mapping[str, str]:
        """What a client needs to know besides: when to try again, or that it need not."""
        if self.retry_after is not None:
            return {"retry-after": str(max(1, round(self.retry_after)))}
        final = self.code in {"upstream_credentials_refused", "host_refused"}
        return {"x-should-retry": "false"} if final else {}


WRONG_KEY = Refusal(
    status=401,
    message="The key is missing, wrong or revoked. Send it as: Authorization: Bearer KEY",
    code="invalid_api_key",
)


def refusal_of(error: Exception) -> Refusal:
    """Return how an error is told to a caller; one that is unknown tells nothing of itself."""
    kind = next((each for each in type(error).__mro__ if each in _BY_CLASS), None)
    if kind is None:
        return Refusal(status=500, message="The gateway failed.", type="server_error")
    status, type_, code = _BY_CLASS[kind]
    return Refusal(
        status=status,
        message=_words(error),
        type=type_,
        code=code,
        param=error.field if isinstance(error, RequestRefused) else None,
        retry_after=getattr(error, "retry_after", None),
    )


def _words(error: Exception) -> str:
    message = getattr(error, "message", "")
    hint = getattr(error, "hint", "")
    # Hints on credentials are for the operator, who sees them in the host's pages.
    if isinstance(error, errors.AuthenticationError):
        return "The service refuses the gateway's own credentials; its operator has to mend that."
    return f"{message} {hint}".strip()
