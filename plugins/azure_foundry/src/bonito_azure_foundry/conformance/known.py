"""Deployed models that the situations ask about, as Microsoft's catalogue describes them."""

from __future__ import annotations

from bonito_providers.deployment import DeployedModel

UNKNOWN = DeployedModel()
DEEPSEEK = DeployedModel(
    name="DeepSeek-V3.1", format="DeepSeek", kind="chat", price_key="azure_ai/deepseek-v3.1"
)
MINI = DeployedModel(
    name="gpt-4o-mini", format="OpenAI", kind="chat", price_key="azure/gpt-4o-mini"
)
REASONER = DeployedModel(
    name="gpt-5-mini", format="OpenAI", kind="chat", price_key="azure/gpt-5-mini"
)
NEWEST = DeployedModel(name="gpt-5.4", format="OpenAI", kind="chat", price_key="azure/gpt-5.4")
GROK = DeployedModel(name="grok-3", format="xAI", kind="chat", price_key="azure_ai/grok-3")
HAIKU = DeployedModel(
    name="claude-haiku-4-5",
    format="Anthropic",
    kind="chat",
    price_key="azure_ai/claude-haiku-4-5",
)
VECTORS = DeployedModel(
    name="text-embedding-3-small",
    format="OpenAI",
    kind="embedding",
    price_key="azure/text-embedding-3-small",
)
COHERE = DeployedModel(
    name="embed-v-4-0", format="Cohere", kind="embedding", price_key="azure_ai/embed-v-4-0"
)
PICTURES = DeployedModel(name="gpt-image-1", format="OpenAI", kind="image")
