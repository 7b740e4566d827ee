"""A walk told in chapters: printed as it goes, and kept for one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from bonito_host.output import Output, printable, table_lines


@dataclass
class Story:
    """What was told so far, and what went wrong.

    Attributes:
        output: Where it is told.
        failures: What did not happen as it should, a sentence each.
    """

    output: Output
    failures: list[str] = field(default_factory=list)
    _chapters: list[dict[str, Any]] = field(default_factory=list)

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._chapters.append({"title": title, "lines": []})
        heading = click.style(f"{len(self._chapters)}. {printable(title)}", bold=True)
        self.output.text()
        self.output.text(heading)

    def say(self, line: str) -> None:
        """Tell a line; what is in it has happened."""
        self._chapters[-1]["lines"].append(click.unstyle(line))
        self.output.text(f"   {line}")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Tell a table."""
        for line in table_lines(head, rows):
            self.say(line)

    def fail(self, sentence: str) -> None:
        """Tell what did not happen as it should; the walk goes on and ends in failure."""
        self.failures.append(sentence)
        self.say(click.style(f"FAILED: {sentence}", fg="red"))

    def finish(self) -> None:
        """Write the JSON document, where one is wanted."""
        self.output.document({"chapters": self._chapters, "failures": self.failures})
