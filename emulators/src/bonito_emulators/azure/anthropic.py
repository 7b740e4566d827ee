"""Anthropic's Messages API under `/anthropic`: requests, answers, streams."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bonito_emulators.azure import anthropic_rules, authentication, errors
from bonito_emulators.azure.accounts import serves_foundry
from bonito_emulators.azure.replies import EventStream, json_reply, model_headers
from bonito_emulators.azure.serving import serving
from bonito_emulators.models import anthropic_schema, parameters
from bonito_emulators.models.answers import Answer, Prompt, Tool, answer, count_tokens, pieces
from bonito_emulators.models.anthropic_schema import (
    CountRequest,
    MessagesRequest,
    OneToolChoice,
    TextBlock,
    ToolResultBlock,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.responses import Response

    from bonito_emulators.azure.call import Call
    from bonito_emulators.models.anthropic_schema import Block

VERSION = "2023-06-01"
_STOP = {"stop": "end_turn", "length": "max_tokens", "tool": "tool_use"}


def messages(call: Call) -> Response:
    """Serves `POST /anthropic/v1/messages`."""
    body = _admit(call, known=parameters.MESSAGES)
    request = anthropic_rules.read(call, body, request=MessagesRequest)
    prompt = _prompt(request, limit=request.max_tokens)
    deployment, model = serving(call, body.get("model"), operation="messages")
    said = answer(prompt, model=model.id)
    refused = any(trigger in prompt.text for trigger in call.account.content_filter_triggers)
    reply = _message(said, model=model.id, refused=refused)
    tokens = said.prompt_tokens + said.completion_tokens
    headers = model_headers(deployment, tokens=tokens) | {"request-id": f"req_{said.identity}"}
    if request.stream:
        return EventStream(_events(reply), headers=headers)
    return json_reply(reply, headers=headers)


def count(call: Call) -> Response:
    """Serves `POST /anthropic/v1/messages/count_tokens`."""
    body = _admit(call, known=parameters.COUNT_TOKENS)
    prompt = _prompt(anthropic_rules.read(call, body, request=CountRequest))
    serving(call, body.get("model"), operation="messages")
    return json_reply({"input_tokens": prompt.tokens})


def _admit(call: Call, *, known: frozenset[str]) -> dict[str, Any]:
    if not serves_foundry(call.exchange.host):
        raise errors.resource_not_found()
    authentication.authenticate(call, authentication.ANTHROPIC)
    call.query_value("beta")
    version = call.headers.get("anthropic-version")
    if version != VERSION:
        reason = "header is required" if version is None else f'"{version}" is not a valid version'
        raise errors.anthropic_invalid(f"anthropic-version: {reason}")
    body = call.json_object()
    if unknown := body.keys() - known:
        call.violation(f"the body holds unknown keys: {', '.join(sorted(unknown))}")
        raise errors.anthropic_invalid(f"{min(unknown)}: Extra inputs are not permitted")
    return body


def _prompt(request: CountRequest, *, limit: int | None = None) -> Prompt:
    last = request.messages[-1].content
    answered = any(isinstance(block, ToolResultBlock) for block in last)
    words = [_text(request.system or ""), *(_text(each.content) for each in request.messages)]
    tools = request.tools or []
    return Prompt(
        text=_text(last),
        tokens=sum(map(count_tokens, filter(None, words))) + len(tools),
        limit=limit,
        tool=None if answered else _tool(request, tools),
    )


def _text(content: str | Sequence[Block]) -> str:
    """Gives the words of a message, then those of tool results."""
    if isinstance(content, str):
        return content
    said = [block.text for block in content if isinstance(block, TextBlock)]
    results = (block.content or "" for block in content if isinstance(block, ToolResultBlock))
    return " ".join([*said, *filter(None, map(_text, results))])


def _tool(request: CountRequest, tools: list[anthropic_schema.Tool]) -> Tool | None:
    choice = request.tool_choice
    if not tools or (choice is not None and choice.type == "none"):
        return None
    wanted = choice.name if isinstance(choice, OneToolChoice) else tools[0].name
    chosen = next((tool for tool in tools if tool.name == wanted), None)
    if chosen is None:
        raise errors.anthropic_invalid(f"tool_choice.name: no tool named {wanted!r}")
    return Tool(name=chosen.name, schema=chosen.input_schema)


def _message(said: Answer, *, model: str, refused: bool) -> dict[str, Any]:
    """Gives the whole answer; a refusal is a success with a reason of its own."""
    return {
        "id": f"msg_{said.identity}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [] if refused else [_block(said)],
        "stop_reason": "refusal" if refused else _STOP[said.reason],
        "stop_sequence": None,
        "usage": {"input_tokens": said.prompt_tokens, "output_tokens": said.completion_tokens},
    }


def _block(said: Answer) -> dict[str, Any]:
    if said.reason != "tool":
        return {"type": "text", "text": said.text}
    return {
        "type": "tool_use",
        "id": f"toolu_{said.identity}",
        "name": said.tool_name,
        "input": said.arguments,
    }


def _events(reply: Mapping[str, Any]) -> Iterator[bytes]:
    """Gives the events of a stream that adds up to the answer."""
    opening = {**reply, "content": [], "stop_reason": None}
    opening["usage"] = {**reply["usage"], "output_tokens": 1}
    yield _event("message_start", message=opening)
    for index, block in enumerate(reply["content"]):
        empty: dict[str, object] = {"input": {}} if block["type"] == "tool_use" else {"text": ""}
        yield _event("content_block_start", index=index, content_block={**block, **empty})
        yield _event("ping")
        for delta in _deltas(block):
            yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    ending = {"stop_reason": reply["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=ending, usage=reply["usage"])
    yield _event("message_stop")


def _deltas(block: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if block["type"] == "text":
        return ({"type": "text_delta", "text": piece} for piece in pieces(block["text"]))
    parts = pieces(json.dumps(block["input"]))
    return ({"type": "input_json_delta", "partial_json": part} for part in parts)


def _event(kind: str, **data: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()
