"""What people paste as Foundry's endpoint, from the portal, the documentation and a rival's tests.

Sources: Microsoft Learn, Foundry endpoints.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.pasted import pasted

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
PASTED = pasted(
    HOST,
    same=_SAME,
    refused={
        # Another cloud, and the address of a single model: neither is a resource's.
        "https://contoso.services.ai.azure.us": "Azure Government",
        "https://llama.eastus.models.ai.azure.com": "a single model",
        f"{SERVICES}:port": "is not an address",
        f"https://xn--{HOST}/models": "no valid resource name",
    },
)
