"""What a call to a deployment puts on the wire, and what is read from its answer.

Source: REST reference of Azure OpenAI, `/openai/deployments/<name>`; the headers with the request's
id are as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import PROMPT, Known, answered, invoking, told_otherwise
from bonito_azure_arm.conformance.harness import KEY
from bonito_contract_tests import Situation, Told
from bonito_providers.deployment import DeployedModel
from bonito_providers.errors import DeploymentNotFound, InvalidRequest, MalformedAnswer
from bonito_providers.invocation import InvocationKind

MINI = DeployedModel(
    name="gpt-4o-mini", format="OpenAI", kind="chat", price_key="azure/gpt-4o-mini"
)
REASONER = DeployedModel(name="gpt-5-mini", format="OpenAI", kind="chat")
VECTORS = DeployedModel(name="text-embedding-3-small", format="OpenAI", kind="embedding")
_MINI = Known(name="mini", model=MINI)
_REASONER = Known(name="reasoner", model=REASONER)
_VECTORS = Known(name="vectors", model=VECTORS)
_MESSAGES = [{"role": "user", "content": PROMPT}]
_BY_KEY = {
    "api-key": KEY,
    "authorization": None,
    "anthropic-version": None,
    "extra-parameters": None,
}
_LIMITED = {"messages": _MESSAGES, "max_completion_tokens": 16}


def _to(name: str, operation: str = "chat/completions") -> str:
    return f"POST /openai/deployments/{name}/{operation}"


def _sent(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "sent.0.query": "api-version=2024-12-01-preview",
        "sent.0.headers": _BY_KEY,
        "sent.0.body": body,
    }


_CALLED = (
    Told(
        name="a chat",
        ask=invoking(_MINI),
        sends=(_to("mini"),),
        tells={
            "reply.text": "This is gpt-4o-mini-2024-07-18. You said: Say hello.",
            "reply.surface": "deployments",
            "reply.model": "gpt-4o-mini-2024-07-18",
            "reply.dimensions": None,
            "reply.input_tokens": 2,
            "reply.output_tokens": 7,
            **_sent({"messages": _MESSAGES, "max_tokens": 16}),
        },
        says=("00000000-0000-4000-8000-",),
    ),
    Told(
        name="a reasoning model takes another limit",
        ask=invoking(_REASONER),
        sends=(_to("reasoner"),),
        tells=_sent(_LIMITED),
    ),
    Told(
        name="nothing is known of a reasoning model",
        ask=invoking(Known(name="reasoner")),
        sends=(_to("reasoner"), _to("reasoner")),
        tells={"sent.0.body.max_tokens": 16, "sent.1.body": _LIMITED},
    ),
    Told(
        name="an operator says that it reasons",
        ask=told_otherwise(
            invoking(Known(name="reasoner", model=MINI)),
            {"match": "gpt-4o-mini", "reasoning": True, "source": "ours", "date": "2026-01-01"},
        ),
        sends=(_to("reasoner"),),
        tells=_sent(_LIMITED),
    ),
    Told(
        name="an embedding",
        ask=invoking(_VECTORS, "embedding"),
        sends=(_to("vectors", "embeddings"),),
        tells={
            "reply.text": None,
            "reply.dimensions": 1536,
            "reply.surface": "deployments",
            **_sent({"input": [PROMPT], "encoding_format": "float"}),
        },
    ),
    Told(
        name="there is none of that name",
        ask=invoking(Known(name="nobody")),
        refused=DeploymentNotFound,
        sends=(_to("nobody"),),
    ),
)


def _read(
    known: Known,
    body: Mapping[str, Any],
    kind: InvocationKind = "chat",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **expected: Any,  # noqa: ANN401 - of a question
) -> Told:
    ask = answered(invoking(known, kind), body, status=status, headers=headers)
    return Told(name=f"{known.name} answers {body}", ask=ask, **expected)


def _chosen(content: object, **more: object) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content}}], **more}


_READ = (
    _read(
        _MINI,
        _chosen("yes", model="m", usage={"prompt_tokens": 0, "completion_tokens": 1}),
        headers={"apim-request-id": "r-1"},
        tells={
            "reply.text": "yes",
            "reply.model": "m",
            "reply.input_tokens": 0,
            "reply.output_tokens": 1,
            "reply.request_id": "r-1",
        },
    ),
    _read(
        _MINI,
        _chosen(None, model=5, usage={"prompt_tokens": True, "completion_tokens": -1}),
        tells={
            "reply.text": "",
            "reply.model": None,
            "reply.input_tokens": None,
            "reply.output_tokens": None,
            "reply.request_id": None,
        },
    ),
    _read(
        _MINI,
        _chosen("\ud800", usage={"prompt_tokens": "2"}),
        tells={"reply.text": "?", "reply.input_tokens": None},
    ),
    _read(_MINI, {"choices": [{}], "usage": []}, refused=MalformedAnswer, sends=(_to("mini"),)),
    _read(_MINI, {"choices": []}, refused=MalformedAnswer),
    _read(
        _VECTORS,
        {"data": [{"embedding": [0.5, 0.5]}, {"embedding": [0.5]}], "model": "v"},
        "embedding",
        headers={"x-request-id": "r-4"},
        tells={"reply.dimensions": 2, "reply.model": "v", "reply.request_id": "r-4"},
    ),
    _read(_VECTORS, {"data": [{"embedding": []}]}, "embedding", refused=MalformedAnswer),
    _read(_VECTORS, {"data": [{"embedding": "AAAA"}]}, "embedding", refused=MalformedAnswer),
    _read(
        _MINI,
        {"error": {"code": "BadRequest", "message": "no"}},
        status=400,
        refused=InvalidRequest,
        sends=(_to("mini"),),
    ),
    _read(
        _REASONER,
        {"error": {"code": "unsupported_parameter", "message": "no"}},
        status=400,
        refused=InvalidRequest,
        sends=(_to("reasoner"),),
    ),
    _read(Known(name="a/b", model=MINI), _chosen("yes"), sends=(_to("a%2Fb"),)),
)

_BY_TOKEN = Told(
    name="a chat",
    ask=invoking(_MINI),
    tells={
        "sent.0.scope": ["https://cognitiveservices.azure.com/.default"],
        "sent.1.path": "/openai/deployments/mini/chat/completions",
        "sent.1.headers.api-key": None,
    },
    says=("Bearer ",),
)

CALLS = (
    Situation(name="calls by key", access="key", told=(*_CALLED, *_READ)),
    Situation(name="calls by a service principal", access="principal", told=(_BY_TOKEN,)),
)
