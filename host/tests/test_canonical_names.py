"""One model has one name in every cloud: the data files of all installed providers, joined."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest

from bonito_providers import ProviderRegistry

SPELT_OTHERWISE = {
    "cohere-embed-v3-english": "cohere-embed-english-v3",
    "cohere-embed-v3-multilingual": "cohere-embed-multilingual-v3",
    "deepseek.v3-v1:*": "deepseek-v3.1",
    "embed-v-4-0": "cohere-embed-v4",
    "meta.llama3-2-11b-instruct-*": "llama-3.2-11b-vision-instruct",
    "meta.llama3-2-90b-instruct-*": "llama-3.2-90b-vision-instruct",
    "qwen.qwen3-235b-a22b-2507-*": "qwen3-235b-a22b-instruct-2507",
    "qwen.qwen3-coder-480b-a35b-*": "qwen3-coder-480b-a35b-instruct",
    "qwen.qwen3-next-80b-a3b": "qwen3-next-80b-a3b-instruct",
}
"""Patterns that do not spell the publisher's own name, each looked up by hand."""
FACTS = ("publisher", "kind")


def _rows() -> list[tuple[str, dict[str, Any]]]:
    """Every named row of every installed provider, with the provider's cloud."""
    found = []
    registry = ProviderRegistry.discover()
    for record in registry.records:
        package = f"bonito_{record.name}"
        text = files(package).joinpath("facts.json").read_text(encoding="utf-8")
        cloud = registry.provider(record.name).info.cloud
        named = [row for row in json.loads(text)["models"] if row.get("canonical_name")]
        assert named, f"{package} names no model"
        found += [(cloud, row) for row in named]
    return found


ROWS = _rows()
NAMES = {row["canonical_name"] for _, row in ROWS}


def squashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=lambda row: row["match"])
def test_a_row_has_the_longest_of_all_names_that_its_pattern_spells(row: dict[str, Any]) -> None:
    pattern = row["match"].casefold()
    spelt = [name for name in NAMES if squashed(name) in squashed(pattern)]
    right = SPELT_OTHERWISE.get(pattern) or max(spelt, key=len, default=None)
    assert row["canonical_name"] == right


def test_no_row_says_of_a_model_what_another_clouds_row_contradicts() -> None:
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, row in ROWS:
        for fact in FACTS:
            if row.get(fact):
                said[row["canonical_name"], fact].add(row[fact])
    assert {key: values for key, values in said.items() if len(values) > 1} == {}


def test_a_name_joins_at_least_two_places_and_many_join_clouds() -> None:
    places = {
        name: [cloud for cloud, row in ROWS if row["canonical_name"] == name] for name in NAMES
    }
    assert [name for name, clouds in places.items() if len(clouds) < 2] == []
    shared = {name for name, clouds in places.items() if len(set(clouds)) > 1}
    everywhere = {name for name, clouds in places.items() if len(set(clouds)) > 2}
    assert len(shared) >= 40
    assert len(everywhere) >= 20


def test_a_name_is_written_as_people_type_it() -> None:
    assert [name for name in NAMES if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", name)] == []
