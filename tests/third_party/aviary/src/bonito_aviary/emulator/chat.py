"""Bodies of calls to models, as OpenAI's API defines them, and what the birds answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from bonito_aviary.emulator.request import Refusal, Reply
from bonito_aviary.emulator.schema import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping

FORBIDDEN = "forbidden seed"
"""A prompt that holds these words is refused by the content policy."""
_CREATED = 1_767_225_600


class TextPart(Strict):
    """Words."""

    type: Literal["text"]
    text: str


class Function(Strict):
    """A function that may be called."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Strict):
    """A tool that is offered."""

    type: Literal["function"]
    function: Function


class CalledFunction(Strict):
    """A function as it was called; the arguments are JSON in a text."""

    name: str
    arguments: str


class ToolCall(Strict):
    """A tool as it was called."""

    id: str
    type: Literal["function"]
    function: CalledFunction


class Message(Strict):
    """What somebody said."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[TextPart] | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None

    @property
    def words(self) -> str:
        """The text of it."""
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(Strict):
    """What a stream carries besides the answer."""

    include_usage: bool | None = None


class ChosenFunction(Strict):
    """A function's name."""

    name: str


class ToolChoice(Strict):
    """The one tool that shall be called."""

    type: Literal["function"]
    function: ChosenFunction


class ChatRequest(Strict):
    """The body of a chat completion."""

    model: str
    messages: list[Message] = Field(min_length=1)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    max_tokens: int | None = Field(default=None, ge=1)
    parallel_tool_calls: bool | None = None
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    response_format: dict[str, Any] | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None
    tools: Annotated[list[Tool], Field(min_length=1)] | None = None
    top_p: float | None = Field(default=None, ge=0, le=1)
    user: str | None = None


class EmbeddingsRequest(Strict):
    """The body of a request for embeddings."""

    model: str
    input: str | Annotated[list[str], Field(min_length=1)]
    dimensions: int | None = Field(default=None, ge=1, le=64)
    encoding_format: Literal["float", "base64"] | None = None
    user: str | None = None

    @property
    def texts(self) -> list[str]:
        """The inputs one by one."""
        return [self.input] if isinstance(self.input, str) else self.input


def refuse_contradictions(request: ChatRequest) -> None:
    """Let pass what can be meant.

    Raises:
        Refusal: One part of the body contradicts another, or the content policy forbids it.
    """
    if request.stream_options is not None and not request.stream:
        raise Refusal(400, "bad_request", "stream_options needs stream")
    if request.tool_choice is not None and request.tools is None:
        raise Refusal(400, "bad_request", "tool_choice needs tools")
    if any(each.role == "tool" and not each.tool_call_id for each in request.messages):
        raise Refusal(400, "bad_request", "a tool's message needs tool_call_id")
    if any(FORBIDDEN in each.words for each in request.messages):
        raise Refusal(400, "content_filtered", "the content policy refused the prompt")


def reply(request: ChatRequest, *, model: str) -> Reply:
    """Answer a question, in one piece or as a stream."""
    function = _function(request)
    said = f"{model} heard: {request.messages[-1].words}".split()
    limit = request.max_completion_tokens or request.max_tokens or len(said)
    reason = "tool_calls" if function else "length" if limit < len(said) else "stop"
    words = said[:limit]
    message: dict[str, Any] = {"role": "assistant", "content": " ".join(words)}
    if function is not None:
        message |= {"content": None, "tool_calls": [_called(function)]}
    read = sum(len(each.words.split()) for each in request.messages)
    usage = {
        "prompt_tokens": read,
        "completion_tokens": len(words),
        "total_tokens": read + len(words),
    }
    envelope = {"id": "chatcmpl-aviary", "created": _CREATED, "model": model}
    if request.stream:
        options = request.stream_options
        counted = usage if options is not None and options.include_usage else None
        return _stream(envelope, message, words, reason, usage=counted)
    choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
    return Reply({**envelope, "object": "chat.completion", "choices": [choice], "usage": usage})


def _function(request: ChatRequest) -> Function | None:
    """Return the function to call; none once its result is there."""
    if not request.tools or request.tool_choice == "none" or request.messages[-1].role == "tool":
        return None
    chosen = request.tool_choice
    name = chosen.function.name if isinstance(chosen, ToolChoice) else None
    functions = [tool.function for tool in request.tools]
    return next((each for each in functions if name in (None, each.name)), functions[0])


def _called(function: Function) -> dict[str, Any]:
    properties = (function.parameters or {}).get("properties", {})
    examples: dict[object, Any] = {"integer": 1, "number": 1, "boolean": True, "array": []}
    values = {name: examples.get(part.get("type"), "seed") for name, part in properties.items()}
    called: dict[str, Any] = {"name": function.name, "arguments": json.dumps(values)}
    return {"id": "call_aviary", "type": "function", "function": called}


def _stream(
    envelope: Mapping[str, Any],
    message: Mapping[str, Any],
    words: list[str],
    reason: str,
    *,
    usage: Mapping[str, int] | None,
) -> Reply:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if "tool_calls" in message:
        deltas.append({"tool_calls": [{"index": 0, **each} for each in message["tool_calls"]]})
    else:
        deltas += [
            {"content": word if not place else f" {word}"} for place, word in enumerate(words)
        ]
    chunk = {**envelope, "object": "chat.completion.chunk"}
    choices: list[dict[str, Any]] = [
        {"index": 0, "delta": delta, "finish_reason": None} for delta in deltas
    ]
    choices.append({"index": 0, "delta": {}, "finish_reason": reason})
    events: list[Mapping[str, Any]] = [{**chunk, "choices": [choice]} for choice in choices]
    if usage is not None:
        events.append({**chunk, "choices": [], "usage": usage})
    return Reply(events=tuple(events), headers={"content-type": "text/event-stream"})
