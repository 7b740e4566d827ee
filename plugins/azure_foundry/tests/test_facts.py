"""The data file: valid, sourced, dated, and without a row that can never decide."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from bonito_azure_foundry.facts import UNKNOWN, ModelFacts, facts_of, split_version
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
