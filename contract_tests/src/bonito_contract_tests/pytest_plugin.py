"""What pytest loads: one item for each check of a `ContractSuite`, and a verdict at the end.

    conformance = ContractSuite(AcmeHarness())

Everybody who has the suite installed loads this in every run of pytest, so it imports nothing
heavy until a suite is collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bonito_contract_tests.suite import ContractSuite
from bonito_contract_tests.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Generator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's options."""
    group = parser.getgroup("bonito", "conformance of bonito providers")
    group.addoption(
        "--bonito-report",
        metavar="PATH",
        help="write conformance reports: into a folder, or one suite's into a file named *.json",
    )
    group.addoption(
        "--bonito-thorough",
        metavar="N",
        type=int,
        default=1,
        help="take N times more generated examples",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the outcomes of this run."""
    config.pluginmanager.register(Tally(config), Tally.NAME)


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> pytest.Collector | None:
    """Collect a suite under the name it has in its module."""
    if type(obj) is not ContractSuite:
        return None
    from bonito_contract_tests.items import SuiteCollector

    made: pytest.Collector = SuiteCollector.from_parent(collector, name=name, suite=obj)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a check's report say what the check says, not where the suite's code stands."""
    report = yield
    present = getattr(item, "present", None)
    if present is not None and type(item).__module__ == "bonito_contract_tests.items":
        present(report)
    return report
