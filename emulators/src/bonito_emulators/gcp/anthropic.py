"""Claude by `rawPredict`: Anthropic's Messages API without `model`, with a version of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bonito_emulators.gcp.refusals import Refusal
from bonito_emulators.gcp.request import Reply
from bonito_emulators.models.answers import Answer, Prompt, Tool, answer, count_tokens, pieces
from bonito_emulators.models.anthropic_schema import MessagesRequest, TextBlock, ToolResultBlock
from bonito_emulators.models.parameters import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bonito_emulators.gcp.catalogue import PublisherModel
    from bonito_emulators.gcp.vertex import Call
    from bonito_emulators.models.anthropic_schema import Block

VERSION = "vertex-2023-10-16"
_KNOWN = (MESSAGES - {"model"}) | {"anthropic_version", "anthropic_beta"}
_STOP = {"stop": "end_turn", "length": "max_tokens", "tool": "tool_use"}


def messages(call: Call, model: PublisherModel, *, stream: bool) -> Reply:
    """Answers messages; the model is named in the path alone.

    Raises:
        Refusal: The body is not as Anthropic documents it for this cloud.
    """
    call.request.read_query()
    asked = _read(call, stream=stream)
    said = answer(_prompt(asked), model=model.name)
    call.project.charge("called", f"{model.publisher}/{model.name}", model.name)
    reply = _message(said, model=model.name)
    return Reply(events=_events(reply)) if stream else Reply(reply)


def _read(call: Call, *, stream: bool) -> MessagesRequest:
    body = call.request.json_object()
    if unknown := sorted(body.keys() - _KNOWN):
        call.request.violation(f"the body holds {', '.join(unknown)}")
        raise _invalid(f"{unknown[0]}: Extra inputs are not permitted")
    if body.get("anthropic_version") != VERSION:
        raise _invalid(f"anthropic_version: Input should be '{VERSION}'")
    if bool(body.get("stream")) is not stream:
        call.request.violation("the verb and `stream` contradict each other")
    try:
        given = {name: each for name, each in body.items() if each is not None}
        return MessagesRequest.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    raise _invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")


def _invalid(message: str) -> Refusal:
    error = {"type": "invalid_request_error", "message": message}
    return Refusal(400, {"type": "error", "error": error})


def _prompt(asked: MessagesRequest) -> Prompt:
    last = asked.messages[-1].content
    answered = any(isinstance(block, ToolResultBlock) for block in last)
    words = [_text(asked.system or ""), *(_text(each.content) for each in asked.messages)]
    tools = asked.tools or []
    tool = None if answered or not tools else tools[0]
    return Prompt(
        text=_text(last),
        tokens=sum(map(count_tokens, filter(None, words))) + len(tools),
        limit=asked.max_tokens,
        tool=None if tool is None else Tool(name=tool.name, schema=tool.input_schema),
    )


def _text(content: str | Sequence[Block]) -> str:
    if isinstance(content, str):
        return content
    said = [block.text for block in content if isinstance(block, TextBlock)]
    results = [block.content or "" for block in content if isinstance(block, ToolResultBlock)]
    return " ".join([*said, *filter(None, map(_text, results))])


def _message(said: Answer, *, model: str) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": said.text}
    if said.reason == "tool":
        block = {
            "type": "tool_use",
            "id": f"toolu_vrtx_{said.identity}",
            "name": said.tool_name,
            "input": dict(said.arguments or {}),
        }
    return {
        "id": f"msg_vrtx_{said.identity}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [block],
        "stop_reason": _STOP[said.reason],
        "stop_sequence": None,
        "usage": {"input_tokens": said.prompt_tokens, "output_tokens": said.completion_tokens},
    }


def _events(reply: Mapping[str, Any]) -> Iterator[bytes]:
    """Gives the events of a stream that adds up to the answer."""
    opening = {**reply, "content": [], "stop_reason": None}
    yield _event("message_start", message=opening)
    (block,) = reply["content"]
    tool = block["type"] == "tool_use"
    empty: dict[str, object] = {"input": {}} if tool else {"text": ""}
    yield _event("content_block_start", index=0, content_block={**block, **empty})
    yield _event("ping")
    text = json.dumps(block["input"]) if tool else block["text"]
    for piece in pieces(text):
        delta = (
            {"type": "input_json_delta", "partial_json": piece}
            if tool
            else {"type": "text_delta", "text": piece}
        )
        yield _event("content_block_delta", index=0, delta=delta)
    yield _event("content_block_stop", index=0)
    ending = {"stop_reason": reply["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=ending, usage=reply["usage"])
    yield _event("message_stop")


def _event(kind: str, **data: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()
