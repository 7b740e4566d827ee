"""What a call to a deployment puts on the wire, and what is read from its answer.

Source: REST reference of Azure OpenAI, `/openai/deployments/<name>`; the headers with the request's
id are as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import MESSAGES, PROMPT, invoking
from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_arm.conformance.known import MINI, REASONER, VECTORS, Known
from bonito_azure_arm.conformance.told_replies import of_chats, of_embeddings, of_reasoning
from bonito_contract_tests import Situation, Told
from bonito_providers.errors import DeploymentNotFound

_MINI = Known(name="mini", model=MINI)
_REASONER = Known(name="reasoner", model=REASONER)
_VECTORS = Known(name="vectors", model=VECTORS)
_BY_KEY = {
    "api-key": KEY,
    "authorization": None,
    "anthropic-version": None,
    "extra-parameters": None,
}
_LIMITED = {"messages": MESSAGES, "max_completion_tokens": 16}


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
            **_sent({"messages": MESSAGES, "max_tokens": 16}),
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
    Situation(name="calls by key", access="key", told=_CALLED),
    Situation(
        name="answers to calls",
        access="key",
        told=(
            *of_chats(_MINI, sends=_to("mini")),
            *of_reasoning(_REASONER, sends=_to("reasoner")),
            *of_embeddings(_VECTORS),
        ),
    ),
    Situation(name="calls by a service principal", access="principal", told=(_BY_TOKEN,)),
)
