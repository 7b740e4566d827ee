"""What the known services list, each in its own words, and what a listing may look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import deployments, instead, meeting, models, picked
from bonito_providers import State
from bonito_providers.errors import MalformedAnswer

if TYPE_CHECKING:
    from bonito_openai_compatible.conformance.emulator import CompatibleCloud

_GROQ, _ROUTER = "https://api.groq.com/openai/v1", "https://openrouter.ai/api/v1"
_DEEPSEEK = "https://api.deepseek.com/v1"
_ASTRAY = "The listing goes on at another host, which is not asked."
_CIRCLE = "The listing leads back to itself, or has more than 50 pages."


def _of_two(cloud: CompatibleCloud) -> None:
    cloud.accounts["openrouter.ai"].page_size = 2


def _of_one(cloud: CompatibleCloud) -> None:
    account = cloud.accounts["openrouter.ai"]
    account.page_size, account.catalogue = 1, account.catalogue[:1] * 51


def _page(*rows: object, **told: object) -> dict[str, object]:
    return {"data": list(rows), **told}


_ROWS = _page(
    {"id": "b", "mode": "rerank", "max_model_len": 1},
    {"id": "a", "mode": "audio_speech", "max_input_tokens": 8191},
    {"id": "a", "mode": "chat"},
    {"id": "c", "mode": "two words", "context_length": True, "context_window": 0},
    {"id": "d", "mode": 7, "context_length": "8", "max_model_len": -1, "max_input_tokens": 2.5},
    {"id": "e", "architecture": {"input_modalities": ["text", ""], "output_modalities": "text"}},
    {"id": "f", "architecture": {"input_modalities": [], "output_modalities": ["text", 7]}},
    {"id": "g", "architecture": "transformer", "active": True},
    {"id": "h", "active": False},
    {"id": "\u0007"},
    {"id": ""},
    {"id": 7},
    "text",
)
_UNKNOWN: dict[str, object] = {"kind": None, "context_window": None}
_NO_ID = {"id": "(no id)", "reason": "The row has no id that can be read.", "action": None}

_OPENAI = Situation(
    name="what OpenAI lists",
    told=(
        Told(
            name="models",
            ask=picked(
                models, chat="gpt-4o-mini", tuned="ft:gpt-4o-mini-2024-07-18:contoso::AbCdEf12"
            ),
            tells={
                "chat.id": "gpt-4o-mini",
                "chat.name": "gpt-4o-mini",
                "chat.kind": "chat",
                "chat.publisher": "OpenAI",
                "chat.sold_by": "first_party",
                "chat.context_window": None,
                "chat.input_modalities": None,
                "chat.output_modalities": None,
                "chat.deployed_as": ["gpt-4o-mini"],
                "chat.price_key": "gpt-4o-mini",
                "tuned.publisher": None,
                "tuned.sold_by": None,
                "complete": True,
                "notes": [],
                "source": "The endpoint's own listing.",
            },
            sends=("GET /v1/models",),
        ),
        Told(
            name="deployments",
            ask=picked(deployments, embedding="text-embedding-3-small"),
            tells={
                "embedding.ref": {
                    "provider": "openai_compatible",
                    "resource": "https://api.openai.com/v1",
                    "name": "text-embedding-3-small",
                    "details": {},
                },
                "embedding.endpoint": "https://api.openai.com/v1",
                "embedding.model.kind": "embedding",
                "embedding.model.price_key": "text-embedding-3-small",
                "embedding.state": State.READY,
                "embedding.owned": False,
                "embedding.created": None,
                "complete": True,
                "notes": [],
                "source": "The endpoint's own listing.",
            },
            sends=("GET /v1/models",),
        ),
        Told(
            name="rows of all kinds",
            ask=meeting(
                picked(models, a="a", b="b", c="c", d="d", e="e", f="f", g="g"), instead(_ROWS)
            ),
            tells={
                "names": list("abcdefg"),
                "a.kind": "audio",
                "a.context_window": 8191,
                "b.kind": "rerank",
                "b.context_window": 1,
                **{f"{each}.{what}": said for each in "cdeg" for what, said in _UNKNOWN.items()},
                "e.input_modalities": None,
                "e.output_modalities": None,
                "f.input_modalities": [],
                "f.output_modalities": None,
                "g.input_modalities": None,
                "skipped": [
                    {
                        "id": "h",
                        "reason": "The service says that it is not active.",
                        "action": None,
                    },
                    *[_NO_ID] * 4,
                ],
                "complete": True,
            },
        ),
        Told(
            name="deployments of rows of all kinds",
            ask=meeting(picked(deployments, a="a"), instead(_ROWS)),
            tells={"names": list("abcdefg"), "skipped.0.id": "h", "a.model.kind": "audio"},
        ),
        Told(name="no rows", ask=meeting(picked(models), instead(_page())), tells={"names": []}),
        Told(
            name="no list",
            ask=meeting(models, instead({"object": "list"})),
            refused=MalformedAnswer,
        ),
        Told(
            name="links that lead nowhere",
            ask=meeting(
                picked(models),
                instead(_page({"id": "a"}, links={"next": ""})),
            ),
            tells={"names": ["a"], "complete": True},
            sends=("GET /v1/models",),
        ),
        Told(
            name="links that are none",
            ask=meeting(picked(models), instead(_page({"id": "a"}, links="next"))),
            tells={"names": ["a"], "complete": True},
            sends=("GET /v1/models",),
        ),
        Told(
            name="links that are no text",
            ask=meeting(picked(models), instead(_page({"id": "a"}, links={"next": 7}))),
            tells={"names": ["a"], "complete": True},
            sends=("GET /v1/models",),
        ),
        *(
            Told(
                name=f"a page at {following}",
                ask=meeting(picked(asked), instead(_page({"id": "a"}, links={"next": following}))),
                tells={"names": ["a"], "complete": False, "notes": [_ASTRAY]},
                sends=("GET /v1/models",),
            )
            for following, asked in (
                ("https://evil.example/v1/models", models),
                ("//evil.example/models", deployments),
                ("http://api.openai.com/v1/models", models),
                ("https://api.openai.com:8443/v1/models", models),
                ("https://user@api.openai.com/v1/models", models),
                ("http://[", models),
            )
        ),
        Told(
            name="a page that leads back",
            ask=meeting(picked(deployments), instead(_page({"id": "a"}, links={"next": "models"}))),
            tells={"names": ["a"], "complete": False, "notes": [_CIRCLE]},
            sends=("GET /v1/models",),
        ),
    ),
)

LISTINGS = (
    _OPENAI,
    Situation(
        name="what OpenRouter lists, in pages",
        prepare=_of_two,
        fields={"base_url": _ROUTER},
        told=(
            Told(
                name="models",
                ask=picked(
                    models,
                    claude="anthropic/claude-sonnet-4.5",
                    image="google/gemini-image",
                    embedding="openai/text-embedding-3-small",
                    auto="openrouter/auto",
                ),
                tells={
                    "claude.kind": "chat",
                    "claude.context_window": 1_000_000,
                    "claude.input_modalities": ["text"],
                    "claude.output_modalities": ["text"],
                    "claude.price_key": "openrouter/anthropic/claude-sonnet-4.5",
                    "image.kind": None,
                    "image.output_modalities": ["image"],
                    "embedding.kind": "embedding",
                    "auto.kind": "chat",
                    "auto.context_window": None,
                    "auto.output_modalities": ["text", "image"],
                    "complete": True,
                },
                sends=("GET /api/v1/models",) * 3,
            ),
            Told(
                name="deployments",
                ask=picked(deployments, claude="anthropic/claude-sonnet-4.5"),
                tells={"claude.endpoint": _ROUTER, "claude.ref.resource": _ROUTER},
            ),
        ),
    ),
    Situation(
        name="what OpenRouter lists, in more pages than are read",
        prepare=_of_one,
        fields={"base_url": _ROUTER},
        told=(
            Told(
                name="models",
                ask=picked(models),
                tells={"complete": False, "notes": [_CIRCLE]},
                sends=("GET /api/v1/models",) * 50,
            ),
        ),
    ),
    Situation(
        name="what Groq lists",
        fields={"base_url": _GROQ},
        told=(
            Told(
                name="models",
                ask=picked(models, oss="openai/gpt-oss-120b", qwen="qwen/qwen3.8-27b"),
                tells={
                    "oss.context_window": 131072,
                    "oss.canonical_name": "gpt-oss-120b",
                    "oss.price_key": "groq/openai/gpt-oss-120b",
                    "qwen.kind": None,
                    "skipped.0.id": "llama-retired",
                    "skipped.1": NOTHING,
                },
                sends=("GET /openai/v1/models",),
            ),
        ),
    ),
    Situation(
        name="what DeepSeek lists",
        fields={"base_url": _DEEPSEEK},
        told=(
            Told(
                name="models",
                ask=picked(models, chat="deepseek-chat"),
                tells={"chat.price_key": "deepseek/deepseek-chat", "chat.publisher": None},
                sends=("GET /v1/models",),
            ),
        ),
    ),
)
