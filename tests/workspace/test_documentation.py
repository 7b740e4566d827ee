"""The Python in the documentation compiles, and what it imports exists."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workspace.distributions import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


def blocks() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, block in enumerate(BLOCK.findall(page.read_text()), start=1):
            yield f"{page.relative_to(ROOT)} block {number}", block


@pytest.mark.parametrize(
    "block", [text for _, text in blocks()], ids=[name for name, _ in blocks()]
)
def test_every_block_compiles_and_imports_what_exists(block: str) -> None:
    tree = ast.parse(block)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"


def test_blocks_about_plugins_run_as_they_stand() -> None:
    page = (ROOT / "docs/how-to/write-a-provider.md").read_text()
    names: dict[str, object] = {}
    for block in BLOCK.findall(page):
        exec(compile(block, "write-a-provider.md", "exec"), names)
    assert {"provider_info", "credential_schema", "list_models"} <= set(names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(BLOCK.sub("", page.read_text())):
        assert (page.parent / target).exists(), target
