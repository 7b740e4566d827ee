"""The checks are the same for every provider: nobody overrides, replaces or deletes one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bonito_contract_tests import ContractSuite, HarnessError
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.collection import checks_for
from contract_tests.tests.small_suite import Author
from contract_tests.tests.toy_harness import ToyHarness

pytestmark = pytest.mark.slow


def test_an_honest_harness_meets_every_check_in_the_catalogues_order() -> None:
    assert checks_for(ToyHarness()) == all_checks()


def test_the_suite_cannot_be_subclassed() -> None:
    with pytest.raises(TypeError, match="MySuite cannot change the contract suite"):
        type("MySuite", (ContractSuite,), {})


def test_a_harness_class_is_not_taken_for_a_harness() -> None:
    with pytest.raises(HarnessError, match=r"ContractSuite\(ToyHarness\(\)\)"):
        checks_for(ToyHarness)  # type: ignore[arg-type]  # what is refused


def test_what_is_no_harness_is_refused() -> None:
    with pytest.raises(HarnessError, match="needs a Harness, not str"):
        checks_for("toy")  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize("accesses", [(), None])
def test_a_harness_without_credentials_is_refused(accesses: Any) -> None:
    made = ToyHarness()
    vars(made).update(accesses=accesses)
    with pytest.raises(HarnessError, match="credentials"):
        checks_for(made)


@pytest.mark.parametrize("contract", [(0, 9), (1, 1), (2, 0)])
def test_a_contract_that_this_suite_does_not_know_is_refused(contract: tuple[int, int]) -> None:
    made = ToyHarness()
    vars(made).update(contract=contract)
    with pytest.raises(HarnessError, match=r"it knows 1\.0"):
        checks_for(made)


def test_a_check_replaced_by_ones_own_is_refused(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.suite(LIST_01="violate")
    author.write(
        "conftest.py",
        "from dataclasses import replace\n"
        "from bonito_contract_tests.checks.small import SMALL\n"
        "def fine(bench): pass\n"
        "SMALL.checks[0] = replace(SMALL.checks[0], run=fine)\n",
    )
    ran = author.pytest()
    assert ran.code == 2
    assert "LIST-01 was replaced by conftest.fine; a check cannot be overridden" in ran.out


DELETED = "from bonito_contract_tests.checks.small import SMALL\ndel SMALL.checks[0]\n"
TAKEN_OUT = """
import pytest

def is_first(item, suite):
    return item.name == "LIST-01" and item.parent.name == suite

def pytest_itemcollected(item):
    if is_first(item, "skipped"):
        item.add_marker(pytest.mark.skip(reason="too hard"))

def pytest_collection_modifyitems(config, items):
    out = [item for item in items if is_first(item, "deselected")]
    config.hook.pytest_deselected(items=out)
    out += [item for item in items if is_first(item, "removed")]
    items[:] = [item for item in items if item not in out]

def pytest_runtest_protocol(item):
    return True if is_first(item, "prevented") else None
"""
WAYS = ("skipped", "deselected", "removed", "prevented")


@pytest.fixture
def deprived(tmp_path: Path) -> Author:
    """An author with a hook that takes the first check out of every suite, each in its way."""
    author = Author(tmp_path)
    author.suites(**{way: {"LIST-01": "violate"} for way in WAYS})
    author.write("conftest.py", TAKEN_OUT)
    return author


def test_a_check_that_a_hook_takes_out_makes_the_run_a_failure(deprived: Author) -> None:
    # In order: an item whose protocol is prevented is not torn down, and breaks what follows it.
    ran = deprived.pytest("-p", "no:randomly")
    assert ran.code == 1
    for way in WAYS:
        told = ran.conclusion_of(way)
        assert told.startswith("INCOMPLETE - 3 passed, "), way
        assert "\n  No outcome for LIST-01: a hook or a mark left them out" in told, way


@pytest.mark.slow
def test_an_option_of_the_user_excuses_only_what_is_deselected(deprived: Author) -> None:
    ran = deprived.pytest("-k", "not LIST-02", "-p", "no:randomly")
    assert ran.code == 1
    for way in {*WAYS} - {"deselected"}:
        assert "  No outcome for LIST-01: " in ran.conclusion_of(way), way
    assert "no verdict" in ran.conclusion_of("deselected")


@pytest.mark.slow
def test_a_check_that_a_hook_takes_out_of_every_worker_is_missed(deprived: Author) -> None:
    ran = deprived.pytest("-n", "2", "-p", "no:randomly")
    assert ran.code == 1
    for way in WAYS:
        assert "  No outcome for LIST-01: " in ran.conclusion_of(way), way


def test_a_check_deleted_from_the_suite_is_missed_even_in_a_run_of_others(tmp_path: Path) -> None:
    author = Author(tmp_path)
    author.suite()
    author.write("conftest.py", DELETED)
    ran = author.pytest("-k", "not LIST-02")
    assert (ran.code, "LIST-01" in ran.outcomes) == (1, False)
    assert "  No outcome for LIST-01: " in ran.conclusion
