"""The bodies of Anthropic's Messages API: types and bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from bonito_emulators.models.schema import Strict

Fraction: TypeAlias = Annotated[float, Field(ge=0, le=1)] | None


class TextBlock(Strict):
    """Words."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1)]


class SourceBlock(Strict):
    """An image or a document, which no emulated model looks at."""

    type: Literal["image", "document"]
    source: dict[str, Any]


class ToolUseBlock(Strict):
    """A tool as the model used it."""

    type: Literal["tool_use"]
    id: str
    name: str
    input: dict[str, Any]


ResultPart: TypeAlias = Annotated[TextBlock | SourceBlock, Field(discriminator="type")]


class ToolResultBlock(Strict):
    """What a tool gave."""

    type: Literal["tool_result"]
    tool_use_id: str
    content: str | list[ResultPart] | None = None
    is_error: bool | None = None


class ThinkingBlock(Strict):
    """What the model thought."""

    type: Literal["thinking"]
    thinking: str
    signature: str


class RedactedThinkingBlock(Strict):
    """What the model thought, not to be read."""

    type: Literal["redacted_thinking"]
    data: str


Block: TypeAlias = Annotated[
    TextBlock
    | SourceBlock
    | ToolUseBlock
    | ToolResultBlock
    | ThinkingBlock
    | RedactedThinkingBlock,
    Field(discriminator="type"),
]


class Message(Strict):
    """One turn."""

    role: Literal["user", "assistant"]
    content: str | list[Block]


class Tool(Strict):
    """A tool that is offered; those that Anthropic itself runs are not emulated."""

    type: Literal["custom"] | None = None
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
    description: str | None = None
    input_schema: dict[str, Any]


class AnyToolChoice(Strict):
    """Whether a tool shall be used."""

    type: Literal["auto", "any", "none"]
    disable_parallel_tool_use: bool | None = None


class OneToolChoice(Strict):
    """The tool that shall be used."""

    type: Literal["tool"]
    name: str
    disable_parallel_tool_use: bool | None = None


class Thinking(Strict):
    """Whether the model thinks before it answers."""

    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: Annotated[int, Field(ge=1024)] | None = None


class CountRequest(Strict):
    """A prompt whose tokens are counted; `model` is the router's matter."""

    messages: list[Message]
    system: str | list[TextBlock] | None = None
    thinking: Thinking | None = None
    tool_choice: Annotated[AnyToolChoice | OneToolChoice, Field(discriminator="type")] | None = None
    tools: list[Tool] | None = None


class MessagesRequest(CountRequest):
    """A prompt that is answered."""

    max_tokens: Annotated[int, Field(ge=1)]
    container: str | dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    output_config: dict[str, Any] | None = None
    service_tier: Literal["auto", "standard_only"] | None = None
    stop_sequences: list[str] | None = None
    stream: bool | None = None
    temperature: Fraction = None
    top_k: Annotated[int, Field(ge=0)] | None = None
    top_p: Fraction = None
