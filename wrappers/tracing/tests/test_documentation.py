"""The page about tracing tells of every attribute that a span may have, and of no other."""

from __future__ import annotations

import ast
import inspect
import re

from bonito_tracing import attributes, tracing
from tests.workspace.distributions import ROOT

PAGE = (ROOT / "docs" / "how-to" / "trace-and-restrict.md").read_text(encoding="utf-8")
NAME = re.compile(r"(?:bonito|gen_ai|error|http)(?:\.[a-z_]+)+")


def written() -> set[str]:
    """Names of attributes in the code, which are its only texts of that form."""
    sources = [inspect.getsource(each) for each in (attributes, tracing)]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and NAME.fullmatch(text)}


def test_the_page_tells_of_every_attribute_and_of_no_other() -> None:
    table = PAGE.partition("| attribute |")[2].partition("\n\n")[0]
    rows = [row.split("|") for row in table.splitlines() if row.startswith("| `")]
    told = {name for row in rows for name in NAME.findall(row[1])}
    assert len(told) > 20
    assert told == written()
