"""Failover between clouds, as the real LiteLLM does it: who was asked, and who answered.

`order` decides who is asked first, a failure moves the call on within the group, and a 429 puts
that place to rest for as long as its Retry-After says.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from host.tests.running import Bonito

pytestmark = pytest.mark.slow
PROGRAM = Path(__file__).with_name("programs") / "failing_over.py"
OK, THROTTLED, REFUSED = 200, 429, 400


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = Bonito(tmp_path_factory.mktemp("failover")).program(sys.executable, str(PROGRAM))
    assert done.code == 0, done.stderr
    document: dict[str, Any] = done.document
    assert document["violations"] == []
    return document


EXPECTED = {
    "all answer": [[1, OK]],
    "first throttled": [[1, THROTTLED], [2, OK]],
    "first throttled, in a stream": [[1, THROTTLED], [2, OK]],
    "first recovered": [[1, OK]],
    "two throttled": [[1, THROTTLED], [2, THROTTLED], [3, OK]],
    "first refuses the request": [[1, REFUSED], [2, OK]],
    "first throttled for an hour": [[1, THROTTLED], [2, OK]],
    "first at rest": [[2, OK]],
}


@pytest.mark.parametrize("when", EXPECTED)
def test_the_next_place_answers_and_nobody_else_is_asked(told: dict[str, Any], when: str) -> None:
    call = told["calls"][when]
    assert call["asked"] == EXPECTED[when]
    assert "hello" in call["text"]
    assert call["error"] == {}


def test_the_three_clouds_serve_one_model_and_are_proposed_as_a_group(told: dict[str, Any]) -> None:
    assert len(set(told["canonical_names"])) == 1
    (proposed,) = told["proposals"]
    assert len(proposed["members"]) == 3


def test_when_all_are_throttled_the_caller_is_told_to_wait(told: dict[str, Any]) -> None:
    call = told["calls"]["all throttled"]
    assert call["asked"] == [[1, THROTTLED], [2, THROTTLED], [3, THROTTLED]]
    assert call["error"]["class"] == "RateLimited"


@pytest.mark.parametrize("when", ["the others throttled for an hour", "all at rest"])
def test_when_all_are_at_rest_the_caller_is_told_for_how_long(
    told: dict[str, Any], when: str
) -> None:
    assert told["calls"][when]["error"]["class"] == "RateLimited"


def test_nobody_is_asked_while_all_are_at_rest(told: dict[str, Any]) -> None:
    call = told["calls"]["all at rest"]
    assert call["asked"] == []
    assert 0 < call["error"]["retry_after"] <= 3600


@pytest.mark.parametrize(
    "when", ["its own route", "its own route for an hour", "its own route again"]
)
def test_a_route_of_its_own_is_asked_every_time_and_falls_back_on_nothing(
    told: dict[str, Any], when: str
) -> None:
    call = told["calls"][when]
    assert call["asked"] == [[1, THROTTLED]]
    assert call["error"]["class"] == "RateLimited"
