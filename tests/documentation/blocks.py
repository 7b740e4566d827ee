"""The code blocks of the documentation, with what a comment above one says of it.

Comments directly above a block, each on a line of its own, may say

* ``at night: REASON``: its commands take too long for every day;
* ``run by .ci/run: COMMAND``: CI runs this command of the block, and no test of the pages does;
* ``file: NAME``: the block is the file of that name, for the commands below it;
* ``excerpt of: NAME``: the block is part of the YAML file of that name that a command above wrote;
* ``before: COMMAND``: a command that makes what the reader is taken to have;
* ``while: COMMAND``: what serves meanwhile, and has a key for a caller: ``BONITO_CALLER_KEY``;
* ``exits NUMBER: REASON``: the block's last command ends with that code; others end with 0, or with
  any other where what they print has a line that begins with ``error:``.

Any other comment is for people. No block is left out: at night all of them run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.workspace.distributions import ROOT

OWN = ROOT / "docs"
PAGES = tuple(
    [ROOT / "README.md"]
    + [page for page in sorted(OWN.rglob("*.md")) if "_build" not in page.relative_to(OWN).parts]
)
_BLOCK = re.compile(
    r"(?P<remarks>(?:^<!--(?:(?!-->).)*-->\n)*)"
    r"^(?P<fence>`{3,})(?P<language>[\w-]+)?(?P<options>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_REMARK = re.compile(r"<!--(.*?)-->", re.DOTALL)
_EXITS = re.compile(r"exits \d+:")


@dataclass(frozen=True)
class Block:
    """One block of a page."""

    page: Path
    line: int
    language: str
    text: str
    remarks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.line}"

    @property
    def at_night(self) -> str | None:
        """Why the block does not run each day, or None where it does."""
        return next(self._said("at night"), None)

    @property
    def run_by_ci(self) -> tuple[str, ...]:
        """The commands that CI runs itself."""
        return tuple(self._said("run by .ci/run"))

    @property
    def meanwhile(self) -> str | None:
        """The command that serves while those of the block run."""
        return next(self._said("while"), None)

    @property
    def file(self) -> str | None:
        """The name of the file that the block is."""
        return next(self._said("file"), None)

    @property
    def excerpt_of(self) -> str | None:
        """The name of the file that a command has written and the block is part of."""
        return next(self._said("excerpt of"), None)

    @property
    def before(self) -> tuple[str, ...]:
        """The commands that make what the reader is taken to have."""
        return tuple(self._said("before"))

    @property
    def exits(self) -> int | None:
        """The code with which the block's last command ends, where the page says one."""
        codes = [int(each.split()[1].rstrip(":")) for each in self.remarks if _EXITS.match(each)]
        return codes[0] if codes else None

    def _said(self, word: str) -> Iterator[str]:
        for remark in self.remarks:
            head, found, rest = remark.partition(":")
            if found and head == word:
                yield " ".join(rest.split())


def name_of(page: Path) -> str:
    """A page's path from the repository's root."""
    return page.relative_to(ROOT).as_posix()


def blocks_of(page: Path, *languages: str) -> Iterator[Block]:
    """Yield the blocks of a page in these languages, or all, in their order."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        language = match["language"] or ""
        if not languages or language in languages:
            line = text.count("\n", 0, match.start("text")) + 1
            remarks = tuple(each.strip() for each in _REMARK.findall(match["remarks"]))
            yield Block(page, line, language, match["text"], remarks)


def all_blocks(*languages: str) -> list[Block]:
    """The blocks of all pages."""
    return [block for page in PAGES for block in blocks_of(page, *languages)]
