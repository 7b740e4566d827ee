"""What people paste as Foundry's endpoint, from the portal, the documentation and a rival's tests.

Sources: Microsoft Learn, Foundry endpoints; what must be refused: microsoft/mcp@557fca14, tests of
its EndpointValidator.
"""

from __future__ import annotations

from bonito_contract_tests import Pasted

HOST = "contoso.services.ai.azure.com"
SERVICES = f"https://{HOST}"
OPENAI = "https://contoso.openai.azure.com"
COGNITIVE = "https://contoso.cognitiveservices.azure.com"
_PROJECT = f"{SERVICES}/api/projects/team"

_SAME = {
    SERVICES: (
        f"{SERVICES}/",
        f"{SERVICES}:443",
        "https://CONTOSO.Services.AI.Azure.com/models",
        f"{SERVICES}/models/chat/completions?api-version=2024-05-01-preview",
        f"{SERVICES}/openai/v1/",
        f"{SERVICES}/openai/v1/chat/completions",
        f"{SERVICES}/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21",
        f"{SERVICES}/anthropic/v1/messages",
    ),
    _PROJECT: (f"{_PROJECT}/", f"{_PROJECT}/openai/v1"),
    OPENAI: (f"{OPENAI}/", f"{OPENAI}/openai/v1/"),
    COGNITIVE: (f"{COGNITIVE}/",),
}
_REFUSED = {
    "http://contoso.openai.azure.com": "must begin with https://",
    "contoso.services.ai.azure.com": "must begin with https://",
    "https://attacker.example.com": "must be a host under",
    "https://contoso.openai.azure.com.evil.test": "must be a host under",
    "https://user:pass@contoso.openai.azure.com": "user name",
    "https://contoso.openai.azure.com/openai/v1?key=1": "no other query",
    "https://contoso.openai.azure.com/openai/v1?api-version=1&key=1": "no other query",
    "https://contoso.openai.azure.com/other/path": "a path that no",
    "https://evil.com/.services.ai.azure.com": "must be a host under",
    "https://contoso.services.ai.azure.com#part": "must not contain a #",
    " https://contoso.openai.azure.com": "a space",
    "https://contoso.openai\u200b.azure.com": "a character that no endpoint has",
    "https://contoso\\.openai.azure.com": "a character that no endpoint has",
    "https://[contoso.services.ai.azure.com": "is not an address",
    # Other clouds, the addresses of single models, and the region's: none is a resource's.
    "https://contoso.services.ai.azure.us": "Azure Government",
    "https://contoso.openai.azure.cn": "21Vianet",
    "https://llama.eastus.models.ai.azure.com": "a single model",
    "https://swedencentral.api.cognitive.microsoft.com": f"use {SERVICES} in its form",
    f"{SERVICES}:8443": "a port",
    f"{SERVICES}:port": "is not an address",
    f"{SERVICES}:443/other": "a path that no",
    f"{SERVICES}/other?api-version=2024-10-21": "a path that no",
    "https://xn--contoso.services.ai.azure.com/models": "no valid resource name",
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
