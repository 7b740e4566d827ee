"""What a run of pytest says of its suites at the end, and the reports it leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bonito_contract_tests.judgement import Judgement
from bonito_contract_tests.markdown import report_page
from bonito_contract_tests.report import UNKNOWN

if TYPE_CHECKING:
    from bonito_contract_tests.report import Report
    from bonito_contract_tests.tally import Tally


def today() -> str:
    """Return the day, as reports are dated."""
    return datetime.now(UTC).date().isoformat()


def summary_lines(tally: Tally) -> Iterator[str]:
    """Yield what the suites of a run came to; nothing of a suite that nobody asked for."""
    for suite, report in tally.reports.items():
        excused = tally.excused[suite]
        if report.ran or report.missing(excused):
            yield from conclusion(report, excused=excused, suite=suite)
    yield from tally.problems


def conclusion(report: Report, *, excused: Collection[str], suite: str = "") -> Iterator[str]:
    """Yield the verdict with the counts, and below it what decides nothing but must be seen.

    Args:
        report: What it came to.
        excused: Ids of checks that somebody asked to leave out.
        suite: Where the suite stands.
    """
    subject = report.subject
    about = subject.provider
    if subject.version != UNKNOWN:
        about += f" {subject.version}"
    if suite:
        about += f" ({suite})"
    yield f"{about}: {_verdict(report, excused)} - {report.summary}"
    for row in report.rows:
        if row.outcome in _NOTED and row.seen:
            yield f"  {row.outcome} {row.id}: {row.said}"
    missing = report.missing(excused)
    if missing:
        yield f"  No outcome for {', '.join(missing)}: {_WHY_MISSING}"


def write_reports(target: str, reports: Sequence[Report]) -> list[str]:
    """Write JSON and Markdown for each report into a folder, or one report's JSON into a file.

    Returns:
        Why some could not be written.
    """
    path = Path(target)
    names = [each.subject.provider for each in reports]
    if path.suffix == ".json":
        if len(reports) != 1:
            return [f"--bonito-report {target}: {len(reports)} suites ran; name a folder"]
        written = {path: reports[0].json()}
    elif len(set(names)) != len(names):
        return [f"--bonito-report {target}: two suites for one provider; run them apart"]
    else:
        written = {path / f"{each.subject.provider}.json": each.json() for each in reports}
        written |= {path / f"{each.subject.provider}.md": report_page(each) for each in reports}
    try:
        for file, text in written.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        return [f"--bonito-report {target}: {error.strerror}"]
    return []


_NOTED = (Judgement.GAP, Judgement.ADVICE, Judgement.PREVIEW)

_WHY_MISSING = (
    "a hook or a mark left them out, their worker died, or the installed suite lacks them. "
    "A check cannot be left out; declare a gap instead."
)


def _verdict(report: Report, excused: Collection[str]) -> str:
    if report.missing(excused) or not report.not_run:
        return report.headline
    ran = f"{report.ran} of {len(report.rows)} checks"
    return f"{report.headline}, {ran}" if report.failing else f"partial, {ran}, no verdict"
