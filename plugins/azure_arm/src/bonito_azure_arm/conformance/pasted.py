"""What people paste as an endpoint of either provider, and what must never be taken for one.

Source of what must be refused: microsoft/mcp@557fca14, tests of its EndpointValidator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bonito_contract_tests import Pasted

_REFUSED = {
    "contoso": "must begin with https://",
    "http://contoso.openai.azure.com": "must begin with https://",
    "https://attacker.example.com": "must be a host under",
    "https://attacker.com#.openai.azure.com": "must be a host under",
    "https://evil.com/.services.ai.azure.com": "must be a host under",
    "https://contoso.openai.azure.com.evil.test": "must be a host under",
    "https://user:pass@contoso.openai.azure.com": "user name",
    "https://contoso.openai.azure.com/openai/v1?key=1": "no other query",
    "https://contoso.openai.azure.com/openai/v1?api-version=1&key=1": "no other query",
    "https://contoso.openai.azure.com/other/path": "a path that no",
    " https://contoso.openai.azure.com": "a space",
    "https://contoso.openai\u200b.azure.com": "a character that no endpoint has",
    "https://contoso\\.openai.azure.com": "a character that no endpoint has",
    "https://xn--contoso.openai.azure.com": "no valid resource name",
    "https://contoso.openai.azure.cn": "21Vianet",
}


def pasted(
    host: str, *, same: Mapping[str, Sequence[str]], refused: Mapping[str, str]
) -> tuple[Pasted, ...]:
    """Return what is pasted as a provider's endpoint, and what must come of it.

    Args:
        host: The endpoint's.
        same: Endpoints, each with other spellings of it.
        refused: What this provider must refuse beside the rest, and what the refusal says.
    """
    reasons = {**_REFUSED, **_odd(host), **refused}
    return (
        *(
            Pasted(field="endpoint", value=value, same_as=meant)
            for meant, values in same.items()
            for value in values
        ),
        *(
            Pasted(field="endpoint", value=value, same_as=None, says=reason)
            for value, reason in reasons.items()
        ),
    )


def _odd(host: str) -> Mapping[str, str]:
    """Return what is like the endpoint, and what must be said of it."""
    endpoint = f"https://{host}"
    return {
        host: "must begin with https://",
        f"https://[{host}": "is not an address",
        f"{endpoint}#part": "must not contain a #",
        f"{endpoint}:8443": "a port",
        f"{endpoint}:443/other": "a path that no",
        f"{endpoint}/other?api-version=2024-10-21": "a path that no",
        "https://swedencentral.api.cognitive.microsoft.com": f"use {endpoint} in its form",
    }
