"""The conformance report as a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bonito_contract_tests.judgement import Judgement
from bonito_contract_tests.report import UNKNOWN

if TYPE_CHECKING:
    from bonito_contract_tests.judgement import Row
    from bonito_contract_tests.report import Report


def report_page(report: Report) -> str:
    """Return the report in Markdown: verdict, what was judged, what is amiss, every check."""
    return "\n".join(_lines(report)) + "\n"


def cell(value: object) -> str:
    """Return a value as a table's cell: on one line, nothing in it is taken for Markdown."""
    text = " ".join(str(value).split())
    for mark in "\\|<>`*_[]":
        text = text.replace(mark, f"\\{mark}")
    return text


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a table's lines."""
    yield _table_row(head)
    yield _table_row(["---"] * len(head))
    for row in rows:
        yield _table_row([cell(value) for value in row])


def _lines(report: Report) -> Iterator[str]:
    yield f"# {cell(report.subject.provider)}: {report.headline}"
    yield ""
    yield from table(("", ""), _facts(report))
    for title, outcomes in _SECTIONS:
        rows = [row for row in report.rows if row.outcome in outcomes]
        if rows:
            yield from ("", f"## {title}", "")
            yield from map(_item, rows)
    yield from ("", "## Every check", "")
    yield from table(
        ("Check", "Level", "Outcome"), [(row.id, row.level, row.outcome) for row in report.rows]
    )


_SECTIONS = (
    ("Failed", (Judgement.FAILED, Judgement.CRASHED, Judgement.SUITE_ERROR)),
    ("Not run", (Judgement.NOT_RUN,)),
    ("Known gaps", (Judgement.GAP,)),
    ("Advice", (Judgement.ADVICE,)),
    ("Preview of a later contract", (Judgement.PREVIEW,)),
    ("Not applicable", (Judgement.NOT_APPLICABLE,)),
)


def _facts(report: Report) -> Iterator[tuple[str, object]]:
    subject = report.subject
    known = subject.distribution != UNKNOWN
    yield "Package", f"{subject.distribution} {subject.version}" if known else "not installed"
    yield "Contract", subject.contract
    yield "Suite", subject.suite
    yield "Python", subject.python
    yield "LiteLLM", subject.litellm
    if subject.seed is not None:
        yield "Examples", f"thorough {subject.thorough}, seed {subject.seed}"
    if report.date:
        yield "Date", report.date
    yield "Checks", report.summary or "none"
    for access, capabilities in subject.capabilities.items():
        yield f"Can do with {access}", ", ".join(capabilities) or "nothing"


def _item(row: Row) -> str:
    return f"- **{row.id}** {row.outcome}{': ' if row.said else ''}{cell(row.said)}"


def _table_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
