"""What pytest loads: one item for each check of a `ContractSuite`, and a verdict at the end.

    conformance = ContractSuite(AcmeHarness())

Everybody who has the suite installed loads this in every run of pytest, so it imports nothing
heavy until a suite is collected.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from bonito_contract_tests.suite import ContractSuite
from bonito_contract_tests.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Generator

_SEED = "bonito_seed"


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
        help="take N times more generated examples, and others in every run",
    )
    group.addoption(
        "--bonito-seed",
        metavar="N",
        type=int,
        help="draw the examples of that thorough run, which told its seed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep the outcomes of this run, and settle what a thorough one draws by.

    Raises:
        UsageError: A seed is given for a run that draws the same examples always.
    """
    option = config.option
    if option.bonito_thorough > 1 and option.bonito_seed is None:
        told = getattr(config, "workerinput", {}).get(_SEED)
        option.bonito_seed = random.SystemRandom().randrange(2**32) if told is None else told
    elif option.bonito_thorough == 1 and option.bonito_seed is not None:
        raise pytest.UsageError("--bonito-seed repeats a thorough run: name --bonito-thorough too")
    config.pluginmanager.register(Tally(config), Tally.NAME)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist's own
    """Give a worker the seed of the run."""
    node.workerinput[_SEED] = node.config.option.bonito_seed


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
