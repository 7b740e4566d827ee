"""The page of the gallery says what was measured, and of whom."""

from __future__ import annotations

import pytest

from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.runner import Outcome
from contract_tests.tests.gallery.broken import Broken
from contract_tests.tests.gallery.matrix import ORDINARY, Row, tried_on
from contract_tests.tests.gallery.monolith import FAULTS
from contract_tests.tests.gallery.page import page
from contract_tests.tests.gallery.rooms import all_broken


def named(name: str) -> Broken:
    return next(each for each in all_broken() if each.name == name)


def row(name: str, **outcomes: Outcome) -> Row:
    told = {check.replace("_", "-"): outcome for check, outcome in outcomes.items()}
    return Row(named(name), told)


def line(text: str, first: str) -> str:
    (found,) = [each for each in text.splitlines() if each.startswith(f"| {first} |")]
    return found


def test_what_an_unmeant_check_catches_is_named_beside_the_one_that_is_meant_for_it() -> None:
    told = page([row("CountsNothing", CALL_01=Outcome.FAILED, LIST_01=Outcome.CRASHED)])
    assert "1 of 1 are caught by the check meant for them.\n" in told
    assert line(told, "CountsNothing").startswith(
        "| CountsNothing | aws_bedrock | CALL-01 | LIST-01 |"
    )
    assert line(told, "CALL-01") == "| CALL-01 | 1 | 1 | 0 |"


def test_a_crash_and_a_pass_of_the_check_that_is_meant_are_no_verdict() -> None:
    crashed = row("CountsNothing", CALL_01=Outcome.CRASHED)
    passed = row("ListsGoogleAlone", LIST_01=Outcome.PASSED, CALL_01=Outcome.PASSED)
    told = page([crashed, passed])
    assert "0 of 2 are caught" in told
    assert "Not by it: CountsNothing, ListsGoogleAlone." in told
    assert line(told, "CALL-01") == "| CALL-01 | 2 | 1 | 1 |"
    assert "| none |" in line(told, "ListsGoogleAlone")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: str(each.number))
def test_each_fault_of_the_monolith_is_on_the_page_with_its_tests(fault: object) -> None:
    assert isinstance(fault, type(FAULTS[0]))
    told = line(page([]), str(fault.number))
    assert fault.what in told
    assert all(test in told for test in fault.tests)


def test_each_plugin_is_tried_on_the_check_meant_for_it_and_on_ordinary_cases() -> None:
    known = {check.id for check in all_checks()}
    assert known >= ORDINARY
    for broken in all_broken():
        tried = {check.id for check in tried_on(broken)}
        assert tried >= {broken.check, *ORDINARY}
