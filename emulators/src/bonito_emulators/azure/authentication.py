"""Which header carries the key on which surface; tokens of Entra come with ARM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_emulators.azure import errors

if TYPE_CHECKING:
    from bonito_emulators.azure.call import Call


# The headers that suffice alone, per surface; measured with the SDKs and LiteLLM.
INFERENCE = frozenset({"api-key"})
OPENAI_V1 = frozenset({"api-key", "authorization"})
CLASSIC = frozenset({"api-key"})
LISTING = frozenset({"api-key", "authorization"})
PROJECT = frozenset({"authorization"})
ANTHROPIC = frozenset({"x-api-key", "api-key", "authorization"})


def authenticate(call: Call, accepted: frozenset[str]) -> None:
    """Lets a call with one of the account's keys pass.

    A further header may repeat the key, as azure-ai-inference and LiteLLM do. What the service
    does with two different credentials is unknown: a violation.

    Raises:
        Refusal: no key in an accepted header, keys are disabled, or the key is wrong.
    """
    presented = call.presented_keys()
    if not accepted & presented.keys():
        raise errors.access_denied()
    if call.account.local_auth_disabled:
        raise errors.keys_disabled()
    if len(set(presented.values())) > 1:
        call.violation(f"{' and '.join(sorted(presented))} carry different credentials")
        raise errors.access_denied()
    if presented.popitem()[1] not in call.account.keys:
        raise errors.access_denied()
