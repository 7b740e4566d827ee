"""What a provider's package says of its conformance, as `bonito providers show` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bonito_host.output import printable
from bonito_providers.conformance_report import ConformanceReport, shipped_report

if TYPE_CHECKING:
    from bonito_providers.registry import PluginRecord


def conformance_document(record: PluginRecord) -> dict[str, Any] | None:
    """Return the report as JSON takes it, with what is wrong with it; None where there is none."""
    report, problem = _read(record)
    if report is None:
        return {"problem": problem} if problem else None
    return report.model_dump(mode="json") | {"problem": problem}


def conformance_lines(record: PluginRecord) -> Iterator[str]:
    """Yield the verdict, what to doubt about it, the counts, and each known gap."""
    report, problem = _read(record)
    if report is not None:
        day = f", {report.date}" if report.date else ""
        yield printable(f"{report.headline}, by its package's own report{day}")
        counts = ", ".join(f"{number} {each}" for each, number in report.counts.items())
        yield printable(counts or "no checks counted")
        for name, gap in report.gaps.items():
            yield printable(f"gap {name}, {gap.kind}: {gap.reason}")
    if problem:
        yield printable(problem)
    elif report is None:
        yield "unknown, its package brings no report"


def _read(record: PluginRecord) -> tuple[ConformanceReport | None, str]:
    try:
        report = shipped_report(record)
    except ValueError as error:
        return None, str(error)
    if report is not None and not report.describes(record):
        return report, f"the report was made for {report.version}, installed is {record.version}"
    return report, ""
