"""Embeddings: vectors as lists, or in base64."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from starlette.responses import JSONResponse

from bonito_emulators.models.answers import count_tokens
from bonito_emulators.models.schema import Strict
from bonito_emulators.models.vectors import vector
from bonito_openai_compatible.conformance.emulator.refusal import read_body

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIMENSIONS = 1536
Text = Annotated[str, Field(min_length=1)]


class EmbeddingsRequest(Strict):
    """A request for embeddings; `model` is looked up before."""

    model: str
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=2048)]
    dimensions: int | None = Field(default=None, ge=1, le=_DIMENSIONS)
    encoding_format: Literal["float", "base64"] | None = None
    user: str | None = None


def reply(asked: Mapping[str, Any], *, model: str) -> JSONResponse:
    """Embed the texts.

    Raises:
        Refusal: The body is not as documented.
    """
    request = read_body(EmbeddingsRequest, asked, EmbeddingsRequest.model_fields)
    texts = [request.input] if isinstance(request.input, str) else request.input
    rows = [
        {"object": "embedding", "index": index, "embedding": _embedding(request, text)}
        for index, text in enumerate(texts)
    ]
    count = sum(count_tokens(text) for text in texts)
    usage = {"prompt_tokens": count, "total_tokens": count}
    return JSONResponse({"object": "list", "data": rows, "model": model, "usage": usage})


def _embedding(request: EmbeddingsRequest, text: str) -> list[float] | str:
    values = vector(text, request.dimensions or _DIMENSIONS)
    if request.encoding_format != "base64":
        return values
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
