"""Chat completions on the wire: the whole answer, and the events of a stream as recorded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bonito_emulators.models.answers import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bonito_emulators.models.answers import Answer

_CREATED = 1_763_200_000
_FINISH = {"stop": "stop", "length": "length", "tool": "tool_calls"}
_SAFE = {"filtered": False, "severity": "safe"}
_FILTERS = dict.fromkeys(("hate", "self_harm", "sexual", "violence"), _SAFE)
_PROMPT_FILTERS = [
    {
        "prompt_index": 0,
        "content_filter_results": {**_FILTERS, "jailbreak": {"filtered": False, "detected": False}},
    }
]


def completion(answer: Answer, *, model: str) -> dict[str, Any]:
    """Gives the body of an answer in one piece."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text, "refusal": None}
    if answer.reason == "tool":
        message |= {"content": None, "tool_calls": [_tool_call(answer, answer.arguments_json)]}
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": _FINISH[answer.reason],
        "logprobs": None,
        "content_filter_results": _FILTERS if answer.text else {},
    }
    return {
        **_envelope(answer, model=model, kind="chat.completion"),
        "choices": [choice],
        "prompt_filter_results": _PROMPT_FILTERS,
        "usage": usage(answer),
    }


def events(answer: Answer, *, model: str, include_usage: bool) -> Iterator[bytes]:
    """Gives the events of a stream.

    The first event is empty but for the prompt's filter results: no id, no model, no choices.
    """
    envelope = _envelope(answer, model=model, kind="chat.completion.chunk")
    if include_usage:
        envelope["usage"] = None
    empty = {"choices": [], "created": 0, "id": "", "model": "", "object": ""}
    yield _event({**empty, "prompt_filter_results": _PROMPT_FILTERS})
    for delta in _deltas(answer):
        yield _event({**envelope, "choices": [_choice(delta)]})
    yield _event({**envelope, "choices": [_choice({}, finish=_FINISH[answer.reason])]})
    if include_usage:
        yield _event({**envelope, "choices": [], "usage": usage(answer)})
    yield b"data: [DONE]\n\n"


def usage(answer: Answer) -> dict[str, Any]:
    """Gives the token counts."""
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
        "total_tokens": answer.prompt_tokens + answer.completion_tokens,
    }


def _deltas(answer: Answer) -> Iterator[dict[str, Any]]:
    opening: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None}
    if answer.reason != "tool":
        yield opening
        yield from ({"content": piece} for piece in pieces(answer.text))
        return
    yield opening | {"content": None, "tool_calls": [{"index": 0, **_tool_call(answer, "")}]}
    for piece in pieces(answer.arguments_json):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _choice(delta: Mapping[str, Any], *, finish: str | None = None) -> dict[str, Any]:
    return {
        "index": 0,
        "delta": delta,
        "finish_reason": finish,
        "logprobs": None,
        "content_filter_results": _FILTERS if delta.get("content") else {},
    }


def _tool_call(answer: Answer, arguments: str) -> dict[str, Any]:
    function = {"name": answer.tool_name, "arguments": arguments}
    return {"id": f"call_{answer.identity}", "type": "function", "function": function}


def _envelope(answer: Answer, *, model: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer.identity}",
        "object": kind,
        "created": _CREATED,
        "model": model,
        "system_fingerprint": "fp_emulated",
    }


def _event(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
