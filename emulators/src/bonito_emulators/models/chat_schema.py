"""The body of a chat completion: types and bounds of OpenAI's API."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from bonito_emulators.models.chat_messages import Message
from bonito_emulators.models.schema import Strict

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
    verbosity: Literal["low", "medium", "high"] | None = None
    web_search_options: dict[str, Any] | None = None
