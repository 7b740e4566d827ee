"""When a check says that credentials can be used."""

from __future__ import annotations

import pytest

from bonito_providers import CheckItem, CredentialReport, Verdict
from tests.virtual_time import START


def report(**verdicts: Verdict) -> CredentialReport:
    items = tuple(CheckItem(name=name, title=name, verdict=each) for name, each in verdicts.items())
    return CredentialReport(items=items, observed_at=START)


@pytest.mark.parametrize("verdict", Verdict)
def test_credentials_are_usable_only_once_they_authenticated(verdict: Verdict) -> None:
    checked = report(reach=Verdict.PASSED, authenticate=verdict, list_models=Verdict.FAILED)
    assert checked.usable == (verdict is Verdict.PASSED)


def test_a_report_without_authentication_is_not_usable() -> None:
    assert not report(reach=Verdict.PASSED).usable
    assert not report().usable


def test_what_was_not_checked_is_no_failure_and_no_success() -> None:
    checked = report(reach=Verdict.FAILED, authenticate=Verdict.NOT_CHECKED)
    assert [item.name for item in checked.failures] == ["reach"]
    assert not checked.usable
