"""Each fault of the monolith is answered: by a broken plugin, by a test, or by both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_tests.tests.gallery.bases import AVIARY
from contract_tests.tests.gallery.monolith import FAULTS, Fault
from contract_tests.tests.gallery.rooms import all_broken

ROOT = Path(__file__).parents[2]
NO_CHECK_SEES = {
    7,  # LIFE-08 changes what the harness deploys first: a profile, which has no units
    13,  # a document, which no plugin is made of
}


def names_in(path: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))


def test_the_faults_are_numbered_without_a_hole() -> None:
    assert [each.number for each in FAULTS] == list(range(1, 23))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: str(each.number))
def test_the_tests_that_hold_a_fault_down_are_there(fault: Fault) -> None:
    assert fault.tests
    for test in fault.tests:
        path, _, name = test.partition("::")
        assert name in names_in(ROOT / path), test


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: str(each.number))
def test_a_shipped_plugin_was_broken_in_the_same_way(fault: Fault) -> None:
    shipped = [each for each in fault.broken(all_broken()) if each.base is not AVIARY]
    assert bool(shipped) is (fault.number not in NO_CHECK_SEES)


def test_a_row_is_found_by_its_whole_number() -> None:
    first = {each.name for each in FAULTS[0].broken(all_broken())}
    assert "CallsWhatDoesNotExist" in first
    assert not first & {each.name for each in FAULTS[14].broken(all_broken())}
