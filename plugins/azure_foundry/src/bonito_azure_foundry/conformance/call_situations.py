"""What a call to a deployment puts on the wire of each surface, and what comes back.

Sources: REST references of the Model Inference API, of Azure OpenAI and of Anthropic's Messages
API; which surface serves what: Microsoft Learn, Endpoints for Foundry Models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.asking import MESSAGES, PROMPT, invoking
from bonito_azure_arm.conformance.harness import KEY
from bonito_azure_arm.conformance.known import MINI, REASONER, VECTORS, Known, gone
from bonito_azure_foundry.conformance.known import DEEPSEEK, HAIKU
from bonito_contract_tests import Situation, Told

_MODELS = "POST /models/chat/completions"
_V1 = "POST /openai/v1/chat/completions"
_CLAUDE = "POST /anthropic/v1/messages"
_PARTNER = Known(name="DeepSeek-V3.1", model=DEEPSEEK)
_THINKER = Known(name="reasoner", model=REASONER)
_ASSISTANT = Known(name="assistant", model=HAIKU)
_VECTORS = Known(name="vectors", model=VECTORS)


def _sent(
    query: str, body: Mapping[str, Any], *, place: int = 0, **headers: str | None
) -> dict[str, Any]:
    """Return how a request must have been sent, by the key in the header of its own."""
    shown = {
        "api-key": KEY,
        "authorization": None,
        "anthropic-version": None,
        "extra-parameters": None,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    at = f"sent.{place}"
    return {f"{at}.query": query, f"{at}.body": body, f"{at}.headers": shown}


_BY_MODELS = Told(
    name="a partner's model",
    ask=invoking(_PARTNER),
    sends=(_MODELS,),
    tells={
        "reply.text": "This is DeepSeek-V3.1. You said: Say hello.",
        "reply.surface": "models",
        "reply.model": "DeepSeek-V3.1",
        "reply.dimensions": None,
        "reply.input_tokens": 2,
        "reply.output_tokens": 7,
        **_sent(
            "api-version=2024-05-01-preview",
            {"model": "DeepSeek-V3.1", "messages": MESSAGES, "max_tokens": 16},
        ),
    },
)
_BY_V1 = Told(
    name="a reasoning model takes another limit, which /models does not know",
    ask=invoking(_THINKER),
    sends=(_V1,),
    tells={
        "reply.surface": "openai_v1",
        **_sent("", {"model": "reasoner", "messages": MESSAGES, "max_completion_tokens": 16}),
    },
)
_BY_ANTHROPIC = Told(
    name="Claude",
    ask=invoking(_ASSISTANT),
    sends=(_CLAUDE,),
    tells={
        "reply.text": "This is claude-haiku-4-5. You said: Say hello.",
        "reply.surface": "anthropic",
        "reply.input_tokens": 2,
        "reply.output_tokens": 7,
        **_sent(
            "",
            {"model": "assistant", "max_tokens": 16, "messages": MESSAGES},
            anthropic_version="2023-06-01",
        ),
    },
    says=("00000000-0000-4000-8000-",),
)
_AN_EMBEDDING = Told(
    name="an embedding",
    ask=invoking(_VECTORS, "embedding"),
    sends=("POST /openai/v1/embeddings",),
    tells={
        "reply.text": None,
        "reply.dimensions": 1536,
        "reply.surface": "openai_v1",
        **_sent("", {"model": "vectors", "input": [PROMPT], "encoding_format": "float"}),
    },
)
_BY_DEPLOYMENTS = Told(
    name="the other surfaces were seen to be absent",
    ask=invoking(Known(name="gpt-4o-mini", model=MINI, surfaces=gone("models", "openai_v1"))),
    sends=("POST /openai/deployments/gpt-4o-mini/chat/completions",),
    tells={
        "reply.surface": "deployments",
        **_sent("api-version=2024-10-21", {"messages": MESSAGES, "max_tokens": 16}),
    },
)
_BY_TRYING = Told(
    name="nothing is known of a reasoning model",
    ask=invoking(Known(name="reasoner")),
    sends=(_MODELS, _MODELS),
    tells={
        "reply.surface": "models",
        **_sent(
            "api-version=2024-05-01-preview",
            {"model": "reasoner", "messages": MESSAGES, "max_completion_tokens": 16},
            place=1,
            extra_parameters="pass-through",
        ),
    },
)

CALLS = (
    Situation(
        name="calls on the services host",
        access="key",
        told=(_BY_MODELS, _BY_V1, _BY_ANTHROPIC, _AN_EMBEDDING, _BY_DEPLOYMENTS, _BY_TRYING),
    ),
)
