"""Converse and ConverseStream: one form for every model that chats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bonito_emulators.aws import errors, event_stream
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bonito_emulators.aws.catalogue import CatalogueModel
    from bonito_emulators.aws.request import Request

_MEMBERS = (
    "system",
    "inferenceConfig",
    "toolConfig",
    "guardrailConfig",
    "additionalModelRequestFields",
    "additionalModelResponseFieldPaths",
    "promptVariables",
    "performanceConfig",
    "requestMetadata",
    "serviceTier",
    "outputConfig",
)
_CONFIGURATION = {"maxTokens", "temperature", "topP", "stopSequences"}
_BLOCKS = {
    "text",
    "image",
    "document",
    "video",
    "toolUse",
    "toolResult",
    "guardContent",
    "cachePoint",
    "reasoningContent",
}
_TOOL_ID = "tooluse_emulated"


def answered(request: Request, model: CatalogueModel, *, streaming: bool) -> Reply:
    """Answers a conversation, in one piece or as a stream of events.

    Raises:
        Refusal: the model does not chat, or the body is not as the reference has it.
    """
    if model.kind != "chat":
        raise errors.validation("The model that you selected does not support Converse.")
    body = request.json_object(required=("messages",), known=_MEMBERS)
    _check(request, body)
    usage = {"inputTokens": 5, "outputTokens": 2, "totalTokens": 7}
    tool = _tool(body)
    stop = "tool_use" if tool else "end_turn"
    text = f"This is {model.id}. You said: {_last_text(body)}"
    if streaming:
        pieces = _events(text, tool, stop, usage)
        return Reply(pieces=tuple(pieces), content_type=event_stream.CONTENT_TYPE)
    content = [{"toolUse": tool}] if tool else [{"text": text}]
    return Reply(
        {
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": stop,
            "usage": usage,
            "metrics": {"latencyMs": 12},
        }
    )


def _check(request: Request, body: Mapping[str, Any]) -> None:
    messages = body["messages"]
    if not isinstance(messages, list) or not messages or messages[0].get("role") != "user":
        raise _wrong(request, "a conversation begins with a message of the user")
    for message in messages:
        blocks = message.get("content")
        if set(message) != {"role", "content"} or not isinstance(blocks, list) or not blocks:
            raise _wrong(request, "a message has a role and a list of content")
        if any(len(set(block) & _BLOCKS) != 1 or len(block) != 1 for block in blocks):
            raise _wrong(request, "a block of content is of exactly one known sort")
    configuration = body.get("inferenceConfig", {})
    if set(configuration) - _CONFIGURATION:
        raise _wrong(request, f"inferenceConfig has {sorted(set(configuration) - _CONFIGURATION)}")
    limit = configuration.get("maxTokens", 1)
    if not isinstance(limit, int) or limit < 1:
        raise _wrong(request, "maxTokens must be at least 1")


def _wrong(request: Request, why: str) -> errors.Refusal:
    request.violation(why)
    return errors.validation(f"Malformed input request: {why}")


def _tool(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Gives the use of the first tool that is offered."""
    tools = body.get("toolConfig", {}).get("tools", ())
    for tool in tools:
        if "toolSpec" in tool:
            schema = tool["toolSpec"]["inputSchema"]["json"]
            given = dict.fromkeys(schema.get("required", ()), "Paris")
            return {"toolUseId": _TOOL_ID, "name": tool["toolSpec"]["name"], "input": given}
    return None


def _last_text(body: Mapping[str, Any]) -> str:
    texts = [block["text"] for block in body["messages"][-1]["content"] if "text" in block]
    return texts[-1] if texts else ""


def _events(
    text: str, tool: Mapping[str, Any] | None, stop: str, usage: Mapping[str, int]
) -> Iterable[bytes]:
    event = event_stream.event
    yield event("messageStart", {"role": "assistant"})
    if tool is not None:
        start = {"toolUse": {"toolUseId": tool["toolUseId"], "name": tool["name"]}}
        yield event("contentBlockStart", {"contentBlockIndex": 0, "start": start})
        deltas: list[dict[str, Any]] = [{"toolUse": {"input": json.dumps(tool["input"])}}]
    else:
        middle = len(text) // 2
        deltas = [{"text": text[:middle]}, {"text": text[middle:]}]
    for delta in deltas:
        yield event("contentBlockDelta", {"contentBlockIndex": 0, "delta": delta})
    yield event("contentBlockStop", {"contentBlockIndex": 0})
    yield event("messageStop", {"stopReason": stop})
    yield event("metadata", {"usage": usage, "metrics": {"latencyMs": 12}})
