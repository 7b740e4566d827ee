"""What the suite asks through the gateway; expectations may quote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Operation

PROMPT: Final = "Say hello."
LIMIT: Final = 16
"""Tokens an answer may have."""
TOOL: Final[dict[str, Any]] = {
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
"""The tool that is offered, in the form of OpenAI's interface."""
TOOL_NAME: Final = "get_weather"

OPERATIONS: Final[dict[str, tuple[Operation, ...]]] = {
    "chat": ("chat", "stream", "tools"),
    "embedding": ("embedding",),
}
"""What deployments of a kind are asked for; LiteLLM's Router has nothing for other kinds here."""


def question(operation: Operation) -> dict[str, Any]:
    """Return the arguments of LiteLLM's call, all but the model."""
    if operation == "embedding":
        return {"input": [PROMPT]}
    asked: dict[str, Any] = {
        "messages": [{"role": "user", "content": PROMPT}],
        "max_tokens": LIMIT,
    }
    if operation == "stream":
        asked["stream"] = True
    if operation == "tools":
        asked["tools"] = [TOOL]
    return asked
