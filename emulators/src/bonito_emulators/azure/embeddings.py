"""Embeddings: vectors computed from the text, as lists or in base64."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any, TypeAlias

from bonito_emulators.azure import errors, schema
from bonito_emulators.azure.embeddings_schema import EmbeddingsRequest
from bonito_emulators.azure.replies import json_reply, model_headers
from bonito_emulators.models.answers import count_tokens
from bonito_emulators.models.vectors import vector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from bonito_emulators.azure.call import Call
    from bonito_emulators.azure.catalogue import CatalogueModel
    from bonito_emulators.azure.deployments import Deployment

    Encoder: TypeAlias = Callable[[list[float]], object]

_DEFAULT_DIMENSIONS = 1536


def embeddings_response(
    call: Call, body: Mapping[str, Any], *, deployment: Deployment, model: CatalogueModel
) -> Response:
    """Answers a checked embedding request.

    Raises:
        Refusal: input, dimensions or encoding are wrong.
    """
    request = schema.read(call, body, schema=EmbeddingsRequest, refuse=_refusal)
    texts = request.texts
    native = model.dimensions or _DEFAULT_DIMENSIONS
    dimensions = request.dimensions or native
    if dimensions > native:
        raise errors.invalid_value(
            f"Invalid value for 'dimensions' = {dimensions}. Must be less than or equal to"
            f" {native}.",
            parameter="dimensions",
        )
    encode: Encoder = _base64 if request.encoding_format == "base64" else list
    data = [
        {"object": "embedding", "index": index, "embedding": encode(vector(text, dimensions))}
        for index, text in enumerate(texts)
    ]
    tokens = sum(map(count_tokens, texts))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    reply = {"object": "list", "data": data, "model": model.id, "usage": usage}
    return json_reply(reply, headers=model_headers(deployment, tokens=tokens))


def _refusal(fault: schema.Fault) -> errors.Refusal:
    """Refuses in the service's words for an input of the wrong form."""
    if fault.place[0] == "input" and fault.kind != "missing":
        return errors.invalid_value("'$.input' is invalid.", parameter="input")
    return schema.openai_refusal(fault)


def _base64(values: list[float]) -> str:
    """Encodes as OpenAI's clients decode: little-endian 32-bit floats."""
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode("ascii")
