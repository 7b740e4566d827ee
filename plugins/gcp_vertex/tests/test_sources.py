"""Rules that hold for the plugin's own sources."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import bonito_gcp_vertex

SOURCES = sorted(Path(bonito_gcp_vertex.__file__).parent.glob("*.py"))
"""All but how the suite judges it, which stands in a folder of its own."""
MODEL = re.compile(r"(gemini|claude|llama|mistral|gpt|text-embedding)-[0-9]")


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    modules = [each.module or "" for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    names = [
        alias.name
        for each in ast.walk(tree)
        if isinstance(each, ast.Import)
        for alias in each.names
    ]
    return {name.partition(".")[0] for name in (*modules, *names)}


def returned_texts(path: Path) -> list[str]:
    """Gives the texts that code holds, without docstrings and without hints for people."""
    return [
        each.value
        for each in ast.walk(ast.parse(path.read_text()))
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " not in each.value
    ]


def test_one_module_alone_knows_google_auth() -> None:
    assert [path.name for path in SOURCES if "google" in imported(path)] == ["signin.py"]


def test_no_model_stands_in_for_a_catalogue_that_cannot_be_read() -> None:
    assert SOURCES
    named = {path.name: [t for t in returned_texts(path) if MODEL.search(t)] for path in SOURCES}
    assert {name: texts for name, texts in named.items() if texts} == {}


def test_no_sdk_and_no_gateway_is_imported() -> None:
    heavy = {"litellm", "vertexai", "requests", "httpx", "bonito_emulators"}
    assert {path.name: imported(path) & heavy for path in SOURCES if imported(path) & heavy} == {
        name: {"httpx"}
        for name in ("errors.py", "invoke.py", "rows.py", "wire.py")  # for types alone
    }
