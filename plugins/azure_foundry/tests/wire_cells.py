"""The cells of the wire matrix: what LiteLLM must send, written from the services' documents.

Each row says which route a deployment takes on a host; each route says what the request looks
like, absences included. Sources: the host, header and version columns of the measured LiteLLM
tables and of the services' REST references; nothing here was recorded from this project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

KEY = "Zq4vX9wT2mB7nK1pR6sD3fG8hJ5lC0yA"
PROMPT = "Say hello."
LIMIT = 16

# What a person may paste, by the host that it names.
SERVICES = (
    "https://contoso.services.ai.azure.com",
    "https://contoso.services.ai.azure.com/",
    "https://CONTOSO.Services.AI.Azure.com/models",
    "https://contoso.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
    "https://contoso.services.ai.azure.com/openai/v1/",
    "https://contoso.services.ai.azure.com/openai/v1/chat/completions",
    "https://contoso.services.ai.azure.com/api/projects/team",
    "https://contoso.services.ai.azure.com/anthropic/v1/messages",
)
OPENAI = ("https://contoso.openai.azure.com", "https://contoso.openai.azure.com/openai/v1/")
COGNITIVE = ("https://contoso.cognitiveservices.azure.com/",)
HOSTS = {
    "services": ("contoso.services.ai.azure.com", SERVICES),
    "openai": ("contoso.openai.azure.com", OPENAI),
    "cognitive": ("contoso.cognitiveservices.azure.com", COGNITIVE),
}


@dataclass(frozen=True)
class Row:
    """A deployment, and the route it takes from each host; None is "not supported"."""

    name: str
    model: str
    services: str | None
    openai: str | None
    cognitive: str | None
    kind: str = "chat"
    reasoning: bool = False
    tools: bool = True


# azure_ai/ reaches /models on the services host only, and only under a name that does not say
# another family; azure/ reaches /openai/v1, where base_model says what the model is.
ROWS = (
    Row("gpt-4o", "gpt-4o", "models", "v1", "classic"),
    Row("gpt-4o-mini", "gpt-4o-mini", "models", "v1", "classic"),
    Row("prod-chat", "gpt-4o", "models", "v1", "classic"),
    Row("promo1", "gpt-4o", "models", "v1", "classic"),
    Row("claude-like", "gpt-4o", "v1", "v1", "classic"),
    Row("gpt-5-lookalike", "gpt-4o", "v1", "v1", "classic"),
    Row("model-router-test", "gpt-4o", "v1", "v1", "classic"),
    Row("DeepSeek-V3.1", "DeepSeek-V3.1", "models", "v1", None),
    Row("grok-3", "grok-3", "models", "v1", None),
    Row("Llama-3.3-70B-Instruct", "Llama-3.3-70B-Instruct", "models", "v1", None),
    Row("gpt-4.1", "DeepSeek-V3.1", "models", "v1", None),
    Row("not-claude-llama", "Llama-3.3-70B-Instruct", "v1", "v1", None),
    Row("gpt-5-mini-deepseek", "DeepSeek-V3.1", "v1", "v1", None),
    Row("o3", "DeepSeek-V3.1", "v1", "v1", None),
    Row("grok-deepseek", "DeepSeek-V3.1", "v1", "v1", None),
    Row("gpt-5-mini", "gpt-5-mini", "v1", "v1", "classic", reasoning=True),
    Row("reasoner", "gpt-5-mini", "v1", "v1", "classic", reasoning=True),
    Row("claude-reasoner", "o3", "v1", "v1", "classic", reasoning=True),
    # LiteLLM turns tools of gpt-5.4 and later into calls of the Responses API, which is not
    # emulated; a name that only sounds like it is not routed at all.
    Row("gpt-5.5", "gpt-5.5", "v1", "v1", None, reasoning=True, tools=False),
    Row("gpt-5.4-deepseek", "DeepSeek-V3.1", None, None, None),
    Row("gpt-6-fake", "gpt-4o", None, None, None),
    Row("claude-sonnet-4-5", "claude-sonnet-4-5", "claude", None, None),
    Row("Team-Claude", "claude-haiku-4-5", "claude", None, None),
    Row("assistant", "claude-haiku-4-5", "claude-unnamed", None, None),
    Row("gpt-4o-assistant", "claude-haiku-4-5", "claude-unnamed", None, None),
    Row("text-embedding-3-small", "text-embedding-3-small", "v1", "v1", "classic", "embedding"),
    Row("claude-embed", "text-embedding-3-small", "v1", "v1", "classic", "embedding"),
    Row("embed-v-4-0", "embed-v-4-0", "v1", "v1", None, "embedding"),
)

BEARER = {"authorization": f"Bearer {KEY}"}
API_KEY = {"api-key": KEY}
BOTH_KEYS = {"api-key": KEY, "x-api-key": KEY, "anthropic-version": "2023-06-01"}
X_API_KEY = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
SENSITIVE = ("authorization", "api-key", "x-api-key", "anthropic-version", "extra-parameters")

CHAT_ROUTES = {
    "models": ("/models/chat/completions", "api-version=2024-05-01-preview", API_KEY),
    "v1": ("/openai/v1/chat/completions", "", BEARER),
    "classic": ("/openai/deployments/{name}/chat/completions", "api-version=2024-10-21", API_KEY),
    "claude": ("/anthropic/v1/messages", "", BOTH_KEYS),
    "claude-unnamed": ("/anthropic/v1/messages", "", X_API_KEY),
}
EMBEDDING_ROUTES = {
    "v1": ("/openai/v1/embeddings", "", BEARER),
    "classic": ("/openai/deployments/{name}/embeddings", "api-version=2024-10-21", API_KEY),
}

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
    """One call: a pasted endpoint, a deployment, an operation, and what must arrive."""

    host: str
    pasted: str
    row: Row
    operation: str

    @property
    def id(self) -> str:
        """The cell's name in the report."""
        return f"{self.pasted.removeprefix('https://')} {self.row.name} {self.operation}"

    @property
    def route(self) -> str | None:
        """The route that the row names for the host."""
        route: str | None = getattr(self.row, self.host)
        return route


