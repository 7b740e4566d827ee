"""The data file: valid, sourced, dated, and without a row that can never decide."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bonito_azure_arm.facts import UNKNOWN, ModelFacts, split_version
from bonito_azure_foundry.facts import facts_of
from bonito_emulators.azure import CatalogueModel, bundled_catalogue

FILE: dict[str, Any] = json.loads(
    files("bonito_azure_foundry").joinpath("facts.json").read_text(encoding="utf-8")
)
ROWS: list[dict[str, Any]] = FILE["models"]
KINDS = {
    "chat", "embedding", "image", "audio", "rerank", "completion", "video", "ocr", "responses"
}  # fmt: skip
EMULATED_KINDS = {"embeddings": "embedding"}


def _samples(pattern: str) -> list[str]:
    """Makes names that a pattern matches, with nothing and with something for each `*`."""
    class_of_characters = re.search(r"\[([^]]+)\]", pattern)
    letters = class_of_characters[1] if class_of_characters else [""]
    plain = [re.sub(r"\[[^]]+\]", letter, pattern) for letter in letters]
    return [text.replace("*", filling) for text in plain for filling in ("", "zz9")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["match"])
def test_a_row_is_valid_and_has_a_known_source_and_a_date(row: dict[str, Any]) -> None:
    read = ModelFacts.model_validate(row)
    assert read.source in FILE["sources"]
    assert date(2024, 1, 1) <= date.fromisoformat(read.date) <= date(2026, 11, 30)
    assert read.format
    assert read.publisher
    assert read.kind in KINDS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["match"])
def test_no_row_stands_in_the_shadow_of_an_earlier_one(row: dict[str, Any]) -> None:
    assert ModelFacts.model_validate(row) in [facts_of(name) for name in _samples(row["match"])]


def test_no_pattern_stands_there_twice() -> None:
    patterns = [row["match"].casefold() for row in ROWS]
    assert len(patterns) == len(set(patterns))


def test_every_source_is_used() -> None:
    assert {row["source"] for row in ROWS} == set(FILE["sources"])


@pytest.mark.parametrize("model", bundled_catalogue(), ids=lambda model: model.id)
def test_every_model_of_the_emulated_region_has_its_publisher_and_format(
    model: CatalogueModel,
) -> None:
    facts = facts_of(split_version(model.id)[0])
    assert facts.publisher
    assert facts.format == model.format
    assert facts.reasoning is model.reasoning
    if model.kind != "other":
        assert facts.kind == EMULATED_KINDS.get(model.kind, model.kind)


@pytest.mark.parametrize("name", ["", "zz", "my-gpt-4o", "xclaude-3", "phi", "deepseek"])
def test_a_name_that_merely_resembles_a_family_is_unknown(name: str) -> None:
    assert facts_of(name) is UNKNOWN


def test_the_case_of_a_name_does_not_matter() -> None:
    assert facts_of("deepseek-v3.1") == facts_of("DeepSeek-V3.1") == facts_of("DEEPSEEK-V3.1")


def test_kinds_agree_with_the_mode_column_of_litellms_price_file() -> None:
    spec = find_spec("litellm")
    assert spec is not None
    assert spec.origin is not None
    text = (Path(spec.origin).parent / "model_prices_and_context_window_backup.json").read_text(
        "utf-8"
    )
    kinds = {
        "image_generation": "image",
        "image_edit": "image",
        "audio_transcription": "audio",
        "audio_speech": "audio",
        "realtime": "audio",
        "video_generation": "video",
    }
    different = set()
    for key, row in json.loads(text).items():
        prefix, _, name = key.partition("/")
        if prefix not in ("azure", "azure_ai") or "/" in name:
            continue
        told, mode = facts_of(split_version(name)[0]).kind, row.get("mode")
        # Models that talk in sound are called by chat completions too, but not with text alone.
        if told is not None and told != kinds.get(mode, mode) and "audio" not in name:
            different.add((name, mode, told))
    assert different == set()


@pytest.mark.parametrize(
    "name", ["gpt-5-codex", "gpt-5-pro", "o3-pro", "gpt-realtime", "gpt-audio"]
)
def test_what_is_no_plain_chat_is_not_taken_for_one(name: str) -> None:
    assert facts_of(name).kind in ("responses", "audio")
