"""One call in each publisher's form, and what is read of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting, with_bodies
from bonito_gcp_vertex.conformance.asking import calling
from bonito_gcp_vertex.conformance.project import CLAUDE, FLASH, OWN, SERVED, SONNET
from bonito_providers.errors import (
    ContentFiltered,
    InvalidRequest,
    MalformedAnswer,
)

if TYPE_CHECKING:
    from bonito_providers.invocation import InvocationKind

_GEMINI = f"{SERVED}/publishers/google/models/gemini-3.8-flash:generateContent"
_EMBED = f"{SERVED}/publishers/google/models/gemini-embedding-2:embedContent"
_PREDICT = f"{SERVED}/publishers/google/models/text-embedding-005:predict"
_CLAUDE = f"{SERVED}/publishers/anthropic/models/claude-opus-5:rawPredict"
_OPEN = f"{SERVED}/endpoints/openapi/chat/completions"
_MISTRAL, _GPT = "mistralai/mistral-medium-3", "openai/gpt-oss-120b-maas"
_EMBEDDING, _OLDER = "google/gemini-embedding-2", "google/text-embedding-005"
_ASKED = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 7}
_PARTS = {"role": "user", "parts": [{"text": "Say hello."}]}
_SAID = {
    "text": None,
    "dimensions": None,
    "model": None,
    "input_tokens": None,
    "output_tokens": None,
}


def _sent(name: str, body: Mapping[str, Any], path: str, *, kind: InvocationKind = "chat") -> Told:
    """Return what is sent to a model, and that it is answered."""
    looked = name.partition("/")
    read = f"GET /v1beta1/publishers/{looked[0]}/models/{looked[2]}"
    return Told(
        name=f"a call of {name}",
        ask=with_bodies(calling(name, kind)),
        tells={"bodies": [body]},
        sends=(read, f"POST {path}"),
    )


def _read(
    what: str,
    name: str,
    path: str,
    answer: Mapping[str, Any],
    *,
    kind: InvocationKind = "chat",
    **said: object,
) -> Told:
    """Return what is read of an answer of a model."""
    return Told(
        name=f"{what} of {name}",
        ask=meeting(calling(name, kind), instead(answer, path=path)),
        tells={**_SAID, **said},
    )


def _unread(
    what: str, name: str, path: str, answer: Mapping[str, Any], *, kind: InvocationKind = "chat"
) -> Told:
    return Told(
        name=f"{what} of {name}",
        ask=meeting(calling(name, kind), instead(answer, path=path)),
        refused=MalformedAnswer,
    )


_SENT = (
    _sent(
        FLASH,
        {"contents": [_PARTS], "generationConfig": {"maxOutputTokens": 7}},
        _GEMINI,
    ),
    _sent(_EMBEDDING, {"content": _PARTS}, _EMBED, kind="embedding"),
    _sent(_OLDER, {"instances": [{"content": "Say hello."}]}, _PREDICT, kind="embedding"),
    _sent(CLAUDE, {"anthropic_version": "vertex-2023-10-16", **_ASKED}, _CLAUDE),
    _sent(
        SONNET,
        {"anthropic_version": "vertex-2023-10-16", **_ASKED},
        f"{SERVED}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict",
    ),
    _sent(
        _MISTRAL,
        {"model": "mistral-medium-3", **_ASKED},
        f"{SERVED}/publishers/mistralai/models/mistral-medium-3:rawPredict",
    ),
    _sent(_GPT, {"model": _GPT, **_ASKED}, _OPEN),
    Told(
        name="a call of an endpoint",
        ask=with_bodies(calling("team-gemma")),
        tells={"bodies": [_ASKED], "answer.surface": "endpoint"},
        sends=(
            f"GET {OWN}/endpoints/team-gemma",
            f"GET {OWN}/models",
            f"POST {OWN}/endpoints/team-gemma/chat/completions",
        ),
    ),
    Told(
        name="a chat with what embeds",
        ask=calling(_EMBEDDING),
        says=(_EMBEDDING, "does not answer a call for chat", "Choose a model of that kind"),
        refused=InvalidRequest,
        sends=("GET /v1beta1/publishers/google/models/gemini-embedding-2",),
    ),
    Told(
        name="an embedding of what chats",
        ask=calling(FLASH, "embedding"),
        says=("does not answer a call for embedding",),
        refused=InvalidRequest,
    ),
    Told(
        name="a call in a form that nobody documents",
        ask=calling("contoso/weather-oracle"),
        says=("contoso/weather-oracle is called is not known", "gateway entry"),
        refused=InvalidRequest,
    ),
)

_USAGE = {"prompt_tokens": 3, "completion_tokens": 5}
_READ = (
    _read(
        "an answer",
        FLASH,
        _GEMINI,
        {
            "candidates": [{"content": {"parts": [{"text": "He"}, {}, {"text": "llo"}]}}],
            "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 5},
            "modelVersion": "gemini-3.8-flash-001",
        },
        text="Hello",
        model="gemini-3.8-flash-001",
        input_tokens=3,
        output_tokens=5,
        surface="generate_content",
    ),
    _read("an answer without words", FLASH, _GEMINI, {"candidates": [{}]}, text=""),
    _read(
        "an answer with half a character",
        FLASH,
        _GEMINI,
        {"candidates": [{"content": {"parts": [{"text": "a\ud83d"}]}}]},
        text="a?",
    ),
    _read(
        "an answer beside a word about the prompt",
        FLASH,
        _GEMINI,
        {"candidates": [{}], "promptFeedback": {"blockReason": "OTHER"}},
        text="",
    ),
    Told(
        name="a prompt that is blocked",
        ask=meeting(
            calling(FLASH), instead({"promptFeedback": {"blockReason": "B" * 61}}, path=_GEMINI)
        ),
        tells={"code": "B" * 60, "status": 200, "hint": "Change the prompt."},
        says=("The prompt was refused",),
        refused=ContentFiltered,
    ),
    _unread("a word about the prompt alone", FLASH, _GEMINI, {"promptFeedback": {}}),
    _read(
        "an embedding",
        _EMBEDDING,
        _EMBED,
        {"embedding": {"values": [0.5]}, "usageMetadata": {"promptTokenCount": 3}},
        kind="embedding",
        dimensions=1,
        input_tokens=3,
        surface="embed_content",
    ),
    _unread(
        "an empty embedding", _EMBEDDING, _EMBED, {"embedding": {"values": []}}, kind="embedding"
    ),
    _read(
        "an embedding",
        _OLDER,
        _PREDICT,
        {
            "predictions": [
                {"embeddings": {"values": [0.5, 0.5], "statistics": {"token_count": 3.0}}}
            ]
        },
        kind="embedding",
        dimensions=2,
        input_tokens=3,
        surface="predict",
    ),
    _read(
        "an embedding that nobody counted",
        _OLDER,
        _PREDICT,
        {"predictions": [{"embeddings": {"values": [0.5]}}]},
        kind="embedding",
        dimensions=1,
    ),
    _unread("no prediction", _OLDER, _PREDICT, {"predictions": []}, kind="embedding"),
    _read(
        "an answer",
        CLAUDE,
        _CLAUDE,
        {
            "content": [{"text": "He"}, {"type": "thinking"}, {"text": "llo"}],
            "model": "claude-opus-5",
            "usage": {"input_tokens": 3, "output_tokens": 5},
        },
        text="Hello",
        model="claude-opus-5",
        input_tokens=3,
        output_tokens=5,
        surface="anthropic",
    ),
    _read("an answer in brief", CLAUDE, _CLAUDE, {"content": [{"text": "Hello"}]}, text="Hello"),
    _unread("an empty answer", CLAUDE, _CLAUDE, {"content": []}),
    _read(
        "an answer",
        _GPT,
        _OPEN,
        {
            "choices": [{"message": {"content": "Hello"}}],
            "model": "gpt-oss-120b",
            "usage": _USAGE,
        },
        text="Hello",
        model="gpt-oss-120b",
        input_tokens=3,
        output_tokens=5,
        surface="openapi",
    ),
    _read(
        "an answer without words",
        _GPT,
        _OPEN,
        {"choices": [{"message": {"content": None}}]},
        text="",
    ),
    _unread("no choice", _GPT, _OPEN, {"choices": []}),
)


_FIRST = Told(name="the first", ask=calling(FLASH), tells={"surface": "generate_content"})
"""Looks up what the others need not."""
CALLING = (
    Situation(name="calls of models", told=(_FIRST, *_SENT)),
    Situation(name="answers of models", told=_READ),
)
