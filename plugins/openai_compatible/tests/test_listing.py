"""What the services list, each in its own words, and pages that go on or lead astray."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from bonito_emulators import Fault, Respond
from bonito_openai_compatible import plugin, wire
from bonito_openai_compatible.conformance.emulator import CompatibleCloud
from bonito_openai_compatible.conformance.emulator.accounts import GROQ as OF_GROQ
from bonito_openai_compatible.conformance.emulator.accounts import OPENROUTER as OF_OPENROUTER
from bonito_providers import Connection, Listing, Model, NetworkSettings, Provider, Skipped
from plugins.azure_openai.tests.json_values import JSON
from plugins.openai_compatible.tests.resources import GROQ, OPENAI, OPENROUTER, OWN, Connect

pytestmark = pytest.mark.anyio


async def listed(connection: Connection) -> Listing[Model]:
    async with connection:
        return await connection.provider.list_models(connection)


async def test_openrouter_says_what_a_model_is_for_and_how_much_it_reads(connect: Connect) -> None:
    models = {each.id: each for each in (await listed(connect(**OPENROUTER))).items}
    assert sorted(models) == sorted(each.id for each in OF_OPENROUTER)
    claude = models["anthropic/claude-sonnet-4.5"]
    assert (claude.kind, claude.context_window) == ("chat", 1_000_000)
    assert claude.input_modalities == claude.output_modalities == ("text",)
    assert claude.price_key == "openrouter/anthropic/claude-sonnet-4.5"
    assert models["openai/text-embedding-3-small"].kind == "embedding"
    assert models["google/gemini-image"].kind is None
    assert models["openrouter/auto"].context_window is None


async def test_groq_says_what_is_not_active(connect: Connect) -> None:
    listing = await listed(connect(**GROQ))
    assert [each.id for each in listing.skipped] == ["llama-retired"]
    models = {each.id: each for each in listing.items}
    assert len(models) == len(OF_GROQ) - 1
    assert models["openai/gpt-oss-120b"].canonical_name == "gpt-oss-120b"
    assert models["openai/gpt-oss-120b"].context_window == 131072
    assert models["qwen/qwen3.8-27b"].kind is None


async def test_of_an_endpoint_of_ones_own_nothing_is_known_by_a_name_alone(
    connect: Connect,
) -> None:
    models = {each.id: each for each in (await listed(connect(**OWN))).items}
    model = models["gpt-4o"]
    assert model.context_window == 8192
    assert {model.kind, model.publisher, model.price_key, model.canonical_name} == {None}


async def test_a_litellm_proxy_says_what_a_model_is_for(
    connect: Connect, cloud: CompatibleCloud
) -> None:
    rows = [{"id": mode, "mode": mode, "max_input_tokens": 8191} for mode in MODES]
    cloud.faults.add(Fault(action=Respond(200, body={"data": rows}), times=None))
    models = {each.id: each for each in (await listed(connect(**OWN))).items}
    assert {mode: each.kind for mode, each in models.items()} == MODES
    assert {each.context_window for each in models.values()} == {8191}


async def test_an_operator_can_say_what_a_model_of_ones_own_is(network: NetworkSettings) -> None:
    row = {"match": "gpt-*", "kind": "chat", "canonical_name": "gpt-4o", "source": "us"}
    overrides = {"models": [{**row, "date": "2026-11-23"}]}
    provider = Provider(plugin, data_overrides=overrides)
    model = (await listed(provider.connect(OPENAI, network=network))).items[3]
    assert (model.id, model.canonical_name) == ("gpt-4o", "gpt-4o")
    assert model.publisher is None


@pytest.mark.parametrize("size", [1, 2, 3, 5, 500])
async def test_the_pages_of_openrouter_are_followed_to_their_end(
    connect: Connect, cloud: CompatibleCloud, size: int
) -> None:
    cloud.accounts["openrouter.ai"].page_size = size
    listing = await listed(connect(**OPENROUTER))
    assert listing.complete
    assert len(listing.items) == len(OF_OPENROUTER)


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/api/v1/models",
        "http://openrouter.ai/api/v1/models",
        "//evil.example/models",
        "https://openrouter.ai:8443/api/v1/models",
        "https://user@openrouter.ai/api/v1/models",
        "http://[",
    ],
)
async def test_a_page_elsewhere_is_not_asked_for_and_the_listing_not_called_complete(
    connect: Connect, cloud: CompatibleCloud, following: str
) -> None:
    body = {"data": [{"id": "one"}], "links": {"next": following}}
    cloud.faults.add(Fault(action=Respond(200, body=body), times=None))
    listing = await listed(connect(**OPENROUTER))
    assert [each.id for each in listing.items] == ["one"]
    assert not listing.complete
    assert listing.notes


async def test_pages_that_lead_back_are_given_up(connect: Connect, cloud: CompatibleCloud) -> None:
    body = {"data": [{"id": "one"}], "links": {"next": "/api/v1/models?offset=1"}}
    cloud.faults.add(Fault(action=Respond(200, body=body), times=None))
    listing = await listed(connect(**OPENROUTER))
    assert [each.id for each in listing.items] == ["one"]
    assert not listing.complete


async def test_pages_without_an_end_are_given_up(connect: Connect, cloud: CompatibleCloud) -> None:
    account = cloud.accounts["openrouter.ai"]
    account.page_size = 1
    account.catalogue = [account.catalogue[0]] * (wire.PAGES + 5)
    listing = await listed(connect(**OPENROUTER))
    assert not listing.complete


@pytest.mark.parametrize("value", [0, -1, True, "8192", 8192.5, None, [8192]])
@pytest.mark.parametrize("name", ["context_length", "context_window", "max_model_len"])
def test_what_is_no_number_of_tokens_is_not_known(name: str, value: object) -> None:
    row = wire.read_row({"id": "one", name: value})
    assert isinstance(row, wire.ModelRow)
    assert row.context_window is None


@given(JSON)
def test_any_row_is_read_or_skipped_with_a_reason(raw: Any) -> None:
    for row in (raw, {"id": "one", "architecture": raw}, {"id": raw}):
        read = wire.read_row(row)
        if isinstance(read, Skipped):
            assert read.reason
            continue
        assert read.id.isprintable()
        assert read.context_window is None or read.context_window > 0


MODES = {"chat": "chat", "embedding": "embedding", "audio_speech": "audio", "rerank": "rerank"}
KINDS = {
    "image_generation": "image",
    "audio_speech": "audio",
    "audio_transcription": "audio",
    "realtime": "audio",
    "video_generation": "video",
}


def prices() -> dict[str, dict[str, Any]]:
    spec = find_spec("litellm")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).with_name("model_prices_and_context_window_backup.json")
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return rows


def test_no_row_of_the_data_file_contradicts_its_source() -> None:
    text = files("bonito_openai_compatible").joinpath("facts.json").read_text(encoding="utf-8")
    rows = json.loads(text)["models"]
    places = {"openai": ("openai", ""), "groq": ("groq", "groq/")}
    judged = set()
    for service, (provider, prefix) in places.items():
        for key, price in prices().items():
            name = key.removeprefix(prefix)
            if price.get("litellm_provider") != provider or (not prefix and "/" in key):
                continue
            fitting = (row for row in rows if row["service"] == service)
            row = next((row for row in fitting if fnmatchcase(name, row["match"])), None)
            if row is not None:
                assert row["kind"] == KINDS.get(price["mode"], price["mode"]), key
                judged.add(row["match"])
    assert len(judged) >= 40
