"""The documentation's tables of what the doctor knows, from the one list of causes."""

from __future__ import annotations

from pathlib import Path

from bonito_host.doctor.causes import AREAS
from bonito_host.doctor.findings import Cause

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "find-out-what-is-wrong.md"
BEGIN, END = "<!-- findings: begin -->", "<!-- findings: end -->"


def tables() -> str:
    """What stands between the marks: a table for each area."""
    lines: list[str] = []
    for area, causes in AREAS.items():
        lines += [f"### {area}", "", "| finding | what is wrong | what mends it |", "|---|---|---|"]
        lines += [_row(cause) for cause in causes]
        lines.append("")
    return "\n".join(lines)


def _row(cause: Cause) -> str:
    texts = (f"**{cause.title}.** {cause.why}", cause.mend)
    told = " | ".join(each.replace("<", "&lt;") for each in texts)
    return f"| `{cause.kind}`<br>{cause.weight.value} | {told} |"


def between_marks(text: str) -> str:
    return text.partition(BEGIN)[2].partition(END)[0].strip()


def write() -> None:
    """Bring the page up to date: `python -m host.tests.doctor.page`."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
