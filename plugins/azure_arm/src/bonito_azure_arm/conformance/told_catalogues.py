"""What is told of a region's models, by Azure Resource Manager and by the data plane."""

from __future__ import annotations

from typing import Any

from bonito_azure_arm.conformance.questions import MODELS, instead, models_by_name
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import meeting
from bonito_emulators.faults import Fault
from bonito_providers.errors import MalformedAnswer

_KINDS = {
    "chatCompletion": "chat",
    "embeddings": "embedding",
    "imageGenerations": "image",
    "responses": "responses",
    "completion": "completion",
    "audio": "audio",
}
"""Capability of recorded entries to the kind of model it says."""
_BOUNDS = {"minimum": 25, "maximum": "300", "step": 5.0, "default": 50}
_ODD_BOUNDS = {"minimum": 0.5, "maximum": -1, "step": True, "default": "many"}
_UNKNOWN = dict.fromkeys(_BOUNDS)


def of_catalogues(kind: str, host: str) -> tuple[Situation, ...]:
    """Return the situations in which a region's models are listed."""
    return (
        Situation(name="a catalogue of every sort", told=(_every_sort(kind), *_unreadable())),
        Situation(
            name="what the data plane lists",
            access="key",
            told=(_with_a_key(host), _deployed_as(host), _deployed_unknown(host)),
        ),
    )


def _entry(kind: str, name: str, version: str = "1", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"kind": kind, "model": {"format": "OpenAI", "name": name, "version": version, **more}}


def _every_sort(kind: str) -> Told:
    full = _entry(
        kind,
        "full",
        isDefaultVersion=True,
        lifecycleStatus="Preview",
        capabilities={"chatCompletion": "true", "maxContextToken": "128000"},
        deprecation={"inference": "2099-12-31T00:00:00Z"},
        skus=[
            {
                "name": "Standard",
                "usageName": "OpenAI.Standard.full",
                "deprecationDate": "2099-06-30T00:00:00Z",
                "capacity": _BOUNDS,
            },
            {"name": "GlobalBatch", "capacity": _ODD_BOUNDS},
            {"usageName": "OpenAI.Nothing.full"},
            "Standard",
        ],
    )
    rows = [
        full,
        _entry(kind, "full", lifecycleStatus="Stable"),
        _entry(kind, "bare", skus="none", capabilities={"chatCompletion": True}),
        _entry(kind, "dated", deprecation={"inference": "never"}, skus=[]),
        _entry(kind, "former", deprecation={"inference": "2024-06-14T00:00:00"}),
        _entry("Speech", "whisperer"),
        {"name": "nothing told"},
        {"name": "no version", **_entry(kind, "x", version="")},
        {**_entry("", "y")},
        *(_entry(kind, told, capabilities={told: "true"}) for told in _KINDS),
    ]
    rows[-1]["model"]["capabilities"]["chatCompletion"] = "false"
    untold = "it has no kind, format, name or version"
    return Told(
        name="listing it",
        ask=meeting(models_by_name, instead(MODELS, 200, {"value": rows})),
        tells={
            "items.full 1.id": "OpenAI.full.1",
            "items.full 1.format": "OpenAI",
            "items.full 1.kind": "chat",
            "items.full 1.context_window": 128_000,
            "items.full 1.lifecycle": "Preview",
            "items.full 1.retires_at": "2099-12-31T00:00:00Z",
            "items.full 1.skus": [
                {
                    "name": "Standard",
                    "quota_key": "OpenAI.Standard.full",
                    "retires_at": "2099-06-30T00:00:00Z",
                    "capacity": {**_BOUNDS, "maximum": 300, "step": 5},
                },
                {
                    "name": "GlobalBatch",
                    "quota_key": None,
                    "retires_at": None,
                    "capacity": _UNKNOWN,
                },
            ],
            "items.full 1.deployed_as": [],
            **{
                f"items.bare 1.{unknown}": None
                for unknown in ("kind", "context_window", "lifecycle", "retires_at", "skus")
            },
            "items.dated 1.skus": [],
            "items.dated 1.retires_at": None,
            **{f"items.{told} 1.kind": meant for told, meant in _KINDS.items()},
            "skipped": [
                f"(no name): {untold}",
                "OpenAI.former.1: retired on 2024-06-14",
                f"no version: {untold}",
                f"nothing told: {untold}",
            ],
            "complete": True,
        },
        unsaid=("whisperer",),
    )


def _unreadable() -> tuple[Told, ...]:
    return tuple(
        Told(
            name=f"listing what comes as {body[:30]!r}",
            ask=meeting(models_by_name, instead(MODELS, 200, body)),
            refused=MalformedAnswer,
            says=("could not read an answer",),
        )
        for body in (
            b"[" * 9000,
            b'{"value": [], "nextLink": 5}',
            b'{"value": [null]}',
            b'{"error": {}}',
        )
    )


