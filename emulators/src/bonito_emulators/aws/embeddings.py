"""InvokeModel for models that embed, each in its publisher's own form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.aws import errors
from bonito_emulators.aws.request import Reply

if TYPE_CHECKING:
    from bonito_emulators.aws.catalogue import CatalogueModel
    from bonito_emulators.aws.request import Request

_DIMENSIONS = 8
_JSON = "application/json"


def invoked(request: Request, model: CatalogueModel) -> Reply:
    """Answers InvokeModel; what is no embedding goes by Converse here.

    Raises:
        Refusal: the model does not embed, or the body is not its publisher's, or no JSON.
    """
    if model.kind != "embedding":
        request.violation("InvokeModel is emulated for embeddings only")
        raise errors.validation("Malformed input request")
    _require_json(request)
    return _titan(request) if model.provider == "Amazon" else _cohere(request)


def _require_json(request: Request) -> None:
    """Goes on only if JSON is sent and asked for; both are what is left out."""
    for header, also in (("content-type", ()), ("accept", ("*/*",))):
        said = request.headers.get(header, _JSON)
        if said not in (_JSON, *also):
            request.violation(f"{header} is {said!r} and no {_JSON}")
            raise errors.validation(f"The {header} of the request is not supported.")


def _titan(request: Request) -> Reply:
    body = request.json_object(
        required=("inputText",), known=("dimensions", "normalize", "embeddingTypes")
    )
    if not isinstance(body["inputText"], str):
        request.violation("inputText is one text")
        raise errors.validation("Malformed input request: inputText is no string")
    vector = _vector()
    return _counted(
        {"embedding": vector, "embeddingsByType": {"float": vector}, "inputTextTokenCount": 3}
    )


def _cohere(request: Request) -> Reply:
    body = request.json_object(
        required=("texts", "input_type"),
        known=("truncate", "embedding_types", "output_dimension", "max_tokens", "images"),
    )
    if not isinstance(body["texts"], list):
        request.violation("texts is a list")
        raise errors.validation("Malformed input request: texts is no list")
    vectors = [_vector() for _ in body["texts"]]
    typed = "embedding_types" in body
    return _counted(
        {
            "id": "emulated",
            "response_type": "embeddings_by_type" if typed else "embeddings_floats",
            "embeddings": {"float": vectors} if typed else vectors,
            "texts": body["texts"],
        }
    )


def _vector() -> list[float]:
    return [0.125 * place for place in range(_DIMENSIONS)]


def _counted(content: dict[str, Any]) -> Reply:
    return Reply(content, headers={"X-Amzn-Bedrock-Input-Token-Count": "3"})
