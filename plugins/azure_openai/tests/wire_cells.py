"""The cells of the wire matrix: what LiteLLM must send, written from the services' documents.

Whatever the host, the stored form of the endpoint, the deployment's name and its model: one route,
`/openai/deployments/<name>`, with the one api-version, and either the key in its own header or a
token for the data plane. Sources: the measured LiteLLM tables and the service's REST reference;
nothing here was recorded from this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from plugins.azure_openai.tests.resources import KEYS, PRINCIPAL

KEY = KEYS[0]
PROMPT = "Say hello."
LIMIT = 16
QUERY = "api-version=2024-12-01-preview"
AUDIENCE = "https://cognitiveservices.azure.com"
IDENTITIES = {"key": {"api_key": KEY}, "principal": PRINCIPAL}
SENSITIVE = ("authorization", "api-key", "x-api-key")
CALL = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-02-15-preview"

HOSTS = {
    "contoso.openai.azure.com": ("", "/", "/openai/v1/", CALL),
    "contoso.cognitiveservices.azure.com": ("/",),
    "contoso.services.ai.azure.com": ("", "/openai/v1"),
}


@dataclass(frozen=True)
class Row:
    """A deployment of the account."""

    name: str
    model: str
    kind: str = "chat"
    reasoning: bool = False


ROWS = (
    Row("gpt-4o", "gpt-4o"),
    Row("prod.chat_1", "gpt-4o-mini"),
    Row("claude-like", "gpt-4o-mini"),
    Row("o3-lookalike", "gpt-4o-mini"),
    Row("gpt-5-mini", "gpt-5-mini", reasoning=True),
    Row("reasoner", "gpt-5-mini", reasoning=True),
    Row("text-embedding-3-small", "text-embedding-3-small", "embedding"),
    Row("vectors", "text-embedding-3-small", "embedding"),
)

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


@dataclass(frozen=True)
class Cell:
    """One call: an identity, a stored endpoint, a deployment, an operation."""

    identity: str
    host: str
    path: str
    row: Row
    operation: str

    @property
    def endpoint(self) -> str:
        """The endpoint as it was stored."""
        return f"https://{self.host}{self.path}"

    @property
    def connection(self) -> str:
        """The connection's name."""
        return f"{self.identity} {self.endpoint}"

    @property
    def id(self) -> str:
        """The cell's name in the report."""
        return f"{self.identity} {self.host}{self.path} {self.row.name} {self.operation}"


def cells() -> Iterator[Cell]:
    """Yield every identity x stored form x deployment x operation."""
    for identity in IDENTITIES:
        for host, paths in HOSTS.items():
            for path in paths:
                for row in ROWS:
                    chat = row.kind == "chat"
                    for operation in ("chat", "stream", "tools") if chat else ("embeddings",):
                        yield Cell(identity, host, path, row, operation)


def expected(cell: Cell) -> dict[str, Any]:
    """Return the request that must arrive: URL, credential headers and body, nothing besides."""
    operation = "chat/completions" if cell.row.kind == "chat" else "embeddings"
    return {
        "host": cell.host,
        "method": "POST",
        "path": f"/openai/deployments/{cell.row.name}/{operation}",
        "query": QUERY,
        "headers": {"api-key": KEY}
        if cell.identity == "key"
        else {"authorization": f"Bearer of {AUDIENCE}"},
        "body": _body(cell),
    }


def _body(cell: Cell) -> dict[str, Any]:
    if cell.operation == "embeddings":
        return {"model": cell.row.name, "input": [PROMPT], "encoding_format": "base64"}
    limit = "max_completion_tokens" if cell.row.reasoning else "max_tokens"
    body: dict[str, Any] = {
        "model": cell.row.name,
        "messages": [{"role": "user", "content": PROMPT}],
        limit: LIMIT,
    }
    if cell.operation == "stream":
        body["stream"] = True
    if cell.operation == "tools":
        body["tools"] = [TOOL]
    return body
