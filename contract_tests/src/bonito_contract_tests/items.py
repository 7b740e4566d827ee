"""The pytest nodes: a suite, and one item for each check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bonito_contract_tests.collection import checks_for
from bonito_contract_tests.judgement import FAILING, Judgement, Row, row_of
from bonito_contract_tests.run import Run
from bonito_contract_tests.runner import BAD, Outcome, Result
from bonito_contract_tests.secrets_of import redactor_of
from bonito_contract_tests.tally import ROW, Tally
from bonito_contract_tests.violation import HarnessError

if TYPE_CHECKING:
    from bonito_contract_tests.check import Check
    from bonito_contract_tests.suite import ContractSuite
    from bonito_providers import Redactor


class CheckFailed(Exception):
    """A check did not pass; the result says it all."""


class SuiteCollector(pytest.Collector):
    """One `ContractSuite` of a module."""

    def __init__(self, *, suite: ContractSuite, **node: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**node)
        self.harness = suite.harness
        option = self.config.option
        self.run = Run(suite.harness, thorough=option.bonito_thorough, seed=option.bonito_seed)
        self._begun = False

    def collect(self) -> Iterator[CheckItem]:
        """Yield an item for each check, in the catalogue's order.

        Raises:
            CollectError: The harness would hide or change checks.
        """
        try:
            found = checks_for(self.harness)
        except HarnessError as error:
            raise self.CollectError(str(error)) from None
        Tally.of(self.config).expect(self.nodeid, self.harness)
        self.config.add_cleanup(self.run.close)
        for check in found:
            yield CheckItem.from_parent(self, name=check.id, check=check)

    def begin(self) -> None:
        """Get ready, at the first check, what is slow and what one of those chosen may need."""
        if self._begun:
            return
        self._begun = True
        chosen = [each for each in self.session.items if each.parent is self]
        if any(isinstance(each, CheckItem) and each.check.routes for each in chosen):
            self.run.expect_routing()


class CheckItem(pytest.Item):
    """One check against the suite's harness."""

    parent: SuiteCollector

    def __init__(self, *, check: Check, **node: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**node)
        self.check = check
        self._result: Result | None = None

    def runtest(self) -> None:
        """Try the check and remember what it came to."""
        self._result = None
        self.parent.begin()
        result = self.parent.run.result(self.check)
        row = row_of(result, self.parent.harness)
        self._result = result
        self.user_properties[:] = [(ROW, json.dumps(asdict(row)))]
        if row.outcome in FAILING:
            raise CheckFailed
        if row.outcome is Judgement.NOT_APPLICABLE:
            pytest.skip(result.reason)
        if result.outcome in BAD or row.outcome is Judgement.GAP:
            self._pass_over(row)

    def _pass_over(self, row: Row) -> None:
        """Show a failure that decides nothing; ``--runxfail`` asks to see it whole."""
        if not self.config.getoption("runxfail", default=False):
            words = {Judgement.ADVICE: "SHOULD", Judgement.PREVIEW: "preview"}
            pytest.xfail(f"{words.get(row.outcome, row.outcome)}: {row.said}")
        raise CheckFailed

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *styles: Any) -> Any:  # noqa: ANN401 - as in pytest
        """Return the rule, what was seen and how to mend it, without a traceback."""
        if isinstance(excinfo.value, CheckFailed) and self._result is not None:
            return self._result.text()
        return super().repr_failure(excinfo, *styles)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the suite stands, and the check's name with the suite's."""
        return self.path, 0, f"{self.parent.name}::{self.name}"

    def present(self, report: pytest.TestReport) -> None:
        """Put the suite's place for the suite's code, and hide secrets in what was captured."""
        result = self._result
        if report.skipped and result and result.outcome is Outcome.NOT_APPLICABLE:
            report.longrepr = (str(self.path), 1, f"{self.name}: {result.reason}")
        redact = self._redactor()
        report.sections = [(title, redact(text)) for title, text in report.sections if redact]

    def _redactor(self) -> Redactor | None:
        try:
            return redactor_of(self.parent.harness)
        except (Exception, SystemExit):  # noqa: BLE001 - the plugin is too broken to name its secrets
            return None
