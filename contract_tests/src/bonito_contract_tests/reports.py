"""Credential reports under conditions: a wrong secret, a dead host, a failing service."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers import CredentialReport, Verdict, errors

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import CheckItem


async def report_of(bench: Bench, access: Access, **changed: str) -> CredentialReport:
    """Return what checking an access finds, perhaps with other values in some fields."""
    async with bench.connect(access, **changed) as opened:
        return await bench.provider.check_credentials(opened)


async def report_without_network(bench: Bench, access: Access) -> CredentialReport:
    """Return what checking finds where no name can be looked up."""

    async def nobody(_host: str, _port: int) -> Sequence[tuple[str, int]]:
        return []

    network = dataclasses.replace(bench.network(), resolver=nobody)
    connection = bench.provider.connect(dict(access.fields), id="nowhere", network=network)
    async with connection:
        return await bench.provider.check_credentials(connection)


def wrong_secrets(bench: Bench) -> Iterator[tuple[Access, str, str]]:
    """Yield every access with a secret it has and a value for it that the cloud refuses.

    Raises:
        HarnessError: There is none.
    """
    found = [
        (access, name, value)
        for access in bench.harness.accesses
        for name, value in access.wrong.items()
    ]
    if not any(access is bench.narrowest for access, _, _ in found):
        raise HarnessError("add to `wrong` of the narrowest access what the cloud refuses")
    yield from found


def item_of(report: CredentialReport, name: str) -> CheckItem | None:
    """Return the item of that name."""
    return next((each for each in report.items if each.name == name), None)


def authentication(report: CredentialReport) -> CheckItem:
    """Return the item `authenticate`, by which a host decides whether to save.

    Raises:
        Violation: There is none.
    """
    found = item_of(report, "authenticate")
    if found is None:
        names = ", ".join(each.name for each in report.items)
        raise Violation(f"the items are {names}", expected="one named authenticate")
    return found


def passed(report: CredentialReport) -> list[str]:
    """Return the names of the items that passed."""
    return [each.name for each in report.items if each.verdict is Verdict.PASSED]


def failed(report: CredentialReport) -> list[CheckItem]:
    """Return the items that failed."""
    return [each for each in report.items if each.verdict is Verdict.FAILED]


def is_named(item: CheckItem, kind: type[errors.ProviderError]) -> bool:
    """Tell whether an item's error is the name of a class of that branch of the tree."""
    found = getattr(errors, item.error or "", None)
    return isinstance(found, type) and issubclass(found, kind)


def must_blame_no_key(report: CredentialReport, *, when: str) -> None:
    """Go on only if nothing passed authentication and nothing is said of the key.

    Raises:
        Violation: The report knows more than the cloud told.
    """
    item = authentication(report)
    must(
        item.verdict is not Verdict.PASSED,
        seen=f"{when}, authenticate passed",
        expected="not checked, or failed",
    )
    blamed = [each.name for each in failed(report) if is_named(each, errors.AuthenticationError)]
    must(
        not blamed,
        seen=f"{when}, {', '.join(blamed)} failed as a matter of the credentials",
        expected="the service or the network to blame",
    )
    temporary = [each for each in failed(report) if is_named(each, errors.TemporaryError)]
    must(
        temporary,
        seen=f"{when}, failed: {[(each.name, each.error) for each in failed(report)]}",
        expected="an item that failed with the name of a TemporaryError",
    )


def shown(report: CredentialReport) -> list[tuple[str, str]]:
    """Return each item's name and verdict."""
    return [(each.name, each.verdict.value) for each in report.items]
