"""One short call to a model, straight at the provider: the probe behind "verified"."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bonito_providers.values import StrictValue, Value

InvocationKind = Literal["chat", "embedding"]


class InvocationRequest(StrictValue):
    """What to ask.

    Attributes:
        kind: A chat message to answer, or a text to embed.
        prompt: The text.
        max_tokens: The most tokens of answer; a probe wants few, for the sake of the bill.
    """

    kind: InvocationKind = "chat"
    prompt: str = "ping"
    max_tokens: int = Field(default=16, ge=1, le=4096)


class Invocation(Value):
    """What came back.

    Attributes:
        text: The answer; None for an embedding.
        dimensions: The length of the embedding; None for a chat.
        model: The model as the service names it in its answer.
        input_tokens: As the service counted them.
        output_tokens: As the service counted them.
        surface: How it was called.
        request_id: What to quote to the service's support.
    """

    text: str | None = None
    dimensions: int | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    surface: str
    request_id: str | None = None
