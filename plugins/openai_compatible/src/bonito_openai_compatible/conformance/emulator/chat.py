"""Chat completions: in one piece, as a stream, with tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from bonito_emulators.models import answers
from bonito_emulators.models.answers import Answer, Prompt, Tool, count_tokens, pieces
from bonito_emulators.models.chat_messages import content_text
from bonito_emulators.models.chat_schema import ChatRequest
from bonito_emulators.models.parameters import OPENAI_CHAT
from bonito_openai_compatible.conformance.emulator.refusal import Refusal, read_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bonito_openai_compatible.conformance.emulator.accounts import Offered

FORBIDDEN = "forbidden words"
"""A prompt that holds these is refused by the content policy."""
_CREATED = 1_763_200_000
_FINISH = {"stop": "stop", "length": "length", "tool": "tool_calls"}


def reply(asked: Mapping[str, Any], *, model: Offered) -> Response:
    """Answer a chat.

    Raises:
        Refusal: The body is not as documented, or the model does not take it.
    """
    request = read_body(ChatRequest, asked, OPENAI_CHAT)
    _refuse_contradictions(request, model)
    said = answers.answer(_prompt(request), model=model.id)
    if not request.stream:
        return JSONResponse(_completion(said, model.id))
    options = request.stream_options
    counted = options is not None and bool(options.include_usage)
    events = [f"data: {json.dumps(each)}\n\n" for each in _chunks(said, model.id, counted=counted)]
    return Response("".join([*events, "data: [DONE]\n\n"]), media_type="text/event-stream")


def _refuse_contradictions(request: ChatRequest, model: Offered) -> None:
    if model.reasoning and request.max_tokens is not None:
        message = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead."
        )
        raise Refusal(400, message, param="max_tokens", code="unsupported_parameter")
    if request.stream_options is not None and not request.stream:
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refusal(400, message, param="stream_options")
    if request.tool_choice is not None and request.tools is None:
        message = "'tool_choice' is only allowed when 'tools' are specified."
        raise Refusal(400, message, param="tool_choice")
    if any(FORBIDDEN in content_text(each.content) for each in request.messages):
        message = "Your request was rejected by the safety system."
        raise Refusal(400, message, code="content_policy_violation")


def _prompt(request: ChatRequest) -> Prompt:
    words = [content_text(each.content) for each in request.messages]
    tools = request.tools or []
    wanted = tools and request.messages[-1].role != "tool" and request.tool_choice != "none"
    function = tools[0].function if wanted else None
    return Prompt(
        text=words[-1],
        tokens=sum(map(count_tokens, words)) + len(tools),
        limit=request.max_completion_tokens or request.max_tokens,
        tool=Tool(name=function.name, schema=function.parameters or {}) if function else None,
    )


def _completion(said: Answer, model: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": None}
    if said.reason == "tool":
        message |= {"content": None, "tool_calls": [_tool_call(said, said.arguments_json)]}
    choice = {"index": 0, "message": message, "finish_reason": _FINISH[said.reason]}
    envelope = _envelope(said, model, "chat.completion")
    return {**envelope, "choices": [{**choice, "logprobs": None}], "usage": _usage(said)}


def _chunks(said: Answer, model: str, *, counted: bool) -> Iterator[dict[str, Any]]:
    envelope = _envelope(said, model, "chat.completion.chunk")
    for delta in _deltas(said):
        yield {**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    last = {"index": 0, "delta": {}, "finish_reason": _FINISH[said.reason]}
    yield {**envelope, "choices": [last]}
    if counted:
        yield {**envelope, "choices": [], "usage": _usage(said)}


def _deltas(said: Answer) -> Iterator[dict[str, Any]]:
    if said.reason != "tool":
        yield {"role": "assistant", "content": "", "refusal": None}
        yield from ({"content": piece} for piece in pieces(said.text))
        return
    opening = {"role": "assistant", "content": None}
    yield {**opening, "tool_calls": [{"index": 0, **_tool_call(said, "")}]}
    for piece in pieces(said.arguments_json):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _tool_call(said: Answer, arguments: str) -> dict[str, Any]:
    function = {"name": said.tool_name, "arguments": arguments}
    return {"id": f"call_{said.identity}", "type": "function", "function": function}


def _envelope(said: Answer, model: str, kind: str) -> dict[str, Any]:
    identity = f"chatcmpl-{said.identity}"
    return {"id": identity, "object": kind, "created": _CREATED, "model": model}


def _usage(said: Answer) -> dict[str, int]:
    return {
        "prompt_tokens": said.prompt_tokens,
        "completion_tokens": said.completion_tokens,
        "total_tokens": said.prompt_tokens + said.completion_tokens,
    }
