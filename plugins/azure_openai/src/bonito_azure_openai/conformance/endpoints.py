"""What people paste as Azure OpenAI's endpoint, and what is like it.

Sources: Microsoft Learn, Azure OpenAI REST reference.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.pasted import pasted

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
PASTED = pasted(
    HOST,
    same=_SAME,
    refused={
        # Another cloud, and an address that is Foundry's.
        "https://contoso.openai.azure.us": "Azure Government",
        "https://contoso.services.ai.azure.com/models/chat/completions": "of Foundry",
        f"https://xn--{HOST}/openai/v1": "no valid resource name",
    },
)
