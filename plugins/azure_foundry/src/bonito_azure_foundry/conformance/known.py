"""Models of partners that the situations ask about, as Microsoft's catalogue describes them."""

from __future__ import annotations

from bonito_providers.deployment import DeployedModel

DEEPSEEK = DeployedModel(
    name="DeepSeek-V3.1", format="DeepSeek", kind="chat", price_key="azure_ai/deepseek-v3.1"
)
GROK = DeployedModel(name="grok-3", format="xAI", kind="chat", price_key="azure_ai/grok-3")
HAIKU = DeployedModel(
    name="claude-haiku-4-5",
    format="Anthropic",
    kind="chat",
    price_key="azure_ai/claude-haiku-4-5",
)
COHERE = DeployedModel(
    name="embed-v-4-0", format="Cohere", kind="embedding", price_key="azure_ai/embed-v-4-0"
)
PICTURES = DeployedModel(name="gpt-image-1", format="OpenAI", kind="image")
