"""Every Python block of the documentation runs, and every function in it is called."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from host.tests.running import PATIENCE
from tests.documentation.blocks import PAGES, Block, all_blocks, blocks_of, name_of
from tests.documentation.python_pages import compiled, uncalled
from tests.workspace.distributions import DISTRIBUTIONS, ROOT

OURS = {each.package.name for each in DISTRIBUTIONS}
Outcomes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What came of each page: one process for all of them, since each would load LiteLLM again."""
    file = tmp_path_factory.mktemp("pages") / "outcomes.json"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.documentation.python_pages", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    read: Outcomes = json.loads(file.read_text())
    return read


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if list(blocks_of(page, "python"))], ids=name_of
)
def test_the_python_of_a_page_runs_and_nothing_in_it_is_left_uncalled(
    page: Path, outcomes: Outcomes
) -> None:
    outcome = outcomes[name_of(page)]
    assert not outcome["problem"], outcome["problem"]
    assert outcome["uncalled"] == []


def test_a_function_that_nobody_has_called_is_noticed() -> None:
    module = ModuleType("documented")
    text = "def called(): pass\nclass Kind:\n    def method(self): pass\ndef left(): pass\n"
    block = Block(PAGES[0], 1, "python", text, ())
    vars(module)["__name__"] = "documented"
    exec(compiled(block), vars(module))
    code = vars(module)["called"].__code__
    assert sorted(uncalled(module, {code})) == ["Kind.method", "left"]


@pytest.mark.parametrize("block", all_blocks("python"), ids=str)
def test_every_block_compiles_and_imports_what_exists(block: Block) -> None:
    for node in ast.walk(ast.parse(block.text)):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.partition(".")[0] not in OURS:
                # LiteLLM fetches a price list when it is imported.
                assert find_spec(node.module.partition(".")[0]), node.module
                continue
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"
