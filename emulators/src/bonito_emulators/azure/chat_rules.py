"""Reading a chat completion: Azure's own parameters, and what excludes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import errors, schema
from bonito_emulators.models import chat_schema
from bonito_emulators.models.chat_messages import AssistantMessage, ToolMessage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bonito_emulators.azure.call import Call
    from bonito_emulators.models.chat_messages import Message


class ChatRequest(chat_schema.ChatRequest):
    """A chat completion as it is asked for in Azure."""

    data_sources: list[dict[str, Any]] | None = None
    user_security_context: dict[str, Any] | None = None


def read(call: Call, body: Mapping[str, Any]) -> ChatRequest:
    """Reads a chat request.

    Raises:
        Refusal: a value is of the wrong form, or contradicts another.
    """
    request = schema.read(call, body, schema=ChatRequest, refuse=schema.openai_refusal)
    _refuse_contradictions(request)
    _refuse_loose_tool_messages(request.messages)
    return request


def _refuse_contradictions(request: ChatRequest) -> None:
    """Source of the rules: OpenAI's own API, same code base."""
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        raise errors.invalid_value(
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
            parameter="max_tokens",
            code="invalid_parameter_combination",
        )
    if request.stream_options is not None and not request.stream:
        raise errors.only_allowed("stream_options", "'stream' is enabled")
    if request.top_logprobs is not None and not request.logprobs:
        raise errors.only_allowed("top_logprobs", "'logprobs' is enabled")
    for name in ("tool_choice", "parallel_tool_calls"):
        if getattr(request, name) is not None and request.tools is None:
            raise errors.only_allowed(name, "'tools' are specified")


def _refuse_loose_tool_messages(messages: Sequence[Message]) -> None:
    """Every result of a tool answers a call just before it, and every call gets its result."""
    waiting: set[str] = set()
    for message in messages:
        if isinstance(message, ToolMessage):
            if message.tool_call_id not in waiting:
                raise errors.loose_tool_message()
            waiting.remove(message.tool_call_id)
            continue
        if waiting:
            break
        if isinstance(message, AssistantMessage):
            waiting = {asked.id for asked in message.tool_calls or ()}
    if waiting:
        raise errors.unanswered_tool_calls(waiting)
