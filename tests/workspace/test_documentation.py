"""Links between the files of the repository lead somewhere, for who reads it without building.

What the pages hold is tried in `tests/documentation`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.workspace.distributions import DISTRIBUTIONS, ROOT

READMES = [each.folder / "README.md" for each in DISTRIBUTIONS]
PAGES = [each for each in READMES if each.exists()] + sorted((ROOT / "docs").rglob("*.md"))
BLOCK = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        assert (page.parent / target).exists(), target
