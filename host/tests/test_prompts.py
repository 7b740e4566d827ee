"""What is asked at a terminal, by the credential schema alone."""

from __future__ import annotations

from typing import Any

import click
import pytest

from bonito_host.prompts import ask_fields

SCHEMA: dict[str, Any] = {
    "properties": {"endpoint": {}, "key": {"writeOnly": True}, "client": {}, "secret": {}},
    "required": ["endpoint", "key"],
    "x-groups": [{"title": "Client", "fields": ["client", "secret"], "replaces": ["key"]}],
}


def test_a_whole_group_is_not_asked_for_what_it_stands_in_for() -> None:
    given = {"endpoint": "e", "client": "c", "secret": "s"}
    assert ask_fields(SCHEMA, given) == given


def test_without_the_group_the_field_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(title: str, **_: object) -> str:
        asked.append(title)
        return "k"

    # The terminal is what is played here; nothing of this project is replaced.
    monkeypatch.setattr(click, "prompt", answer)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: False)
    assert ask_fields(SCHEMA, {"endpoint": "e"})["key"] == "k"
    assert asked == ["key"]


def test_a_field_left_empty_brings_the_group_that_stands_in_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = {"key": "", "client": "c", "secret": "s"}
    monkeypatch.setattr(click, "prompt", lambda title, **_: answers[title])
    given = {"endpoint": "e"}
    assert ask_fields(SCHEMA, given) == {"endpoint": "e", "client": "c", "secret": "s"}
