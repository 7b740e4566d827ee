"""The suite is proved: it passes the honest plugin and catches each broken one, for its fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.check import Check
from bonito_contract_tests.runner import Outcome, run_check
from bonito_contract_tests.stage import Stage
from contract_tests.tests.gallery.bases import AVIARY, BASES, Base
from contract_tests.tests.gallery.broken import Broken
from contract_tests.tests.gallery.canary import must_catch_the_canary
from contract_tests.tests.gallery.rooms import all_broken, hung

pytestmark = pytest.mark.slow

CHECKS = {check.id: check for check in all_checks()}
StageOf = Callable[[Base], Stage]


@pytest.fixture(scope="module")
def stage_of() -> Iterator[StageOf]:
    """Gives the stage of a base, on which its canary was caught."""
    with ExitStack() as opened:

        @cache
        def stage_of(base: Base) -> Stage:
            stage = opened.enter_context(Stage(base.harness()))
            must_catch_the_canary(stage, base)
            return stage

        yield stage_of


@pytest.mark.parametrize(
    "broken", all_broken(), ids=lambda each: f"{each.check}-{each.name}-{each.base.name}"
)
def test_each_broken_plugin_is_caught_by_the_check_meant_for_it(
    broken: Broken, stage_of: StageOf
) -> None:
    stage = stage_of(broken.base)
    with hung(stage, broken):
        result = run_check(CHECKS[broken.check], stage)
    assert result.outcome is Outcome.FAILED, result.text()


@pytest.mark.parametrize("check", all_checks(), ids=lambda each: each.id)
def test_the_honest_plugin_passes(check: Check, stage_of: StageOf) -> None:
    stage = stage_of(AVIARY)
    stage.harness = AVIARY.harness()
    result = run_check(check, stage)
    assert result.outcome is Outcome.PASSED, result.text()


def test_there_are_at_least_eighty_broken_plugins() -> None:
    assert len(all_broken()) >= 80


def test_no_two_of_them_have_one_name_and_each_tells_an_incident() -> None:
    counts = Counter(each.name for each in all_broken())
    assert [name for name, count in counts.items() if count > 1] == []
    assert [each.name for each in all_broken() if len(each.incident) < 20 or not each.source] == []


def test_every_check_has_a_broken_plugin_of_its_own() -> None:
    assert sorted(set(CHECKS) - {each.check for each in all_broken()}) == []


@pytest.mark.parametrize("base", BASES, ids=lambda each: each.name)
def test_a_run_that_lets_its_canary_pass_is_void(base: Base, stage_of: StageOf) -> None:
    with pytest.raises(RuntimeError, match="VOID: LIST-01 came to"):
        must_catch_the_canary(stage_of(base), base, lambda honest: honest)
