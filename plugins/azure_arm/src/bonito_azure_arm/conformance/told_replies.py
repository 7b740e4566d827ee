"""What is read from the answer to a call, and what an answer without words comes to.

Sources: REST references of Azure OpenAI and of the Model Inference API, which answer alike; the
headers with the request's id are as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bonito_azure_arm.conformance.asking import MESSAGES, answered, invoking, told_otherwise
from bonito_azure_arm.conformance.known import MINI, Known, gone
from bonito_contract_tests import NOTHING, Told
from bonito_providers.errors import InvalidRequest, MalformedAnswer

if TYPE_CHECKING:
    from bonito_providers.invocation import InvocationKind

UNREAD = {"reply.model": None, "reply.input_tokens": None, "reply.output_tokens": None}
"""What a reply has where the answer tells nothing that could be meant."""


def replying(
    known: Known,
    body: Mapping[str, Any],
    kind: InvocationKind = "chat",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **expected: Any,  # noqa: ANN401 - of a question
) -> Told:
    """Return the question what comes of calling a deployment that answers so."""
    ask = answered(invoking(known, kind), body, status=status, headers=headers)
    return Told(name=f"{known.name} answers {body}", ask=ask, **expected)


def of_chats(known: Known, *, sends: str) -> tuple[Told, ...]:
    """Return the questions to a deployment that chats, and is called by that request."""
    return (
        replying(
            known,
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
        replying(
            known,
            _chosen(None, model=5, usage={"prompt_tokens": True, "completion_tokens": -1}),
            tells={"reply.text": "", "reply.request_id": None, **UNREAD},
        ),
        replying(
            known,
            _chosen("\ud800", usage={"prompt_tokens": "2"}),
            tells={"reply.text": "?", "reply.input_tokens": None},
        ),
        replying(known, {"choices": [{}], "usage": []}, refused=MalformedAnswer, sends=(sends,)),
        replying(known, {"choices": []}, refused=MalformedAnswer),
        _refusing(known, "BadRequest", sends=sends),
        replying(
            Known(name="a/b", model=MINI, surfaces=gone("models", "openai_v1")),
            _chosen("yes"),
            sends=("POST /openai/deployments/a%2Fb/chat/completions",),
        ),
    )


def of_reasoning(known: Known, *, sends: str) -> tuple[Told, ...]:
    """Return the questions to a deployment that reasons, which takes another limit than others."""
    return (
        _refusing(known, "unsupported_parameter", sends=sends),
        Told(
            name="an operator says that it reasons",
            ask=told_otherwise(
                invoking(replace(known, model=MINI)), match="gpt-4o-mini", reasoning=True
            ),
            sends=(sends,),
            tells={
                "sent.0.body.messages": MESSAGES,
                "sent.0.body.max_completion_tokens": 16,
                "sent.0.body.max_tokens": NOTHING,
            },
        ),
    )


def of_embeddings(known: Known) -> tuple[Told, ...]:
    """Return the questions to a deployment that embeds."""
    vectors = [{"embedding": [0.5, 0.5]}, {"embedding": [0.5]}]
    unreadable: tuple[object, ...] = ([], "AAAA")
    return (
        replying(
            known,
            {"data": vectors, "model": "v"},
            "embedding",
            headers={"x-request-id": "r-4"},
            tells={"reply.dimensions": 2, "reply.model": "v", "reply.request_id": "r-4"},
        ),
        *(
            replying(known, {"data": [{"embedding": odd}]}, "embedding", refused=MalformedAnswer)
            for odd in unreadable
        ),
    )


def _chosen(content: object, **more: object) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content}}], **more}


def _refusing(known: Known, code: str, *, sends: str) -> Told:
    body = {"error": {"code": code, "message": "no"}}
    return replying(known, body, status=400, refused=InvalidRequest, sends=(sends,))
