"""Gaps are declared with a reason, strict, and never a way to hide."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bonito_contract_tests import Check, Gap, GapKind, Harness, HarnessError, Level
from bonito_contract_tests.bench import Bench
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.collection import checks_for
from bonito_contract_tests.judgement import Judgement, judged
from bonito_contract_tests.runner import Outcome, Result
from contract_tests.tests.small_suite import Author
from contract_tests.tests.toy_harness import ToyHarness

pytestmark = pytest.mark.slow

KNOWN = Gap(GapKind.BUG, "known since spring")
ID = all_checks()[0].id


def harness(gaps: Mapping[str, Gap], *, contract: tuple[int, int] = (1, 0)) -> Harness[Any]:
    made = ToyHarness()
    vars(made).update(gaps=gaps, contract=contract)
    return made


def passing(bench: Bench) -> None:
    """Stand for any check; its outcome is given."""


def result(
    outcome: Outcome, *, level: Level = Level.MUST, since: tuple[int, int] = (1, 0)
) -> Result:
    check = Check(
        id="LIST-01",
        level=level,
        since=since,
        needs=frozenset(),
        rule="A rule.",
        mend="Mend it.",
        run=passing,
    )
    return Result(check=check, outcome=outcome)


def test_a_gap_that_is_one_is_accepted() -> None:
    assert checks_for(harness({ID: KNOWN})) == all_checks()


@pytest.mark.parametrize(
    ("wrong", "meant"), [(ID.lower(), ID), (ID.replace("-", "_"), ID), (ID[:-1], ID[:-1])]
)
def test_an_unknown_check_is_refused_and_the_nearest_is_named(wrong: str, meant: str) -> None:
    with pytest.raises(HarnessError, match=f"names {wrong}, .* did you mean {meant}"):
        checks_for(harness({wrong: KNOWN}))


def test_a_name_like_no_check_is_refused_without_a_guess() -> None:
    with pytest.raises(HarnessError, match=r"which is no check$"):
        checks_for(harness({"全部": KNOWN}))


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_a_gap_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(HarnessError, match="has no reason"):
        checks_for(harness({ID: Gap(GapKind.BUG, reason)}))


def test_a_bare_sentence_is_no_gap() -> None:
    with pytest.raises(HarnessError, match="must be a Gap"):
        checks_for(harness({ID: "bug: known"}))  # type: ignore[dict-item]  # what is refused


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.CRASHED, Outcome.SUITE_ERROR])
def test_what_fails_despite_a_gap_fails_at_every_level(outcome: Outcome, level: Level) -> None:
    found = judged(result(outcome, level=level), harness({"LIST-01": KNOWN}))
    assert found == outcome.value


def test_only_a_plain_failure_of_advice_is_let_pass() -> None:
    advised = {
        outcome: judged(result(outcome, level=Level.SHOULD), harness({})) for outcome in Outcome
    }
    assert advised.pop(Outcome.FAILED) is Judgement.ADVICE
    assert all(found == outcome.value for outcome, found in advised.items())


@pytest.mark.parametrize("outcome", Outcome)
def test_a_check_newer_than_the_plugins_contract_decides_nothing(outcome: Outcome) -> None:
    newer = result(outcome, since=(1, 1))
    assert judged(newer, harness({})) is Judgement.PREVIEW
    assert judged(newer, harness({}, contract=(1, 1))) == outcome.value


def test_a_declared_gap_is_shown_with_its_reason_and_counted_in_the_verdict(
    tmp_path: Path,
) -> None:
    author = Author(tmp_path)
    gap = 'Gap(GapKind.UNSUPPORTED, "no pages")'
    author.suite(gaps=f"{{'LIST-01': {gap}, 'LIST-04': {gap}}}", LIST_01="violate", LIST_04="crash")
    ran = author.pytest()
    assert ran.code == 0
    assert (ran.outcomes["LIST-01"], ran.outcomes["LIST-04"]) == ("XFAIL", "XFAIL")
    assert "gap: unsupported: no pages" in ran.out
    assert ran.conclusion_of("conformance").startswith("CONFORMANT 1.0 WITH GAPS (1) - ")
    assert "  gap LIST-04: unsupported: no pages; the plugin fell over" in ran.conclusion
    shown = author.pytest("--runxfail")
    assert shown.outcomes["LIST-01"] == "FAILED"


def test_a_gap_that_closed_or_never_was_one_fails_the_run(tmp_path: Path) -> None:
    author = Author(tmp_path)
    gap = 'Gap(GapKind.BUG, "known")'
    author.suite(gaps=f"{{'LIST-01': {gap}, 'LIST-04': {gap}, 'LIST-05': {gap}}}")
    ran = author.pytest()
    assert ran.code == 1
    for name in ("LIST-01", "LIST-04", "LIST-05"):
        assert "a gap that is one: remove it" in ran.failure_of("conformance", name)
    assert ran.conclusion_of("conformance").startswith("NOT CONFORMANT - 2 passed, 3 failed")


def test_an_unknown_gap_is_told_at_collection_without_a_traceback(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.suite(gaps="{'LIST-1': Gap(GapKind.BUG, 'known')}")
    ran = author.pytest()
    assert ran.code == 2
    assert "`gaps` names LIST-1, which is no check; did you mean LIST-01?" in ran.out
    assert "Traceback" not in ran.out
    assert "collection.py" not in ran.out
