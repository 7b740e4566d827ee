"""The commands of a console block, and whether their output is the one shown.

A line that begins with ``$ `` is a command, lines that follow are what it prints. A ``…`` stands
for any text within a line, and alone on its line for any number of lines.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

PROMPT = "$ "


@dataclass(frozen=True)
class Command:
    """A command, and the output that the page shows; empty where it shows none."""

    text: str
    shown: str

    @property
    def fails(self) -> bool:
        """Whether the page shows that it is refused."""
        return any(line.startswith("error:") for line in self.shown.splitlines())

    @property
    def words(self) -> list[str]:
        """The words of the command, without the remark behind a ``#``."""
        return shlex.split(self.text, comments=True)


def commands_of(block: str) -> Iterator[Command]:
    """Yield the commands of a block.

    Raises:
        ValueError: The block does not begin with a command.
    """
    if not block.startswith(PROMPT):
        message = f"a console block begins with a command: {block[:40]!r}"
        raise ValueError(message)
    joined = re.sub(r"\\\n\s*", "", block)
    for part in re.split(rf"^{re.escape(PROMPT)}", joined, flags=re.MULTILINE)[1:]:
        text, _, shown = part.partition("\n")
        yield Command(text.strip(), shown)


def agrees(shown: str, printed: str) -> bool:
    """Whether the output is the one shown; spaces at the ends of lines do not count."""
    return re.fullmatch(_pattern(shown), _trimmed(printed)) is not None


def _pattern(shown: str) -> str:
    return "".join(_line(line) for line in _trimmed(shown).splitlines()) + r"\s*"


def _line(line: str) -> str:
    if line.strip() == "…":
        return r"(?:[^\n]*\n)*?"
    return "[^\n]*?".join(re.escape(part) for part in line.split("…")) + r"\n"


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())
