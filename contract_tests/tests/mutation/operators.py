"""Small changes to a module's syntax tree, each of them a fault somebody might make."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from contract_tests.tests.mutation.coverage import Place, places

Change: TypeAlias = tuple[str, Callable[[ast.AST], ast.AST | None]]
"""What is done, and the function that does it to a copy of the node; None removes it."""

_SWAPS: dict[type, type] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
_BIG = 1000
"""From here on a number is a limit, which only something far off it makes a fault."""
_LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Attributes:
        module: The module's name.
        line: Where, in the module as it is.
        change: What is done, in a few words.
        number: The place among the module's changes; with the module it names the mutant.
        before: The line as it is.
        source: The module's text as it is.
        place: The statement of a function that is changed; None for what runs at import.
    """

    module: str
    line: int
    change: str
    number: int
    before: str
    source: str
    place: Place | None = None

    @property
    def id(self) -> str:
        return f"{self.module}:{self.line} {self.change}"

    def tree(self) -> ast.Module:
        """Return the changed module, ready to compile."""
        tree = ast.parse(self.source)
        index, _, apply = list(_changes(tree))[self.number]
        _replace(tree, index, apply)
        return ast.fix_missing_locations(tree)


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Yield every change of a module, in the order of its text."""
    lines = source.splitlines()
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    where = places(tree)
    for number, (index, change, _) in enumerate(_changes(tree)):
        node = nodes[index]
        line = getattr(node, "lineno", 0)
        before = lines[line - 1].strip()
        yield Mutant(module, line, change, number, before, source, where[id(node)])


def _changes(tree: ast.Module) -> Iterator[tuple[int, str, Callable[[ast.AST], ast.AST | None]]]:
    untouched = set(_untouched(tree))
    for index, node in enumerate(ast.walk(tree)):
        if id(node) not in untouched:
            for change, apply in _of(node):
                yield index, change, apply


def _replace(tree: ast.Module, index: int, apply: Callable[[ast.AST], ast.AST | None]) -> None:
    """Put what the change makes of the node at that place of the walk in its place."""
    target = list(ast.walk(tree))[index]
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, apply(target))
                return
            if isinstance(value, list) and any(each is target for each in value):
                place = next(i for i, each in enumerate(value) if each is target)
                new = apply(target)
                value[place : place + 1] = [] if new is None else [new]
                return
    raise LookupError(index)


def _untouched(tree: ast.Module) -> Iterator[int]:
    """Yield what no behaviour hangs on: annotations, prose, logs, and what only mypy reads."""
    for node in ast.walk(tree):
        for part in _parts_untouched(node):
            yield from (id(each) for each in ast.walk(part))


def _parts_untouched(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from (each for each in (node.returns, *node.decorator_list) if each is not None)
    elif isinstance(node, ast.ClassDef):
        yield from (each for each in node.decorator_list if "dataclass" in ast.unparse(each))
    elif isinstance(node, ast.Call) and _name(node.func) in {"cast", "TypeVar"}:
        yield from node.args[:1]
    elif _is_only_read(node) or _is_sentence(node):
        yield node


def _is_only_read(node: ast.AST) -> bool:
    """Tell of imports, docstrings, `__all__`, names of types, calls of a logger."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.If):
        return _name(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = _name(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        # A name in capitals and small letters is a type's, by convention.
        return target == "__all__" or (target[:1].isupper() and not target.isupper())
    if not isinstance(node, ast.Expr):
        return False
    called = node.value.func if isinstance(node.value, ast.Call) else None
    logs = isinstance(called, ast.Attribute) and called.attr in _LOGGING
    return isinstance(node.value, ast.Constant) or logs


def _is_sentence(node: ast.AST) -> bool:
    """Tell of text for people, with all that is filled into it."""
    if isinstance(node, ast.JoinedStr):
        texts = [each.value for each in node.values if isinstance(each, ast.Constant)]
        return any(" " in str(each) for each in texts)
    return False


def _of(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SWAPS:
        yield f"{_word(node.ops[0])} -> {_word(_SWAPS[type(node.ops[0])]())}", _other_comparison
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _SWAPS:
        yield f"{_word(node.op)} -> {_word(_SWAPS[type(node.op)]())}", _other_operator
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not x -> x", lambda found: found.operand  # type: ignore[attr-defined]  # a UnaryOp
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Return) and not _is_none(node.value):
        yield "return x -> return None", lambda _found: ast.Return(ast.Constant(None))
    elif isinstance(node, ast.If | ast.IfExp):
        yield "if x -> if True", lambda found: _with_test(found, value=True)
        yield "if x -> if False", lambda found: _with_test(found, value=False)
    elif isinstance(node, ast.Expr | ast.Raise | ast.AugAssign):
        yield f"{type(node).__name__.lower()} removed", lambda _found: ast.Pass()
    elif isinstance(node, ast.keyword) and node.arg is not None:
        yield f"argument {node.arg} left out", lambda _found: None
    elif isinstance(node, ast.ExceptHandler):
        yield "except: raise", _reraising


def _of_constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} -> {not value}", lambda _found: ast.Constant(not value)
    elif isinstance(value, int | float):
        other = value + 1 if abs(value) < _BIG else value // _BIG
        yield f"{value} -> {other}", lambda _found: ast.Constant(other)
    elif isinstance(value, str) and value and " " not in value:
        # What has a space in it is a sentence for people.
        yield f"{value!r} -> other text", lambda _found: ast.Constant(f"{value}x")


def _other_comparison(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.Compare)
    node.ops = [_SWAPS[type(node.ops[0])]()]
    return node


def _other_operator(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.BoolOp | ast.BinOp)
    node.op = _SWAPS[type(node.op)]()
    return node


def _with_test(node: ast.AST, *, value: bool) -> ast.AST:
    assert isinstance(node, ast.If | ast.IfExp)
    node.test = ast.Constant(value)
    return node


def _reraising(node: ast.AST) -> ast.AST:
    assert isinstance(node, ast.ExceptHandler)
    node.body = [ast.Raise()]
    return node


def _is_none(node: ast.AST | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _word(operator: ast.AST) -> str:
    return type(operator).__name__
