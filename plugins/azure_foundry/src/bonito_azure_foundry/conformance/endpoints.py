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
    # Other clouds, the addresses of single models, and the region's: none is a resource's.
    "https://contoso.services.ai.azure.us",
    "https://contoso.openai.azure.cn",
    "https://llama.eastus.models.ai.azure.com",
    "https://swedencentral.api.cognitive.microsoft.com",
    f"{SERVICES}:8443",
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
