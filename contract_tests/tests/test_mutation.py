"""The mutants themselves: each is a change, in the line it names, and the module still compiles."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from bonito_contract_tests import Harness
from bonito_providers.hookspecs import PROJECT
from contract_tests.tests.mutation.coverage import MARK, marked
from contract_tests.tests.mutation.operators import mutants_of
from contract_tests.tests.mutation.sample import TARGETS, sample, source

EXAMPLE = '''
"""Docstrings and prose stay."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


def fits(size: int, limit: int = 10) -> bool:
    """Tell."""
    if size > limit and limit:
        raise ValueError("size is over the limit")
    return not missing(name="capacity", size=size + 1)
'''


def test_every_sort_of_change_is_made_where_behaviour_hangs_on_it() -> None:
    made = sorted((each.line, each.change) for each in mutants_of("example", EXAMPLE))
    assert made == sorted(
        [
            (11, "if x -> if True"),
            (11, "if x -> if False"),
            (13, "return x -> return None"),
            (11, "And -> Or"),
            (12, "raise removed"),
            (13, "not x -> x"),
            (9, "10 -> 11"),
            (11, "Gt -> GtE"),
            (13, "argument name left out"),
            (13, "argument size left out"),
            (13, "'capacity' -> other text"),
            (13, "Add -> Sub"),
            (13, "1 -> 2"),
        ]
    )


PROSE = '''
"""Docstrings and prose stay."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Answer"]
Found = TypeVar("Found")
Reading = Callable[["Answer"], int]


@dataclass(frozen=True)
class Answer:
    text: "str | None"

    def told(self) -> str:
        logger.debug("read", extra={"size": 1})
        return f"the answer is {self.text or 'none'}"
'''


def test_what_only_people_and_type_checkers_read_is_not_changed() -> None:
    assert [each.change for each in mutants_of("example", PROSE)] == ["return x -> return None"]


LIMITS = """
MOST = 5000
FEW = 3
"""


def test_a_limit_is_moved_far_and_a_number_by_one() -> None:
    assert [each.change for each in mutants_of("example", LIMITS)] == ["5000 -> 5", "3 -> 4"]


BRANCHES = '''
LIMIT = 10


def size(value, limit=LIMIT):
    """Tell."""
    if value > limit:
        return "large"
    try:
        return NAMES[value]
    except KeyError:
        return "unknown"
'''


def test_a_marked_module_names_the_statements_that_run_and_no_others() -> None:
    ran: list[str] = []
    module = {MARK: ran.append, "NAMES": {1: "one"}}
    exec(compile(marked("example", BRANCHES), "example", "exec"), module)
    assert ran == []
    assert module["size"](1) == "one"  # type: ignore[operator]  # a function
    assert ran == ["example:7:4", "example:9:4", "example:10:8"]


def test_a_mutant_names_the_statement_it_changes_and_none_where_that_runs_at_import() -> None:
    where = {(each.line, each.change): each.place for each in mutants_of("example", BRANCHES)}
    assert where[2, "10 -> 11"] is None
    assert where[7, "Gt -> GtE"] == (7, 4)
    assert where[8, "'large' -> other text"] == (8, 8)
    assert where[11, "except: raise"] == (12, 8)


@pytest.mark.parametrize("module", sorted({each for t in TARGETS.values() for each in t.modules}))
def test_each_mutant_of_a_module_compiles_and_differs(module: str) -> None:
    text = source(module)
    unchanged = ast.dump(ast.parse(text))
    for mutant in list(mutants_of(module, text))[::47]:
        tree = mutant.tree()
        compile(tree, module, "exec")
        assert ast.dump(tree) != unchanged, mutant.id


def test_a_seed_always_chooses_the_same() -> None:
    target = TARGETS["azure_openai"]
    chosen = [each.id for each in sample(target, 40, seed=1)]
    assert chosen == [each.id for each in sample(target, 40, seed=1)]
    assert chosen != [each.id for each in sample(target, 40, seed=2)]


def test_every_plugin_that_is_shipped_is_tried_at_night() -> None:
    root = Path(__file__).resolve().parents[2]
    shipped: set[str] = set()
    for each in root.glob("plugins/*/pyproject.toml"):
        project = tomllib.loads(each.read_text("utf-8"))["project"]
        shipped |= set(project.get("entry-points", {}).get(PROJECT, {}))
    assert shipped == set(TARGETS)
    makefile = (root / "Makefile").read_text("utf-8")
    (named,) = re.findall(r"^\t@for plugin in (.+); do", makefile, re.MULTILINE)
    assert set(named.split()) == shipped


@pytest.mark.parametrize("plugin", sorted(TARGETS))
def test_the_harness_of_a_target_is_there(plugin: str) -> None:
    module, _, name = TARGETS[plugin].harness.partition(":")
    assert issubclass(getattr(import_module(module), name), Harness)