_INSTRUCTING = {"completion": True, "chat_completion": False, "embeddings": False}


def _base_models(host: str, *rows: object) -> Fault:
    """Return what stands for the data plane's catalogue, which is the first that is asked for."""
    return instead("/openai/", 200, {"data": [*rows]}, host=host, times=1)


def _preview(host: str, **deployed: str) -> Fault:
    """Return what stands for the listing of deployments, by name and model."""
    rows = [{"id": name, "model": model, "status": "succeeded"} for name, model in deployed.items()]
    return instead("/openai/deployments", 200, {"data": rows}, host=host)


def _with_a_key(host: str) -> Told:
    later, earlier = 4_102_444_800, 1_718_323_200  # 2100-01-01, 2024-06-14
    rows = (
        {
            "id": "gpt-4o-2024-11-20",
            "lifecycle_status": "generally-available",
            "capabilities": {"chat_completion": True, "embeddings": False},
            "deprecation": {"inference": later},
        },
        {"id": "gpt-35-turbo-instruct", "capabilities": _INSTRUCTING},
        {
            "id": "gpt-image-9",
            "capabilities": {"embeddings": 1},
            "deprecation": {"inference": 1e30},
        },
        {"id": "text-embedding-9", "deprecation": {"inference": True}, "capabilities": []},
        {"id": "gpt-4o-2024-08-06", "deprecation": {"inference": earlier}},
        {"id": "\ud83d"},
        {"object": "model"},
        "gpt-4o",
        {"id": "dall-e-9", "capabilities": {"chat_completion": True}},
        {"id": "tts-9", "capabilities": {"embeddings": True}},
    )
    unread = "(no id): a row of the catalogue has no id"
    return Told(
        name="listing models",
        ask=meeting(models_by_name, _preview(host), _base_models(host, *rows)),
        tells={
            "items.gpt-4o 2024-11-20.id": "gpt-4o-2024-11-20",
            "items.gpt-4o 2024-11-20.kind": "chat",
            "items.gpt-4o 2024-11-20.lifecycle": "generally-available",
            "items.gpt-4o 2024-11-20.retires_at": "2100-01-01T00:00:00Z",
            "items.gpt-4o 2024-11-20.deployed_as": [],
            "items.gpt-35-turbo-instruct None.kind": "completion",
            "items.gpt-35-turbo-instruct None.retires_at": None,
            "items.gpt-image-9 None.kind": "image",
            "items.gpt-image-9 None.retires_at": None,
            "items.text-embedding-9 None.kind": "embedding",
            "items.dall-e-9 None.kind": "chat",
            "items.tts-9 None.kind": "embedding",
            "items.text-embedding-9 None.retires_at": None,
            "skipped": [
                "gpt-4o-2024-08-06: retired on 2024-06-14",
                unread,
                unread,
                unread,
            ],
            "complete": True,
        },
    )


def _deployed_as(host: str) -> Told:
    listed = (
        "gpt-4o-2024-08-06",
        "gpt-4o-2024-11-20",
        "gpt-4o-mini",
        "dall-e-3",
        "gpt-5-mini-2025-08-07",
        "gpt-5-mini-2025-10-01",
    )
    standing = _preview(
        host,
        dated="gpt-4o-2024-11-20",
        lesser="GPT-4o-mini-2024-07-18",
        other="GPT-4o-mini",
        tuned="gpt-4o-mini.ft-0",
        either="gpt-5-mini",
    )
    return Told(
        name="listing models, some of which are deployed",
        ask=meeting(
            models_by_name, standing, _base_models(host, *({"id": each} for each in listed))
        ),
        tells={
            "items.gpt-4o 2024-08-06.deployed_as": [],
            "items.gpt-4o 2024-11-20.deployed_as": ["dated"],
            "items.gpt-4o-mini None.deployed_as": ["lesser", "other"],
            "items.dall-e-3 None.deployed_as": [],
            "items.gpt-5-mini 2025-08-07.deployed_as": None,
            "items.gpt-5-mini 2025-10-01.deployed_as": None,
        },
    )


def _deployed_unknown(host: str) -> Told:
    listed = ({"id": "gpt-4o-mini"},)
    silent = instead("/openai/deployments", 500, b"", host=host)
    return Told(
        name="listing models when nobody tells what is deployed",
        ask=meeting(models_by_name, silent, _base_models(host, *listed)),
        tells={"items.gpt-4o-mini None.deployed_as": None},
        says=("What is deployed is unknown: ",),
    )
