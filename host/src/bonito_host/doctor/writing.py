"""A diagnosis as people read it, and as it is pasted into a bug report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from bonito_host.doctor.findings import Diagnosis, Finding, Part, Weight
from bonito_host.output import Output, printable

_COLOURS = {Weight.FAULT: "red", Weight.WARNING: "yellow", Weight.NOTE: "cyan"}
_HEALTHY = "Nothing is wrong."


def write(diagnosis: Diagnosis, output: Output) -> None:
    """Write what is wrong, the worst first, then what was seen."""
    for finding in diagnosis.findings:
        word = click.style(f"{finding.weight.value:<8}", fg=_COLOURS[finding.weight])
        output.text(f"{word} {printable(finding.what)}  [{finding.kind}]")
        output.text(f"         {printable(finding.why)}")
        output.text(f"         → {printable(finding.mend)}")
    if not any(each.weight is not Weight.NOTE for each in diagnosis.findings):
        output.text(_HEALTHY)
    for part in diagnosis.parts:
        if part.facts:
            output.text()
            output.text(click.style(part.title, bold=True))
            for line in _facts(part.facts):
                output.text(line)


def report_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """Yield a bug report in Markdown: what happened is left to the person, the rest is here."""
    yield "### What I did, and what happened instead"
    yield ""
    yield "…"
    yield ""
    yield "### bonito doctor"
    yield ""
    yield "```text"
    for finding in diagnosis.findings:
        yield from _finding(finding)
    if not diagnosis.findings:
        yield _HEALTHY
    for part in diagnosis.parts:
        yield from _part(part)
    yield "```"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.weight.value} {finding.kind}: {_inside(finding.what)}"
    yield f"  → {_inside(finding.mend)}"


def _part(part: Part) -> Iterator[str]:
    if part.facts:
        yield ""
        yield part.title
        yield from map(_inside, _facts(part.facts))


def _facts(facts: Mapping[str, object]) -> Iterator[str]:
    width = max(map(len, facts))
    for name, value in facts.items():
        lines = _lines(value)
        yield f"  {printable(name):<{width}}  {printable(lines[0])}"
        for line in lines[1:]:
            yield f"  {'':<{width}}  {printable(line)}"


def _lines(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        texts = [str(each) for each in value]
        several = any(" " in text for text in texts)
        return texts if several else [", ".join(texts) or "none"]
    return [str(value)]


def _inside(text: str) -> str:
    """Return a text that does not end the block it stands in."""
    return printable(text).replace("```", "'''")
