"""What LiteLLM must put on Bedrock's wire, from the service's reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bonito_aws_bedrock.conformance.places import ACCESS_KEY, ACCOUNT, API_KEY, REGION, RUNTIME
from bonito_contract_tests import ExpectedRequest, Route
from bonito_contract_tests.harness import Operation
from bonito_contract_tests.questions import PROMPT

_SIGNED = re.compile(rf"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/\d+/{REGION}/bedrock/.*")
_BY: Mapping[str, Any] = {
    "api_key": f"Bearer {API_KEY}",
    "access_key": _SIGNED,
}
_EVERYWHERE = ("api_key", "access_key")
_ABSENT = {"aws_region_name": None, "model_id": None, "api_key": None, "base_model": None}
_VERBS: Mapping[Operation, str] = {
    "chat": "converse",
    "stream": "converse-stream",
    "tools": "converse",
    "embedding": "invoke",
}
# Ids count up as the harness makes what stands.
_PROFILE = f"arn%3Aaws%3Abedrock%3A{REGION}%3A{ACCOUNT}%3Aapplication-inference-profile%2F"
_BOUGHT = f"arn%3Aaws%3Abedrock%3A{REGION}%3A{ACCOUNT}%3Aprovisioned-model%2F"
_CALLED = {
    "team-chat": f"{_PROFILE}000000000001",
    "team-embed": f"{_PROFILE}000000000002",
    "team-cohere": f"{_PROFILE}000000000003",
    "ours": f"{_PROFILE}000000000004",
    "team-reserved": f"{_BOUGHT}000000000005",
    "eu.deepseek.v3.2": "eu.deepseek.v3.2",
    "amazon.nova-micro-v1:0": "amazon.nova-micro-v1%3A0",
}
_OPERATIONS: tuple[Operation, ...] = ("chat", "stream", "tools")
_CHATS = ("team-chat", "ours", "team-reserved")
_BY_THE_SERVICE = ("eu.deepseek.v3.2", "amazon.nova-micro-v1:0")


def _routes() -> Iterator[Route]:
    for access in _EVERYWHERE:
        for name in _CHATS:
            # By a key and by a signature the three are called alike; once each is enough.
            whole = access == "access_key" or name == _CHATS[0]
            for operation in _OPERATIONS if whole else _OPERATIONS[:1]:
                yield _route(name, operation, access, _chat(operation))
        yield _route("team-embed", "embedding", access, {"inputText": PROMPT})
        yield _route("team-cohere", "embedding", access, {"texts": [PROMPT]})
    for name in _BY_THE_SERVICE:
        yield _route(name, "chat", "access_key", _chat("chat"))


def _chat(operation: Operation) -> Mapping[str, Any]:
    return {
        "messages": [{"role": "user", "content": [{"text": PROMPT}]}],
        "model": None,
        "stream": None,
    }


def _route(name: str, operation: Operation, access: str, body: Mapping[str, Any]) -> Route:
    return Route(
        deployment=name,
        operation=operation,
        access=access,
        expected=ExpectedRequest(
            host=RUNTIME,
            path=f"/model/{_CALLED[name]}/{_VERBS[operation]}",
            headers={"authorization": _BY[access], "api-key": None, "x-api-key": None},
            body={**body, **_ABSENT},
        ),
    )


ROUTES = tuple(_routes())
