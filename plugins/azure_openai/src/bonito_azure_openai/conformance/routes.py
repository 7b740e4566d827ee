"""What LiteLLM must put on Azure OpenAI's wire, from the service's REST reference.

Whatever a deployment is called, there is one route: `/openai/deployments/<name>`, by the one
version that connections have always been routed with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_openai.conformance.endpoints import HOST
from bonito_contract_tests import ExpectedRequest, Route
from bonito_contract_tests.harness import Operation

_CHAT: tuple[Operation, ...] = ("chat", "stream", "tools")
_PATHS = {"embedding": "embeddings"}
_ABSENT = {"azure_ad_token": None, "api_key": None, "client_secret": None, "base_model": None}
"""What LiteLLM would copy into the body, were it handed over."""
_BY_KEY = {"api-key": KEY, "authorization": None}
_BY_TOKEN = {"api-key": None}
"""The token that comes instead is never the same twice."""

_CHATTING: Mapping[str, Mapping[str, Any]] = {
    "mini": {},
    "claude-like": {},
    "reasoner": {"max_tokens": None},  # the only limit it takes is another one
}


def _routes() -> Iterator[Route]:
    for name, body in _CHATTING.items():
        for operation in _CHAT:
            yield _route(name, operation, _BY_KEY, body)
    yield _route("vectors", "embedding", _BY_KEY, {})
    for operation in _CHAT:
        yield _route("mini", operation, _BY_TOKEN, {}, access="principal")
    yield _route("vectors", "embedding", _BY_TOKEN, {}, access="principal")
    yield Route(deployment="pictures", operation="chat", expected=None)


def _route(
    name: str,
    operation: Operation,
    headers: Mapping[str, str | None],
    body: Mapping[str, Any],
    *,
    access: str | None = None,
) -> Route:
    streaming = {"stream": True} if operation == "stream" else {}
    expected = ExpectedRequest(
        host=HOST,
        path=f"/openai/deployments/{name}/{_PATHS.get(operation, 'chat/completions')}",
        query="api-version=2024-12-01-preview",
        headers=headers,
        body={**streaming, **_ABSENT, **body},
    )
    return Route(deployment=name, operation=operation, expected=expected, access=access)


ROUTES = tuple(_routes())
