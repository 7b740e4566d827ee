"""What is read from a surface's answer to a call, and what an answer without words comes to.

Sources: REST references of the Model Inference API, of Azure OpenAI and of Anthropic's Messages
API; the headers with the request's id are as recorded.
"""

from __future__ import annotations

from bonito_azure_arm.conformance.known import REASONER, VECTORS, Known
from bonito_azure_arm.conformance.told_replies import (
    UNREAD,
    of_chats,
    of_embeddings,
    of_reasoning,
    replying,
)
from bonito_azure_foundry.conformance.known import DEEPSEEK, HAIKU
from bonito_contract_tests import Situation
from bonito_providers.errors import MalformedAnswer

_ASSISTANT = Known(name="assistant", model=HAIKU)

_OF_CLAUDE = (
    replying(
        _ASSISTANT,
        {"content": [{"text": "a"}, {"type": "tool_use"}, {"text": 5}, {"text": "b"}]},
        headers={"apim-request-id": "r-3"},
        tells={"reply.text": "ab", "reply.request_id": "r-3", **UNREAD},
    ),
    replying(_ASSISTANT, {"content": []}, refused=MalformedAnswer),
    replying(_ASSISTANT, {"content": "text"}, refused=MalformedAnswer),
)

REPLIES = (
    Situation(
        name="answers to calls",
        access="key",
        told=(
            *of_chats(
                Known(name="DeepSeek-V3.1", model=DEEPSEEK), sends="POST /models/chat/completions"
            ),
            *of_reasoning(
                Known(name="reasoner", model=REASONER), sends="POST /openai/v1/chat/completions"
            ),
            *of_embeddings(Known(name="vectors", model=VECTORS)),
            *_OF_CLAUDE,
        ),
    ),
)
