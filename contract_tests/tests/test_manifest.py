"""What is generated from the checks is up to date, and every check has its sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bonito_contract_tests import Check, manifest
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.documentation_page import checks_page
from bonito_providers import CONTRACT

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "checks.md"


def test_the_manifest_lists_every_check_of_the_contract() -> None:
    mend = "run `bonito-contract manifest --write`"
    assert manifest.required(CONTRACT) == manifest.current(), mend


def test_no_check_has_the_id_of_another() -> None:
    ids = [check.id for check in all_checks()]
    assert len(set(ids)) == len(ids) > 0


def test_the_page_of_the_documentation_is_up_to_date() -> None:
    mend = "run `bonito-contract checks --markdown > docs/reference/checks.md`"
    assert PAGE.read_text() == checks_page(), mend


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_every_check_says_its_rule_and_its_mend_in_sentences(check: Check) -> None:
    for sentence in (check.rule, check.mend):
        assert sentence == " ".join(sentence.split())
        assert sentence[:1].isupper() or sentence[:1] in "`*"
        assert sentence.endswith(".")
    assert check.since <= CONTRACT
