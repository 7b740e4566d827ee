"""Which check runs which statement: a mark before each, put there as the module is imported."""

from __future__ import annotations

import ast
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
"""Line and column at which a statement begins."""
MARK = "__ran__"
"""The function that a marked module calls with the name of each statement."""
_BLOCKS = ("body", "orelse", "finalbody")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def places(tree: ast.Module) -> dict[int, Place | None]:
    """Return, by id of a node, the innermost statement of a function that holds it.

    None stands for what runs at import: constants, defaults, the bodies of classes.
    """
    found: dict[int, Place | None] = {}

    def visit(node: ast.AST, place: Place | None, *, in_function: bool) -> None:
        for child in ast.iter_child_nodes(node):
            here = _place(child) if in_function and isinstance(child, ast.stmt) else place
            # A handler does nothing until its first statement runs.
            handles = isinstance(child, ast.ExceptHandler) and in_function
            found[id(child)] = _place(child.body[0]) if handles else here  # type: ignore[attr-defined]  # a handler
            visit(child, here, in_function=in_function or isinstance(child, _FUNCTIONS))

    visit(tree, None, in_function=False)
    return found


def marked(module: str, source: str) -> ast.Module:
    """Return the module with a call of `MARK` before every statement of a function."""
    tree = ast.parse(source)
    where = places(tree)
    for node in list(ast.walk(tree)):
        for name in _BLOCKS:
            block = getattr(node, name, None)
            if isinstance(block, list) and block and where.get(id(block[0])) is not None:
                setattr(node, name, _with_marks(module, block))
    return ast.fix_missing_locations(tree)


def statement(module: str, place: Place) -> str:
    """Return the name by which a statement is marked."""
    return f"{module}:{place[0]}:{place[1]}"


def _with_marks(module: str, block: list[ast.stmt]) -> list[ast.stmt]:
    marks: list[ast.stmt] = []
    for each in block:
        if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)):
            name = ast.Constant(statement(module, _place(each)))
            marks.append(ast.Expr(ast.Call(ast.Name(MARK, ast.Load()), [name], [])))
        marks.append(each)
    return marks


def _place(node: ast.AST) -> Place:
    assert isinstance(node, ast.stmt)
    return node.lineno, node.col_offset
