"""The body of a request for embeddings."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bonito_emulators.models.schema import Strict

Text: TypeAlias = Annotated[str, Field(min_length=1)]
Tokens: TypeAlias = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1)]
# As many inputs as OpenAI's API takes at once.
Many: TypeAlias = Annotated[list[Text] | list[Tokens], Field(min_length=1, max_length=2048)]


class EmbeddingsRequest(Strict):
    """Embeddings as they are asked for; `model` is the router's matter."""

    input: Text | Tokens | Many
    dimensions: Annotated[int, Field(ge=1)] | None = None
    encoding_format: Literal["float", "base64"] | None = None
    input_type: Literal["text", "query", "document"] | None = None
    user: str | None = None

    @property
    def texts(self) -> list[str]:
        """The inputs one by one, tokens as words."""
        if isinstance(self.input, str):
            return [self.input]
        if all(isinstance(item, int) for item in self.input):
            return [" ".join(map(str, self.input))]
        return [item if isinstance(item, str) else _words(item) for item in self.input]


def _words(tokens: object) -> str:
    return " ".join(map(str, tokens)) if isinstance(tokens, list) else str(tokens)
