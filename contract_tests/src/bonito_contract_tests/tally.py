"""What the suites of one run of pytest came to, and whether any check went missing.

A run without workers collects, runs and judges. With pytest-xdist the workers collect and run,
and tell the controller which suites there were; the controller sees every report and judges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Harness
    from bonito_contract_tests.report import Report

ROW = "bonito_check"
"""The property of a test's report that holds the row of the conformance report."""

_SUITES = "bonito_suites"


class Tally:
    """Counts what the checks of each suite came to.

    A check may lack an outcome only where the person who started the run left it out: by an
    option that deselects, by naming other items, or by letting a failure end the run.

    Attributes:
        reports: The report of each suite, by its node id, once the run has ended.
        excused: For each suite, the ids that the person left out.
        problems: Why reports could not be written.
    """

    NAME: ClassVar = "bonito-tally"

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._harnesses: dict[str, Harness[Any]] = {}
        self._subjects: dict[str, Any] = {}
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.reports: dict[str, Report] = {}
        self.excused: dict[str, set[str]] = {}
        self.problems: list[str] = []

    @classmethod
    def of(cls, config: pytest.Config) -> Tally:
        """Return the run's."""
        found = config.pluginmanager.get_plugin(cls.NAME)
        assert isinstance(found, cls)  # noqa: S101 - registered when pytest was configured
        return found

    def expect(self, suite: str, harness: Harness[Any]) -> None:
        """Expect an outcome for every check of that suite."""
        self._harnesses[suite] = harness

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Excuse what the person's own options deselect."""
        if self._narrowed():
            for suite, name in map(_parts, (item.nodeid for item in items)):
                self.excused.setdefault(suite, set()).add(name)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a check came to; a failure stands, however often it is tried again."""
        properties = dict(report.user_properties)
        if report.when != "call" or ROW not in properties:
            return
        row = json.loads(str(properties[ROW]))
        rows = self._rows.setdefault(_parts(report.nodeid)[0], {})
        if rows.get(row["id"], {}).get("outcome") not in _failing():
            rows[row["id"]] = row

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - pytest-xdist's own
        """Take over what a worker collected."""
        told = json.loads(getattr(node, "workeroutput", {}).get(_SUITES, "{}"))
        for suite, (subject, excused) in told.items():
            self._subjects[suite] = subject
            if self._narrowed():
                self.excused.setdefault(suite, set()).update(excused)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Judge; what the suite finds amiss fails a run that pytest itself would let pass."""
        self._collected()
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_SUITES] = json.dumps(
                {
                    suite: (subject, sorted(self.excused.get(suite, ())))
                    for suite, subject in self._subjects.items()
                }
            )
        elif self._subjects and not self._config.option.collectonly:
            self._judge(everything=_ended_early(session))
            if self._amiss() and session.exitstatus in _JUDGED:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what each suite came to."""
        if not self.reports:
            return
        from bonito_contract_tests.summary import summary_lines

        lines = list(summary_lines(self))
        if lines:
            terminalreporter.write_sep("=", "conformance")
        for line in lines:
            terminalreporter.write_line(line)

    def _narrowed(self) -> bool:
        """Tell whether the person who started the run asked to leave something out.

        What a file of the project or of the machine adds is not their own wish. A worker does not
        know what was typed: there the option counts, and the controller decides.
        """
        option = self._config.option
        if not any(getattr(option, name, None) for name in _DESELECTING):
            return False
        return hasattr(self._config, "workerinput") or _typed(self._config, _NARROWING)

    def _collected(self) -> None:
        if not self._harnesses:
            return
        from dataclasses import asdict

        from bonito_contract_tests.report import subject_of

        option = self._config.option
        for suite, harness in self._harnesses.items():
            self._subjects[suite] = asdict(
                subject_of(harness, thorough=option.bonito_thorough, seed=option.bonito_seed)
            )

    def _judge(self, *, everything: bool) -> None:
        """Make the reports, and excuse every check of them that did not run, if told so."""
        from bonito_contract_tests.judgement import row_from
        from bonito_contract_tests.report import Subject, compiled
        from bonito_contract_tests.summary import today, write_reports

        for suite, subject in self._subjects.items():
            rows = map(row_from, self._rows.get(suite, {}).values())
            report = compiled(Subject(**subject), rows, date=today())
            excused = self.excused.setdefault(suite, set())
            if everything:
                excused.update(row.id for row in report.not_run)
            self.reports[suite] = report
        path = self._config.getoption("--bonito-report")
        if path:
            self.problems += write_reports(path, list(self.reports.values()))

    def _amiss(self) -> bool:
        return bool(self.problems) or any(
            report.failing or report.missing(self.excused[suite])
            for suite, report in self.reports.items()
        )


_JUDGED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""Ways a run ends of itself; the others fail anyhow."""

_DESELECTING = ("keyword", "markexpr", "deselect", "lf", "stepwise")

_NARROWING = re.compile(
    r"-[A-Za-z]*[km]|--(deselect|lf|last-failed|sw|stepwise|sw-skip|stepwise-skip)(=|$)"
)
_NODE = re.compile(r"(?!-).*::")
_PLANNING = re.compile(r"--(setup-only|setup-plan|setuponly|setupplan)$")


def _ended_early(session: pytest.Session) -> bool:
    """Tell whether the person named single items, or the run did not go on to its end."""
    config = session.config
    if any("::" in argument for argument in config.args) and _typed(config, _NODE):
        return True
    stopped = session.shouldstop or session.shouldfail or session.exitstatus not in _JUDGED
    planned = getattr(config.option, "setuponly", False) and _typed(config, _PLANNING)
    return bool(stopped or planned)


def _typed(config: pytest.Config, argument: re.Pattern[str]) -> bool:
    """Tell whether such an argument stands in the command itself, not in `addopts`."""
    return any(argument.match(str(each)) for each in config.invocation_params.args)


def _parts(nodeid: str) -> tuple[str, str]:
    suite, _, name = nodeid.rpartition("::")
    return suite, name


def _failing() -> frozenset[str]:
    from bonito_contract_tests.judgement import FAILING

    return FAILING
