"""The messages of a chat, by role, and the parts of their content."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bonito_emulators.models.schema import Strict


class TextPart(Strict):
    """Words."""

    type: Literal["text"]
    text: str


class RefusalPart(Strict):
    """Words with which a model refused."""

    type: Literal["refusal"]
    refusal: str


class Image(Strict):
    """Where an image is, or the image itself as a data URL."""

    url: str
    detail: Literal["auto", "low", "high"] | None = None


class ImagePart(Strict):
    """An image."""

    type: Literal["image_url"]
    image_url: Image


class MediaPart(Strict):
    """Speech or a file, which no emulated model looks at."""

    type: Literal["input_audio", "file"]
    input_audio: dict[str, Any] | None = None
    file: dict[str, Any] | None = None


Words: TypeAlias = str | Annotated[list[TextPart], Field(min_length=1)]
UserPart: TypeAlias = Annotated[TextPart | ImagePart | MediaPart, Field(discriminator="type")]
AssistantPart: TypeAlias = Annotated[TextPart | RefusalPart, Field(discriminator="type")]


class FunctionCall(Strict):
    """A function as a model called it; the arguments are JSON in a text."""

    name: str
    arguments: str


class ToolCall(Strict):
    """A tool as a model called it."""

    id: str
    type: Literal["function"]
    function: FunctionCall


class InstructionMessage(Strict):
    """What the application says."""

    role: Literal["system", "developer"]
    content: Words


class UserMessage(Strict):
    """What the person says."""

    role: Literal["user"]
    content: str | Annotated[list[UserPart], Field(min_length=1)]


class AssistantMessage(Strict):
    """What the model said before; words may be absent beside calls."""

    role: Literal["assistant"]
    content: str | list[AssistantPart] | None = None
    refusal: str | None = None
    audio: dict[str, Any] | None = None
    tool_calls: Annotated[list[ToolCall], Field(min_length=1)] | None = None
    function_call: FunctionCall | None = None

    @model_validator(mode="after")
    def _says_something(self) -> AssistantMessage:
        others = (self.refusal, self.audio, self.tool_calls, self.function_call)
        if self.content is None and all(other is None for other in others):
            raise PydanticCustomError("no_content", "expected content or 'tool_calls'")
        return self


class ToolMessage(Strict):
    """What a tool gave."""

    role: Literal["tool"]
    content: Words
    tool_call_id: str


class FunctionMessage(Strict):
    """What a function gave; the older form of a tool's message."""

    role: Literal["function"]
    name: str
    content: str | None


Message: TypeAlias = Annotated[
    InstructionMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage,
    Field(discriminator="role"),
]


def content_text(content: str | list[Any] | None) -> str:
    """Gives the words of a content, whether a text or a list of parts."""
    if isinstance(content, list):
        return " ".join(getattr(part, "text", "") for part in content)
    return content or ""
