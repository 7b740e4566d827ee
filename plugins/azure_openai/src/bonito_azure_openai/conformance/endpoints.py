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
        f"{ENDPOINT}/openai/deployments/mini/chat/completions?api-version=2024-02-15-preview",
    ),
    COGNITIVE: (f"{COGNITIVE}/",),
}
_REFUSED = (
    "http://contoso.openai.azure.com",
    "https://attacker.example.com",
    "https://contoso.openai.azure.com.evil.test",
    "https://user:pass@contoso.openai.azure.com",
    "https://contoso.openai.azure.com/openai/v1?key=1",
    "https://contoso.openai.azure.com/other/path",
    "https://evil.com/.services.ai.azure.com",
    "https://attacker.com#.openai.azure.com",
    " https://contoso.openai.azure.com",
    # Other clouds, and addresses that are Foundry's or the region's.
    "https://contoso.openai.azure.us",
    "https://contoso.openai.azure.cn",
    "https://contoso.services.ai.azure.com/models/chat/completions",
    "https://swedencentral.api.cognitive.microsoft.com",
    f"{ENDPOINT}:8443",
    "contoso",
)

PASTED = (
    *(
        Pasted(field="endpoint", value=value, same_as=meant)
        for meant, values in _SAME.items()
        for value in values
    ),
    *(Pasted(field="endpoint", value=value, same_as=None) for value in _REFUSED),
)
