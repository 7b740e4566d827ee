"""What is told in situations is compared with all that was demanded, and never with nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bonito_contract_tests import NOTHING, Scene, Situation, Told
from bonito_contract_tests.asking import counted, models
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome, Result, run_check
from bonito_contract_tests.situations import Ask
from bonito_contract_tests.stage import Stage
from bonito_providers import Connection, Listing, Model, hookimpl
from bonito_providers.errors import CredentialsRejected
from contract_tests.tests.toy_harness import ToyHarness
from tests.core.plugins import HOOKS
from tests.fake_provider import plugin

[TOLD] = [check for check in all_checks() if check.id == "TOLD-01"]
WORDS = {
    "text": 'It says "sk-123" here\nand C:\\there.',
    "word": "nothing",
    "number": 1,
    "no": None,
}


def saying(answer: object) -> Ask:
    """Return a question whose answer is given; each asks the plugin something before."""

    async def ask(scene: Scene) -> object:
        await models(scene)
        return answer

    return ask


def judged(*told: Told, **harness: object) -> Result:
    """Return what the check comes to where that is asked of the fake provider."""
    made = ToyHarness()
    vars(made).update(situations=(Situation(name="at first", told=told),), **harness)
    with Stage(made) as stage:
        return run_check(TOLD, stage)


def came_to(answer: object, **demands: Any) -> Result:
    return judged(Told(name="asked", ask=saying(answer), **demands))


@pytest.mark.parametrize("words", ['"sk-123"', "here\nand", "C:\\there", 'says "sk-123" here\n'])
def test_words_are_found_as_they_are_said_with_quotes_breaks_and_backslashes(words: str) -> None:
    assert came_to(WORDS, says=(words,)).outcome is Outcome.PASSED
    assert came_to(WORDS, unsaid=(words,)).outcome is Outcome.FAILED


@pytest.mark.parametrize("words", ['"sk-124"', "here\n\nand", "C:\\\\there"])
def test_words_that_are_not_said_are_not_found(words: str) -> None:
    assert came_to(WORDS, says=(words,)).outcome is Outcome.FAILED
    assert came_to(WORDS, unsaid=(words,)).outcome is Outcome.PASSED


def test_a_harness_without_situations_passes() -> None:
    made = ToyHarness()
    assert made.situations == ()
    with Stage(made) as stage:
        assert run_check(TOLD, stage).outcome is Outcome.PASSED


def test_a_situation_in_which_nothing_is_asked_is_the_authors_fault() -> None:
    result = judged()
    assert result.outcome is Outcome.SUITE_ERROR
    assert result.seen.startswith("at first: asks nothing")


@pytest.mark.parametrize("demands", [{}, {"tells": {}, "says": (), "unsaid": []}])
def test_a_question_that_demands_nothing_is_the_authors_fault(demands: dict[str, Any]) -> None:
    result = came_to(None, **demands)
    assert result.outcome is Outcome.SUITE_ERROR
    assert result.seen.startswith("at first, asked: demands nothing")


def test_that_nothing_is_sent_is_a_demand() -> None:
    async def ask(scene: Scene) -> None:
        """Ask nothing of the plugin."""

    assert judged(Told(name="asked", ask=ask, sends=())).outcome is Outcome.PASSED


@pytest.mark.parametrize("answer", [{"items": []}, {"items": [1], "more": {}}])
def test_what_an_answer_does_not_have_is_nothing(answer: object) -> None:
    assert came_to(answer, tells={"items.1": NOTHING}).outcome is Outcome.PASSED


@pytest.mark.parametrize("path", ["word", "number", "no"])
def test_what_an_answer_has_is_not_nothing_whatever_it_says(path: str) -> None:
    result = came_to(WORDS, tells={path: NOTHING})
    assert (result.outcome, result.expected) == (Outcome.FAILED, "NOTHING")


@pytest.mark.parametrize("expected", [None, "", 0, [], "nothing"])
def test_nothing_is_not_what_stands_for_little(expected: object) -> None:
    result = came_to(WORDS, tells={"other": expected})
    assert (result.outcome, result.seen) == (Outcome.FAILED, "at first, asked: other is NOTHING")


@pytest.mark.parametrize(
    ("answer", "path", "seen"),
    [
        (None, "items", "the answer is None"),
        ("items", "items", "the answer is 'items'"),
        (WORDS, "no.items", "no is None"),
        (WORDS, "other.items", "other is NOTHING"),
        ({"items": [{}]}, "items.0.model.name", "items.0.model is NOTHING"),
        ({"items": [{}]}, "items.first", "items is [{}]"),
    ],
)
def test_nothing_can_be_missing_where_nothing_could_be(
    answer: object, path: str, seen: str
) -> None:
    result = came_to(answer, tells={path: NOTHING})
    assert (result.outcome, result.seen) == (Outcome.FAILED, f"at first, asked: {seen}")


def failing(error: Exception) -> object:
    """Return the fake provider whose list of models comes to that error."""

    async def list_models(connection: Connection) -> Listing[Model]:
        raise error

    hooks = {name: getattr(plugin, name) for name in HOOKS}
    return SimpleNamespace(**hooks | {"list_models": hookimpl(list_models)})


ONLY_COUNTED = Told(name="asked", ask=counted(models), tells={"writes": []})


def test_a_refusal_is_counted() -> None:
    refusing = failing(CredentialsRejected("No.", provider="toy", operation="list_models"))
    assert judged(ONLY_COUNTED, plugin=refusing).outcome is Outcome.PASSED


def test_a_crash_of_the_plugin_is_no_refusal_that_could_be_counted() -> None:
    result = judged(ONLY_COUNTED, plugin=failing(ZeroDivisionError("division by zero")))
    assert result.outcome is Outcome.CRASHED, result.text()
