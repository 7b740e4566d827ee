"""What people paste as Azure OpenAI's endpoint, and what must never be taken for one.

Sources: Microsoft Learn, Azure OpenAI REST reference; what must be refused:
microsoft/mcp@557fca14, tests of its EndpointValidator.
"""

from __future__ import annotations

from bonito_contract_tests import Pasted

HOST = "contoso.openai.azure.com"
ENDPOINT = f"https://{HOST}"
COGNITIVE = "https://contoso.cognitiveservices.azure.com"

_SAME = {
    ENDPOINT: (
        f"{ENDPOINT}/",
        f"{ENDPOINT}:443",
        "https://CONTOSO.OpenAI.Azure.com",
        f"{ENDPOINT}/openai/v1/",
        f"{ENDPOINT}/openai/v1/chat/completions",
        f"{ENDPOINT}/openai/models?api-version=2024-10-21",
        f"{ENDPOINT}/openai/deployments/mini/chat/completions?api-version=2024-02-15-preview",
    ),
    COGNITIVE: (f"{COGNITIVE}/",),
}
_REFUSED = {
    "http://contoso.openai.azure.com": "must begin with https://",
    "contoso.openai.azure.com": "must begin with https://",
    "https://attacker.example.com": "must be a host under",
    "https://contoso.openai.azure.com.evil.test": "must be a host under",
    "https://user:pass@contoso.openai.azure.com": "user name",
    "https://contoso.openai.azure.com/openai/v1?key=1": "no other query",
    "https://contoso.openai.azure.com/openai/v1?api-version=1&key=1": "no other query",
    "https://contoso.openai.azure.com/other/path": "a path that no",
    "https://evil.com/.services.ai.azure.com": "must be a host under",
    "https://attacker.com#.openai.azure.com": "must be a host under",
    "https://contoso.openai.azure.com#part": "must not contain a #",
    " https://contoso.openai.azure.com": "a space",
    "https://contoso.openai\u200b.azure.com": "a character that no endpoint has",
    "https://contoso\\.openai.azure.com": "a character that no endpoint has",
    "https://[contoso.openai.azure.com": "is not an address",
    # Other clouds, and addresses that are Foundry's or the region's.
    "https://contoso.openai.azure.us": "Azure Government",
    "https://contoso.openai.azure.cn": "21Vianet",
    "https://contoso.services.ai.azure.com/models/chat/completions": "of Foundry",
    "https://swedencentral.api.cognitive.microsoft.com": f"use {ENDPOINT} in its form",
    f"{ENDPOINT}:8443": "a port",
    f"{ENDPOINT}:443/other": "a path that no",
    f"{ENDPOINT}/other?api-version=2024-10-21": "a path that no",
    "https://xn--contoso.openai.azure.com/openai/v1": "no valid resource name",
    "https://xn--contoso.openai.azure.com": "no valid resource name",
    "contoso": "must begin with https://",
}
"""What must be refused, and what the refusal says."""

PASTED = (
    *(
        Pasted(field="endpoint", value=value, same_as=meant)
        for meant, values in _SAME.items()
        for value in values
    ),
    *(
        Pasted(field="endpoint", value=value, same_as=None, says=reason)
        for value, reason in _REFUSED.items()
    ),
)
