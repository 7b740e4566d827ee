"""Gemini's own API: `generateContent`, its stream, and `countTokens`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.gemini_schema import read_count, read_generate
from bonito_emulators.gcp.request import Reply
from bonito_emulators.models.answers import Answer, Prompt, Tool, answer, count_tokens, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bonito_emulators.gcp.catalogue import PublisherModel
    from bonito_emulators.gcp.gemini_schema import Content, GenerateRequest
    from bonito_emulators.gcp.vertex import Call

_FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "tool": "STOP"}


def generate(call: Call, model: PublisherModel, *, stream: bool) -> Reply:
    """Answers a question in one piece, or as a stream.

    Raises:
        Refusal: The body is wrong.
    """
    query = call.request.read_query()
    asked = read_generate(call.request)
    said = answer(_prompt(asked), model=model.name)
    call.project.charge("called", f"{model.publisher}/{model.name}", model.name)
    if not stream:
        return Reply(_whole(said, model.name))
    if query.get("alt") == "sse":
        return Reply(events=map(_event, _pieces(said, model.name)))
    return Reply(list(_pieces(said, model.name)))


def count(call: Call, model: PublisherModel) -> Reply:
    """Counts tokens; nothing is billed.

    Raises:
        Refusal: The body is wrong.
    """
    call.request.read_query()
    asked = read_count(call.request)
    if not asked.contents and not asked.instances:
        raise refusals.invalid("contents is required.")
    texts = [_text(asked.contents), *(str(each.get("content", "")) for each in asked.instances)]
    total = sum(map(count_tokens, filter(None, texts)))
    return Reply({"totalTokens": total, "totalBillableCharacters": total})


def _prompt(asked: GenerateRequest) -> Prompt:
    functions = [each for tool in asked.tools for each in tool.function_declarations]
    last = asked.contents[-1]
    answered = any(part.function_response for part in last.parts)
    forbidden = _mode(asked.tool_config) == "NONE"
    tool = None
    if functions and not answered and not forbidden:
        first = functions[0]
        takes = first.parameters_json_schema or first.parameters or {}
        tool = Tool(name=first.name, schema=_lower(takes))
    schema = asked.generation.response_json_schema or asked.generation.response_schema
    return Prompt(
        text=_text([last]),
        tokens=count_tokens(_text(asked.contents)) + len(functions),
        limit=asked.generation.max_output_tokens,
        tool=tool,
        schema=None if schema is None else _lower(schema),
    )


def _mode(config: Mapping[str, Any] | None) -> str:
    calling = (config or {}).get("functionCallingConfig") or {}
    return str(calling.get("mode", "AUTO"))


def _lower(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Writes types as JSON Schema does; Gemini's own schemas shout them."""
    if isinstance(schema, list):
        return [_lower(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: each.lower() if name == "type" and isinstance(each, str) else _lower(each)
        for name, each in schema.items()
    }


def _text(contents: Sequence[Content]) -> str:
    parts = [part for content in contents for part in content.parts]
    said = [part.text for part in parts if part.text]
    given = [json.dumps(p.function_response.response) for p in parts if p.function_response]
    return " ".join([*said, *given])


def _whole(said: Answer, model: str) -> dict[str, Any]:
    if said.reason == "tool":
        call = {"name": said.tool_name, "args": dict(said.arguments or {})}
        return _piece(said, model, {"functionCall": call}, last=True)
    return _piece(said, model, {"text": said.text}, last=True)


def _pieces(said: Answer, model: str) -> Iterator[dict[str, Any]]:
    """Gives what a stream consists of: words, the last one with the reason and the tokens."""
    if said.reason == "tool":
        yield _whole(said, model)
        return
    words = pieces(said.text) or [""]
    for index, word in enumerate(words):
        yield _piece(said, model, {"text": word}, last=index == len(words) - 1)


def _piece(said: Answer, model: str, part: Mapping[str, Any], *, last: bool) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}}
    body: dict[str, Any] = {
        "candidates": [candidate],
        "modelVersion": model,
        "createTime": "2026-11-01T09:00:00.000000Z",
        "responseId": said.identity,
    }
    if last:
        candidate["finishReason"] = _FINISH[said.reason]
        body["usageMetadata"] = {
            "promptTokenCount": said.prompt_tokens,
            "candidatesTokenCount": said.completion_tokens,
            "totalTokenCount": said.prompt_tokens + said.completion_tokens,
        }
    return body


def _event(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\r\n\r\n".encode()
