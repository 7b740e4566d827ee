"""The bodies of models' answers, by form; what is not read is not here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from bonito_gcp_vertex.rows import Row
from bonito_providers.values import Value


class GeminiUsage(Row):
    """Tokens as Gemini counts them."""

    prompt_token_count: int | None = None
    candidates_token_count: int | None = None


class GeminiPart(Row):
    """A piece of an answer."""

    text: str | None = None


class GeminiContent(Row):
    """What was said; nothing where the limit was used up by thinking."""

    parts: tuple[GeminiPart, ...] = ()


class Candidate(Row):
    """One answer."""

    content: GeminiContent = GeminiContent()


class Feedback(Row):
    """Why a prompt was refused."""

    block_reason: str | None = None


class GeminiReply(Row):
    """The body of `generateContent`."""

    candidates: tuple[Candidate, ...] = ()
    prompt_feedback: Feedback | None = None
    usage_metadata: GeminiUsage = GeminiUsage()
    model_version: str | None = None


class Vector(Row):
    """One embedding."""

    values: tuple[float, ...] = Field(min_length=1)
    statistics: Mapping[str, Any] = {}


class EmbedReply(Row):
    """The body of `embedContent`."""

    embedding: Vector
    usage_metadata: GeminiUsage = GeminiUsage()


class Prediction(Row):
    """One row of `predict`."""

    embeddings: Vector


class PredictReply(Row):
    """The body of `predict`."""

    predictions: tuple[Prediction, ...] = Field(min_length=1)


class Block(Value):
    """A piece of Claude's answer."""

    text: str | None = None


class ClaudeUsage(Value):
    """Tokens as Anthropic counts them."""

    input_tokens: int | None = None
    output_tokens: int | None = None


class ClaudeReply(Value):
    """The body of Anthropic's Messages API."""

    content: tuple[Block, ...] = Field(min_length=1)
    model: str | None = None
    usage: ClaudeUsage = ClaudeUsage()


class ChatUsage(Value):
    """Tokens as OpenAI's form counts them."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class ChatMessage(Value):
    """What was said."""

    content: str | None = None


class ChatChoice(Value):
    """One answer."""

    message: ChatMessage


class ChatReply(Value):
    """The body of OpenAI's chat completions."""

    choices: tuple[ChatChoice, ...] = Field(min_length=1)
    model: str | None = None
    usage: ChatUsage = ChatUsage()
