"""Which keys and which tokens of Entra each surface takes, and in which header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bonito_emulators.azure import errors, roles
from bonito_emulators.azure.directory import COGNITIVE_SERVICES, FOUNDRY, MACHINE_LEARNING

if TYPE_CHECKING:
    from bonito_emulators.azure.call import Call

_ACCOUNTS = "Microsoft.CognitiveServices/accounts"
_TOKEN_HEADER = "authorization"  # noqa: S105 - a header's name


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What suffices to call a surface.

    Attributes:
        headers: those that may carry a key; measured with the SDKs and LiteLLM.
        audiences: those of a token, the one errors name first.
        action: the data action that a token's owner needs.
    """

    headers: frozenset[str]
    audiences: tuple[str, ...]
    action: str


# The Inference SDK asks for `ml.azure.com`; Microsoft's documentation of keyless access to
# `/models` for `cognitiveservices.azure.com` and the data action `accounts/MaaS/*`.
INFERENCE = Surface(
    headers=frozenset({"api-key"}),
    audiences=(COGNITIVE_SERVICES, MACHINE_LEARNING),
    action=f"{_ACCOUNTS}/MaaS/chat/completions/action",
)
OPENAI_V1 = Surface(
    headers=frozenset({"api-key", _TOKEN_HEADER}),
    audiences=(COGNITIVE_SERVICES, FOUNDRY),
    action=f"{_ACCOUNTS}/OpenAI/deployments/chat/completions/action",
)
CLASSIC = Surface(
    headers=frozenset({"api-key"}),
    audiences=(COGNITIVE_SERVICES,),
    action=f"{_ACCOUNTS}/OpenAI/deployments/chat/completions/action",
)
LISTING = Surface(
    headers=frozenset({"api-key", _TOKEN_HEADER}),
    audiences=(COGNITIVE_SERVICES,),
    action=f"{_ACCOUNTS}/OpenAI/deployments/read",
)
PROJECT = Surface(
    headers=frozenset({_TOKEN_HEADER}),
    audiences=(FOUNDRY,),
    action=f"{_ACCOUNTS}/AIServices/deployments/read",
)
ANTHROPIC = Surface(
    headers=frozenset({"x-api-key", "api-key", _TOKEN_HEADER}),
    audiences=(FOUNDRY, COGNITIVE_SERVICES),
    action=f"{_ACCOUNTS}/AIServices/anthropic/messages/action",
)


def authenticate(call: Call, surface: Surface) -> Literal["key", "token"]:
    """Lets a call with one of the account's keys or a fitting token pass; says which it was.

    A further header may repeat the key, as azure-ai-inference and LiteLLM do. What the service
    does with two different credentials is unknown: a violation.

    Raises:
        Refusal: no credential in an accepted header, keys are disabled, or it is wrong.
    """
    presented = call.presented_keys()
    if len(set(presented.values())) > 1:
        call.violation(f"{' and '.join(sorted(presented))} carry different credentials")
        raise errors.access_denied()
    if _is_token(presented.get(_TOKEN_HEADER, "")):
        _admit_token(call, surface, presented[_TOKEN_HEADER])
        return "token"
    if not surface.headers & presented.keys():
        raise errors.access_denied()
    if call.account.local_auth_disabled:
        raise errors.keys_disabled()
    if presented.popitem()[1] not in call.account.keys:
        raise errors.access_denied()
    return "key"


def _is_token(credential: str) -> bool:
    """Tells a token of Entra, three parts of base64, from a key."""
    return credential.startswith("eyJ") and credential.count(".") == 2  # noqa: PLR2004 - JWT


def _admit_token(call: Call, surface: Surface, value: str) -> None:
    token = call.state.directory.token(value)
    if token is None or call.state.directory.expired(token):
        raise errors.token_refused(surface.audiences[0])
    if token.audience not in surface.audiences:
        call.violation(f"a token for {token.audience} was sent to a data plane")
        raise errors.token_refused(surface.audiences[0])
    # Source: documentation, tokens need a custom subdomain.
    if call.account.custom_subdomain is None:
        raise errors.no_subdomain()
    application = token.application
    if not roles.allows_data(application.roles, surface.action, scope=call.account.id):
        operation = f"{call.method} {call.path}"
        raise errors.permission_denied(application.object_id, surface.action, operation)
