"""The page of the documentation that lists every check, made from the checks themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bonito_contract_tests.catalogue import all_checks, families
from bonito_contract_tests.manifest import version_text

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check

_HEAD = """\
# The checks of the contract suite

Every provider meets these {number} checks, by `bonito-contract run` or as pytest items named by
their ids. A broken MUST makes a provider not conformant; a broken SHOULD is advice. A check that
needs a capability which no credentials offer is not applicable, and counted as that.

This page is made by `bonito-contract checks --markdown`; change the checks, not the page.
"""


def checks_page() -> str:
    """Return the page in Markdown."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD.format(number=len(all_checks()))
    for family in families():
        yield f"## {family.name}: {family.title}\n"
        for check in sorted(family.checks, key=lambda each: each.id):
            yield from _check(check)


def _check(check: Check) -> Iterator[str]:
    yield f"### {check.id}\n"
    yield f"{check.rule}\n"
    facts = f"{check.level}, since {version_text(check.since)}"
    if check.needs:
        facts += f"; needs: {', '.join(sorted(check.needs))}"
    yield f"- {facts}"
    yield f"- To mend: {check.mend}\n"
