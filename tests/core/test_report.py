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


@pytest.mark.parametrize(
    ("error", "essential", "accepted"),
    [
        ("CredentialsRejected", True, False),
        ("CredentialsRejected", False, True),
        ("AccessDenied", True, True),
        (None, True, True),
    ],
)
def test_credentials_of_which_an_essential_one_is_rejected_are_not_accepted(
    *, error: str | None, essential: bool, accepted: bool
) -> None:
    checked = report(authenticate=Verdict.PASSED, route=Verdict.FAILED)
    first, other = checked.items
    changed = other.model_copy(update={"error": error, "essential": essential})
    assert checked.model_copy(update={"items": (first, changed)}).accepted == accepted
    assert not report(authenticate=Verdict.FAILED).accepted
