"""What the emulated models say: plausible, computed from the question, always the same."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A function the caller offers, with the JSON Schema of its arguments."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a model is asked, whatever the surface.

    Attributes:
        text: the last user message, or the last result of a tool.
        tokens: how long the whole request counts.
        limit: the most tokens of an answer, where given.
        tool: the function to call instead of an answer in words.
        schema: the answer has to be JSON of this schema.
    """

    text: str
    tokens: int
    limit: int | None = None
    tool: Tool | None = None
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the model says; with a tool call, `arguments` instead of `text`."""

    reason: Literal["stop", "length", "tool"]
    text: str = ""
    tool_name: str = ""
    arguments: Mapping[str, Any] | None = None
    prompt_tokens: int
    completion_tokens: int

    @property
    def identity(self) -> str:
        """A stable id made of the content."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:24]

    @property
    def arguments_json(self) -> str:
        """The arguments as the OpenAI form carries them."""
        return json.dumps(self.arguments or {})


def answer(prompt: Prompt, *, model: str) -> Answer:
    """Answers: names the base model and repeats what it was told, or calls the tool."""
    if prompt.tool is not None:
        arguments = example(prompt.tool.schema, prompt.text)
        return Answer(
            reason="tool",
            tool_name=prompt.tool.name,
            arguments=arguments if isinstance(arguments, dict) else {},
            prompt_tokens=prompt.tokens,
            completion_tokens=count_tokens(json.dumps(arguments)),
        )
    text = f"This is {model}. You said: {prompt.text}"
    if prompt.schema is not None:
        text = json.dumps(example(prompt.schema, text))
    words = pieces(text)
    kept = words if prompt.limit is None else words[: prompt.limit]
    return Answer(
        reason="stop" if kept == words else "length",
        text="".join(kept).rstrip() if kept != words else text,
        prompt_tokens=prompt.tokens,
        completion_tokens=len(kept),
    )


def pieces(text: str) -> list[str]:
    """Cuts a text into the words that a stream sends one by one."""
    return _WORD.findall(text)


def count_tokens(text: str) -> int:
    """Counts words; at least one."""
    return max(1, len(pieces(text)))


def example(schema: object, text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Makes a value that fits a JSON Schema, with the text wherever a string may stand.

    The text is also what it makes of a schema that it cannot read.
    """
    if not isinstance(schema, dict):
        return text
    options, kind = schema.get("enum"), schema.get("type", "object")
    if isinstance(options, list) and options:
        return options[0]
    if isinstance(kind, list) and kind:
        kind = kind[0]  # `["string", "null"]`
    if kind == "object":
        properties = schema.get("properties")
        parts = properties if isinstance(properties, dict) else {}
        return {name: example(part, text) for name, part in parts.items()}
    if kind == "array":
        return [example(schema.get("items"), text)]
    plain: dict[object, object] = {"boolean": True, "null": None, "integer": 1, "number": 1}
    return plain.get(kind, text) if isinstance(kind, str) else text
