"""The data file: every row has a source and a date, and none hides behind an earlier one."""

from __future__ import annotations

import json
from datetime import date
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

import pytest

from bonito_azure_arm.facts import UNKNOWN, ModelFacts
from bonito_azure_openai.facts import facts_of, not_openai

FILE: dict[str, Any] = json.loads(files("bonito_azure_openai").joinpath("facts.json").read_text())
ROWS = [ModelFacts.model_validate(row) for row in FILE["models"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.match)
def test_a_row_says_where_it_is_from_and_whose_the_model_is(row: ModelFacts) -> None:
    assert row.source in FILE["sources"]
    assert date.fromisoformat(row.date) > date(2025, 1, 1)
    assert row.format
    if row.format == "OpenAI":
        assert row.kind
        assert row.sold_by == "first_party"


def test_no_row_hides_behind_an_earlier_one() -> None:
    hidden = [
        later.match
        for place, later in enumerate(ROWS)
        if any(
            fnmatchcase(later.match.casefold(), earlier.match.casefold())
            for earlier in ROWS[:place]
        )
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("name", "kind", "reasoning"),
    [
        ("gpt-4o", "chat", False),
        ("GPT-4o-Mini", "chat", False),
        ("gpt-35-turbo-0613.ft-0e208cf33a6a466994aff31a08aba678", "chat", False),
        ("gpt-5-mini", "chat", True),
        ("gpt-5-chat", "chat", False),
        ("o3", "chat", True),
        ("o4-mini", "chat", True),
        ("text-embedding-ada-002", "embedding", False),
        ("gpt-4o-realtime-preview", "audio", False),
        ("dall-e-3", "image", False),
    ],
)
def test_openais_models_are_known_by_name(name: str, kind: str, reasoning: bool) -> None:  # noqa: FBT001 - a table's column
    facts = facts_of(name)
    assert (facts.format, facts.kind, facts.reasoning) == ("OpenAI", kind, reasoning)
    assert not_openai(facts.format, name=name) == ""


def test_what_nobody_knows_stays_unknown_and_an_operators_row_comes_first() -> None:
    assert facts_of("omega") == UNKNOWN
    row = {"match": "gpt-4o*", "format": "OpenAI", "kind": "own", "source": "us", "date": "2026"}
    assert facts_of("gpt-4o", [row]).kind == "own"
