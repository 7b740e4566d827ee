"""Everything this package raises, arranged by what the caller does about it.

    BonitoError
    ├── UnknownProvider               choose another provider, or install one
    ├── InvalidCredentials            ask the user again: the fields and why, never the values
    └── ProviderError                 a call to a provider failed
        ├── AuthenticationError       re-authenticate
        │   ├── CredentialsRejected       the key or secret is wrong
        │   ├── KeyAuthenticationDisabled the account takes no keys
        │   └── PermissionMissing         known, but not allowed to
        ├── RequestError              ask the user: repeating the same call will not help
        │   ├── InvalidRequest            the service or the plugin refuses the arguments
        │   ├── HostRefused               the network guard will not send there
        │   ├── CapabilityUnavailable     these credentials cannot do that; names what is missing
        │   ├── ModelNotFound             no such model
        │   ├── DeploymentNotFound        no such deployment
        │   ├── Conflict                  something else stands there
        │   ├── ContentFiltered           the service refused the content
        │   └── PlanRefused               the plan is forged, expired or no longer true
        ├── TemporaryError            wait and try again
        │   ├── RateLimited               too many calls; `retry_after` where the service says so
        │   ├── ServiceUnavailable        answered with a failure, or stopped answering
        │   ├── HostUnreachable           no connection: name, network or certificate
        │   └── DeadlineExceeded          took longer than allowed
        └── DefectError               give up and report
            ├── MalformedAnswer           the service answered something that cannot be read
            └── PluginError               the plugin broke the contract or crashed

Texts say what happened; `hint` says what to do. No error ever holds a secret: the typed face
redacts every text by value before the error reaches a caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bonito_providers.actions import Action


class BonitoError(Exception):
    """Anything that goes wrong in this package.

    Attributes:
        message: What happened, in one sentence.
        hint: What to do about it, or an empty string.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message

    def redact(self, redact: Callable[[str], str]) -> None:
        """Replace every text this error carries by its redacted form."""
        self.message = redact(self.message)
        self.hint = redact(self.hint)
        self.args = (self.message,)
        self.__notes__ = [redact(note) for note in getattr(self, "__notes__", ())]


class UnknownProvider(BonitoError):
    """No installed provider answers to that name, cloud or choice."""


class InvalidCredentials(BonitoError):
    """Some fields were refused.

    Attributes:
        problems: Field name to what is wrong with it. Never a field's value.
    """

    def __init__(self, problems: Mapping[str, str], *, provider: str, hint: str = "") -> None:
        listed = "; ".join(f"{field}: {problem}" for field, problem in problems.items())
        super().__init__(f"{provider} credentials refused: {listed}", hint=hint)
        self.problems = dict(problems)
        self.provider = provider

    def redact(self, redact: Callable[[str], str]) -> None:
        """Replace every text this error carries by its redacted form."""
        super().redact(redact)
        self.problems = {field: redact(problem) for field, problem in self.problems.items()}


class ProviderError(BonitoError):
    """A call to a provider failed.

    Attributes:
        provider: The provider's name; the typed face fills it in.
        operation: The hook that was called; the typed face fills it in.
        status: The HTTP status, if there was an answer.
        code: The service's own error code, as it wrote it.
        request_id: What to quote to the service's support.
        retry_after: Seconds the service asks to wait, if it said so.
        actions: What a person can do.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        provider: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        actions: Sequence[Action] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.provider = provider
        self.operation = operation
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.actions = tuple(actions)

    @property
    def kind(self) -> str:
        """The name of the nearest class of this module: what a report or a host decides by."""
        return next(each.__name__ for each in type(self).__mro__ if each.__module__ == __name__)

    def redact(self, redact: Callable[[str], str]) -> None:
        """Replace every text this error carries by its redacted form."""
        super().redact(redact)
        self.code = redact(self.code) if self.code else self.code
        self.request_id = redact(self.request_id) if self.request_id else self.request_id
        self.actions = tuple(
            action.model_copy(
                update={
                    "title": redact(action.title),
                    "instruction": redact(action.instruction),
                    "url": redact(action.url) if action.url else action.url,
                }
            )
            for action in self.actions
        )


class AuthenticationError(ProviderError):
    """The service does not accept who we say we are, or what that one may do."""


class CredentialsRejected(AuthenticationError):
    """The key, secret or token is wrong, revoked or expired."""


class KeyAuthenticationDisabled(AuthenticationError):
    """The account takes no keys; another way to authenticate is needed."""


class PermissionMissing(AuthenticationError):
    """The service knows the caller but does not let it do this."""


class RequestError(ProviderError):
    """The same call will fail again: something about it must change."""


class InvalidRequest(RequestError):
    """The service or the plugin refuses the arguments."""


class HostRefused(RequestError):
    """The network guard does not let a request go to that host, port or address."""


class CapabilityUnavailable(RequestError):
    """These credentials cannot do that.

    Attributes:
        capability: What was asked for.
        missing: The credential fields that would make it possible.
    """

    def __init__(
        self, capability: str, *, missing: Sequence[str] = (), message: str = "", hint: str = ""
    ) -> None:
        fields = ", ".join(missing)
        super().__init__(
            message or f"These credentials cannot {capability.replace('_', ' ')}.",
            hint=hint or (f"Add these fields to the connection: {fields}." if fields else ""),
        )
        self.capability = capability
        self.missing = tuple(missing)


class ModelNotFound(RequestError):
    """There is no such model for this connection."""


class DeploymentNotFound(RequestError):
    """There is no such deployment in the account."""


class Conflict(RequestError):
    """Something else stands where the request would write."""


class ContentFiltered(RequestError):
    """The service's content policy refused the prompt or the answer."""


class PlanRefused(RequestError):
    """The plan was altered, has expired, or no longer agrees with what stands in the cloud."""


class TemporaryError(ProviderError):
    """Waiting and trying again may help."""


class RateLimited(TemporaryError):
    """Too many calls or tokens for now."""


class ServiceUnavailable(TemporaryError):
    """The service answered with a failure, or stopped in the middle of an answer."""


class HostUnreachable(TemporaryError):
    """No connection could be made: the name, the network or the certificate."""


class DeadlineExceeded(TemporaryError):
    """The call took longer than it was allowed to."""


class DefectError(ProviderError):
    """Neither the user nor time will mend this."""


class MalformedAnswer(DefectError):
    """The service answered something that cannot be read as what was asked for."""


class PluginError(DefectError):
    """The plugin crashed or broke the contract; the text names plugin, hook and cause."""
