"""What is read from a surface's answer to a call, and what an answer without words comes to.

Sources: REST references of the Model Inference API, of Azure OpenAI and of Anthropic's Messages
API; the headers with the request's id are as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import Known, answered, gone, invoking
from bonito_azure_foundry.conformance.known import DEEPSEEK, HAIKU, MINI, REASONER, VECTORS
from bonito_contract_tests import Situation, Told
from bonito_providers.errors import InvalidRequest, MalformedAnswer

_PARTNER = Known(name="DeepSeek-V3.1", model=DEEPSEEK)
_THINKER = Known(name="reasoner", model=REASONER)
_ASSISTANT = Known(name="assistant", model=HAIKU)
_VECTORS = Known(name="vectors", model=VECTORS)
_MODELS = "POST /models/chat/completions"
_V1 = "POST /openai/v1/chat/completions"


def _read(
    known: Known,
    body: Mapping[str, Any] | str,
    kind: Any = "chat",  # noqa: ANN401 - of two words
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **expected: Any,  # noqa: ANN401 - of a question
) -> Told:
    ask = answered(invoking(known, kind), body, status=status, headers=headers)
    return Told(name=f"{known.name} answers {body}", ask=ask, **expected)


def _chosen(content: object, **more: object) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content}}], **more}


_NOTHING = {"reply.model": None, "reply.input_tokens": None, "reply.output_tokens": None}
_READ = (
    _read(
        _PARTNER,
        _chosen("yes", model="m", usage={"prompt_tokens": 0, "completion_tokens": 1}),
        headers={"apim-request-id": "r-1", "x-request-id": "r-2"},
        tells={
            "reply.text": "yes",
            "reply.model": "m",
            "reply.input_tokens": 0,
            "reply.output_tokens": 1,
            "reply.request_id": "r-1",
        },
    ),
    _read(
        _PARTNER,
        _chosen(None, model=5, usage={"prompt_tokens": True, "completion_tokens": -1}),
        tells={"reply.text": "", "reply.request_id": None, **_NOTHING},
    ),
    _read(_PARTNER, _chosen("\ud800", usage={"prompt_tokens": "2"}), tells={"reply.text": "?"}),
    _read(_PARTNER, {"choices": [{}], "usage": []}, refused=MalformedAnswer, sends=(_MODELS,)),
    _read(_PARTNER, {"choices": []}, refused=MalformedAnswer),
    _read(
        _ASSISTANT,
        {"content": [{"text": "a"}, {"type": "tool_use"}, {"text": 5}, {"text": "b"}]},
        headers={"apim-request-id": "r-3"},
        tells={"reply.text": "ab", "reply.request_id": "r-3", **_NOTHING},
    ),
    _read(_ASSISTANT, {"content": []}, refused=MalformedAnswer),
    _read(_ASSISTANT, {"content": "text"}, refused=MalformedAnswer),
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
        _PARTNER,
        {"error": {"code": "BadRequest", "message": "no"}},
        status=400,
        refused=InvalidRequest,
        sends=(_MODELS,),
    ),
    _read(
        _THINKER,
        {"error": {"code": "unsupported_parameter", "message": "no"}},
        status=400,
        refused=InvalidRequest,
        sends=(_V1,),
    ),
    _read(
        Known(name="a/b", model=MINI, surfaces=gone("models", "openai_v1")),
        _chosen("yes"),
        tells={"sent.0.path": "/openai/deployments/a%2Fb/chat/completions"},
    ),
)

REPLIES = (Situation(name="answers to calls", access="key", told=_READ),)
