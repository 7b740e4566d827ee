"""The mutants themselves: each is a change, in the line it names, and the module still compiles."""

from __future__ import annotations

import ast

import pytest

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


@pytest.mark.parametrize("module", TARGETS["azure_foundry"].modules)
def test_each_mutant_of_a_module_compiles_and_differs(module: str) -> None:
    text = source(module)
    unchanged = ast.dump(ast.parse(text))
    for mutant in list(mutants_of(module, text))[::17]:
        tree = mutant.tree()
        compile(tree, module, "exec")
        assert ast.dump(tree) != unchanged, mutant.id


def test_a_seed_always_chooses_the_same() -> None:
    target = TARGETS["azure_openai"]
    chosen = [each.id for each in sample(target, 40, seed=1)]
    assert chosen == [each.id for each in sample(target, 40, seed=1)]
    assert chosen != [each.id for each in sample(target, 40, seed=2)]
