"""Embeddings: `predict` for the older models, `embedContent` for the newer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.request import Reply
from bonito_emulators.models.answers import count_tokens
from bonito_emulators.models.vectors import vector

if TYPE_CHECKING:
    from bonito_emulators.gcp.catalogue import PublisherModel
    from bonito_emulators.gcp.vertex import Call

_NATIVE = {"embed": 3072, "predict": 768}
_PREDICT = frozenset({"instances", "parameters"})
_INSTANCE = frozenset({"content", "task_type", "taskType", "title"})
_PARAMETERS = frozenset({"autoTruncate", "auto_truncate", "outputDimensionality"})
_EMBED = frozenset(
    {"autoTruncate", "content", "embedContentConfig", "outputDimensionality", "taskType", "title"}
)


def answer(call: Call, model: PublisherModel) -> Reply:
    """Answers with vectors computed from the texts.

    Raises:
        Refusal: The body is wrong.
    """
    call.request.read_query()
    call.project.charge("called", f"{model.publisher}/{model.name}", model.name)
    native = _NATIVE[model.surface]
    return _predicted(call, native) if model.surface == "predict" else _embedded(call, native)


def _predicted(call: Call, native: int) -> Reply:
    body = call.request.json_object(_PREDICT)
    instances, parameters = body.get("instances"), body.get("parameters") or {}
    if not isinstance(instances, list) or not instances:
        raise refusals.invalid("Empty instances.")
    _refuse_unknown(call, parameters, _PARAMETERS)
    rows = []
    for each in instances:
        _refuse_unknown(call, each, _INSTANCE)
        text = each.get("content")
        if not isinstance(text, str) or not text:
            raise refusals.invalid("The text content is empty.")
        rows.append(_row(text, int(parameters.get("outputDimensionality") or native)))
    return Reply({"predictions": rows, "metadata": {"billableCharacterCount": len(rows)}})


def _row(text: str, dimensions: int) -> dict[str, Any]:
    statistics = {"token_count": count_tokens(text), "truncated": False}
    return {"embeddings": {"values": vector(text, dimensions), "statistics": statistics}}


def _embedded(call: Call, native: int) -> Reply:
    body = call.request.json_object(_EMBED)
    parts = (body.get("content") or {}).get("parts") or []
    text = " ".join(str(each.get("text", "")) for each in parts)
    if not text.strip():
        raise refusals.invalid("The text content is empty.")
    config = body.get("embedContentConfig") or {}
    dimensions = int(body.get("outputDimensionality") or config.get("outputDimensionality") or 0)
    values = vector(text, dimensions or native)
    tokens = count_tokens(text)
    usage = {"promptTokenCount": tokens, "totalTokenCount": tokens}
    return Reply({"embedding": {"values": values}, "usageMetadata": usage, "truncated": False})


def _refuse_unknown(call: Call, given: object, known: frozenset[str]) -> None:
    if not isinstance(given, dict):
        raise refusals.invalid("Invalid instances or parameters.")
    if unknown := sorted(given.keys() - known):
        call.request.violation(f"the body holds {', '.join(unknown)}")
        raise refusals.invalid(f"Unknown name {unknown[0]}.")
