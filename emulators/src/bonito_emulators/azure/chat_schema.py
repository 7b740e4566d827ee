"""The body of a chat completion: types and bounds of OpenAI's API, and what excludes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field

from bonito_emulators.azure import errors, schema
from bonito_emulators.azure.chat_messages import AssistantMessage, Message, ToolMessage
from bonito_emulators.azure.schema import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bonito_emulators.azure.call import Call

Limit: TypeAlias = Annotated[int, Field(ge=1)] | None
Penalty: TypeAlias = Annotated[float, Field(ge=-2, le=2)] | None
FunctionName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Function(Strict):
    """A function that is offered."""

    name: FunctionName
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Strict):
    """A tool that is offered."""

    type: Literal["function"]
    function: Function


class ChosenFunction(Strict):
    """A function's name."""

    name: str


class ToolChoice(Strict):
    """The one tool that shall be called."""

    type: Literal["function"]
    function: ChosenFunction


class PlainFormat(Strict):
    """An answer in words, or in JSON of any form."""

    type: Literal["text", "json_object"]


class JsonSchema(Strict):
    """The form of an answer in JSON."""

    name: FunctionName
    description: str | None = None
    definition: dict[str, Any] | None = Field(default=None, alias="schema")
    strict: bool | None = None


class SchemaFormat(Strict):
    """An answer in JSON of one form."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


class StreamOptions(Strict):
    """What a stream carries besides the answer."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(Strict):
    """A chat completion as it is asked for; `model` is the router's matter."""

    messages: Annotated[list[Message], Field(min_length=1)]
    audio: dict[str, Any] | None = None
    data_sources: list[dict[str, Any]] | None = None
    frequency_penalty: Penalty = None
    function_call: str | ChosenFunction | None = None
    functions: list[Function] | None = None
    logit_bias: dict[str, Annotated[float, Field(ge=-100, le=100)]] | None = None
    logprobs: bool | None = None
    max_completion_tokens: Limit = None
    max_tokens: Limit = None
    metadata: dict[str, str] | None = None
    modalities: list[Literal["text", "audio"]] | None = None
    n: Annotated[int, Field(ge=1, le=128)] | None = None
    parallel_tool_calls: bool | None = None
    prediction: dict[str, Any] | None = None
    presence_penalty: Penalty = None
    prompt_cache_key: str | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None = None
    response_format: Annotated[PlainFormat | SchemaFormat, Field(discriminator="type")] | None = (
        None
    )
    safety_identifier: str | None = None
    seed: int | None = None
    service_tier: str | None = None
    stop: str | Annotated[list[str], Field(min_length=1, max_length=4)] | None = None
    store: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None
    tools: Annotated[list[Tool], Field(min_length=1)] | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    user: str | None = None
    user_security_context: dict[str, Any] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None
    web_search_options: dict[str, Any] | None = None


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
