"""What LiteLLM must put on Foundry's wire, from the services' REST references.

LiteLLM chooses URL, header and parameter names by the host and by what a deployment is *called*,
so there is a route for each name that leads it astray, and for each family of models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_foundry.conformance.endpoints import HOST
from bonito_contract_tests import ExpectedRequest, Route
from bonito_contract_tests.harness import Operation

CHAT: tuple[Operation, ...] = ("chat", "stream", "tools")
_ABSENT = {"azure_ad_token": None, "api_key": None, "client_secret": None, "base_model": None}
"""What LiteLLM would copy into the body, were it handed over."""


@dataclass(frozen=True)
class _Surface:
    """One of the resource's surfaces: where it is, and how it takes the key."""

    path: str
    query: str = ""
    headers: Mapping[str, str | None] = field(default_factory=dict)


_MODELS = _Surface(
    "/models/chat/completions",
    "api-version=2024-05-01-preview",
    {"api-key": KEY, "authorization": None},
)
_V1 = _Surface(
    "/openai/v1/chat/completions", headers={"authorization": f"Bearer {KEY}", "api-key": None}
)
_V1_EMBEDDINGS = _Surface("/openai/v1/embeddings", headers=_V1.headers)
_MESSAGES = {"x-api-key": KEY, "anthropic-version": "2023-06-01", "authorization": None}
_CLAUDE = _Surface("/anthropic/v1/messages", headers={**_MESSAGES, "api-key": KEY})
_UNNAMED_CLAUDE = _Surface("/anthropic/v1/messages", headers={**_MESSAGES, "api-key": None})
_BY_TOKEN: Mapping[str, str | None] = {"api-key": None, "x-api-key": None}
"""Without a key; the token that comes instead is never the same twice."""

_ROUTED: Mapping[str, tuple[_Surface, Mapping[str, Any]]] = {
    "gpt-4o-mini": (_MODELS, {}),
    "DeepSeek-V3.1": (_MODELS, {}),
    "reasoner": (_V1, {"max_tokens": None}),  # the only limit it takes is another one
    "claude-like": (_V1, {}),  # which azure_ai/ would take for Claude
    "claude-sonnet-4-5": (_CLAUDE, {}),
    "assistant": (_UNNAMED_CLAUDE, {}),  # which azure_ai/ would not take for Claude
}
_KEYLESS: Mapping[str, tuple[_Surface, tuple[Operation, ...]]] = {
    "gpt-4o-mini": (_MODELS, CHAT),
    "reasoner": (_V1, CHAT),
    "claude-sonnet-4-5": (_CLAUDE, CHAT),
    "vectors": (_V1_EMBEDDINGS, ("embedding",)),
}
_UNSUPPORTED = ("gpt-5.4-partner", "pictures")
"""The name of the first would send its tools to an API that it does not have."""


def _routes() -> Iterator[Route]:
    for name, (surface, body) in _ROUTED.items():
        for operation in CHAT:
            yield Route(
                deployment=name,
                operation=operation,
                expected=_expected(name, surface, operation, body),
            )
    yield Route(
        deployment="vectors",
        operation="embedding",
        expected=_expected("vectors", _V1_EMBEDDINGS, "embedding"),
    )
    for name, (surface, operations) in _KEYLESS.items():
        keyless = _Surface(surface.path, surface.query, _BY_TOKEN)
        for operation in operations:
            expected = _expected(name, keyless, operation)
            yield Route(deployment=name, operation=operation, expected=expected, access="keyless")
    # LiteLLM has no way to send a token there.
    yield Route(deployment="assistant", operation="chat", expected=None, access="keyless")
    for name in _UNSUPPORTED:
        yield Route(deployment=name, operation="chat", expected=None)


def _expected(
    name: str, surface: _Surface, operation: Operation, body: Mapping[str, Any] | None = None
) -> ExpectedRequest:
    streaming = {"stream": True} if operation == "stream" else {}
    return ExpectedRequest(
        host=HOST,
        path=surface.path,
        query=surface.query,
        headers=surface.headers,
        body={"model": name, **streaming, **_ABSENT, **(body or {})},
    )


ROUTES = tuple(_routes())
