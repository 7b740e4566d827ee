"""The public services that are known by name: where they answer, and what is different there.

Any other host is an endpoint like them, once the operator allows it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Service:
    """A public service.

    Attributes:
        name: What rows of `facts.json` call it.
        host: Where it answers.
        path: Below which it serves the API.
        prices: What its models begin with in LiteLLM's price file.
        key_path: Where it judges a key, since it lists its models to anybody.
        source: Where that stands.
        date: When it stood there.
    """

    name: str
    host: str
    path: str
    prices: str
    key_path: str | None = None
    source: str
    date: str

    @property
    def address(self) -> str:
        """The address of the API."""
        return f"https://{self.host}{self.path}"


SERVICES = (
    Service(
        name="openai",
        host="api.openai.com",
        path="/v1",
        prices="",
        source="https://platform.openai.com/docs/api-reference/authentication",
        date="2026-11-23",
    ),
    Service(
        name="groq",
        host="api.groq.com",
        path="/openai/v1",
        prices="groq/",
        source="https://console.groq.com/docs/openai",
        date="2026-11-23",
    ),
    Service(
        name="openrouter",
        host="openrouter.ai",
        path="/api/v1",
        prices="openrouter/",
        key_path="/key",
        source="https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key",
        date="2026-11-23",
    ),
    Service(
        name="deepseek",
        host="api.deepseek.com",
        path="/v1",
        prices="deepseek/",
        source="https://api-docs.deepseek.com/",
        date="2026-11-23",
    ),
)

BY_HOST = {service.host: service for service in SERVICES}