def cells() -> Iterator[Cell]:
    """Yield every pasted form x deployment x operation."""
    for host, (_, forms) in HOSTS.items():
        for pasted in forms:
            for row in ROWS:
                for operation in _operations(row):
                    yield Cell(host, pasted, row, operation)


def _operations(row: Row) -> tuple[str, ...]:
    if row.kind == "embedding":
        return ("embeddings",)
    return ("chat", "stream", "tools") if row.tools else ("chat", "stream")


def expected(cell: Cell) -> dict[str, Any]:
    """Return the request that must arrive: URL, credential headers and body, nothing besides."""
    route = cell.route
    if route is None:
        message = f"{cell.id} has no route"
        raise LookupError(message)
    routes = CHAT_ROUTES if cell.row.kind == "chat" else EMBEDDING_ROUTES
    path, query, headers = routes[route]
    return {
        "host": HOSTS[cell.host][0],
        "method": "POST",
        "path": path.format(name=cell.row.name),
        "query": query,
        "headers": headers,
        "body": _body(cell, route),
    }


def _body(cell: Cell, route: str) -> dict[str, Any]:
    if cell.operation == "embeddings":
        return {"model": cell.row.name, "input": [PROMPT], "encoding_format": "base64"}
    if route.startswith("claude"):
        return _messages_body(cell)
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


def _messages_body(cell: Cell) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": cell.row.name,
        "messages": [{"role": "user", "content": [{"type": "text", "text": PROMPT}]}],
        "max_tokens": LIMIT,
    }
    if cell.operation == "stream":
        body["stream"] = True
    if cell.operation == "tools":
        function = TOOL["function"]
        assert isinstance(function, dict)
        body["tools"] = [
            {
                "type": "custom",
                "name": function["name"],
                "description": function["description"],
                "input_schema": function["parameters"],
            }
        ]
    return body
