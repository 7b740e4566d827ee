"""The public services that are known by name, and where they answer.

Any other host is an endpoint like them, once the operator allows it. Hosts and paths stand here and
not in `facts.json`: the name card tells the hosts, reading credentials needs the paths, and both
answer from memory, without a file (the checks HOOK-02 and META-07). What else differs stands there.
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
        source: Where that stands.
        date: When it stood there.
    """

    name: str
    host: str
    path: str
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
        source="https://platform.openai.com/docs/api-reference/authentication",
        date="2026-11-23",
    ),
    Service(
        name="groq",
        host="api.groq.com",
        path="/openai/v1",
        source="https://console.groq.com/docs/openai",
        date="2026-11-23",
    ),
    Service(
        name="openrouter",
        host="openrouter.ai",
        path="/api/v1",
        source="https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key",
        date="2026-11-23",
    ),
    Service(
        name="deepseek",
        host="api.deepseek.com",
        path="/v1",
        source="https://api-docs.deepseek.com/",
        date="2026-11-23",
    ),
)

BY_HOST = {service.host: service for service in SERVICES}
