"""The contract tells all of itself: each hook its signature, each error who raises it.

What `bonito_providers` exports is in `tests/core/test_public_surface.py`, and what 1.0 promised of
it in `tests/core/test_stability.py`; here are the modules' own names, and what stands beside them.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import bonito_providers
from bonito_providers import errors, hookspecs
from bonito_providers.conformity import HOOKS
from tests.workspace.distributions import DISTRIBUTIONS, ROOT

CORE = Path(bonito_providers.__file__).parent
SECTION = re.compile(r"^(Args|Raises):\n((?:    .*\n?)+)", re.MULTILINE)
ENTRY = re.compile(r"^    (\w+): (.+)$", re.MULTILINE)


def section(hook: str, title: str) -> dict[str, str]:
    """Return the entries of a section of a hook's docstring."""
    text = inspect.getdoc(getattr(hookspecs, hook)) or ""
    found = dict(SECTION.findall(text))
    return dict(ENTRY.findall(found.get(title, "")))


@pytest.mark.parametrize("hook", HOOKS)
def test_every_argument_of_a_hook_is_told_in_its_order_and_no_other(hook: str) -> None:
    assert list(section(hook, "Args")) == list(HOOKS[hook].arguments)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_calls_out_tells_the_errors_it_raises(hook: str) -> None:
    named = section(hook, "Raises")
    assert bool(named) is HOOKS[hook].is_async
    for name in named:
        assert issubclass(getattr(errors, name), errors.ProviderError)


@pytest.mark.parametrize("hook", HOOKS)
def test_what_a_hook_returns_is_a_value_that_the_package_exports(hook: str) -> None:
    returns = str(inspect.signature(getattr(hookspecs, hook)).return_annotation)
    names = re.findall(r"\w+", returns.removeprefix("type"))
    assert names
    assert set(names) <= set(bonito_providers.__all__)


def test_every_hook_is_on_the_page_of_hooks() -> None:
    page = (ROOT / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")
    assert f"::: {hookspecs.__name__}" in page


ERRORS = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.BonitoError)
}
LEAVES = [name for name, value in ERRORS.items() if not value.__subclasses__()]
SOURCES = [
    path
    for distribution in DISTRIBUTIONS
    for path in sorted(distribution.package.rglob("*.py"))
    if "conformance" not in path.parts and path != CORE / "errors.py"
]
WITH_BODIES = (ast.ExceptHandler, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPARING = {"isinstance", "issubclass"}


def raised(tree: ast.AST) -> Iterator[str]:
    """Yield names that code makes or hands on, and not those it only catches or compares."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in COMPARING:
            continue
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        yield from raised(_without_types(node))


def _without_types(node: ast.AST) -> ast.AST:
    """Return what of a node runs: neither annotations, nor which errors are caught."""
    if isinstance(node, WITH_BODIES):
        return ast.Module(node.body, [])
    if isinstance(node, ast.AnnAssign):
        return ast.Expr(node.value or ast.Constant(None))
    return node


def test_every_error_that_has_none_below_it_is_raised_somewhere() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    found = {name for tree in trees for name in raised(tree)}
    assert len(LEAVES) > 15
    assert [name for name in LEAVES if name not in found] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("raise Conflict('x')", True),
        ("ERRORS = {409: (errors.Conflict, 'hint')}", True),
        ("def f():\n    return Conflict('x')", True),
        ("try:\n    g()\nexcept Conflict:\n    pass", False),
        ("if isinstance(error, Conflict | Other):\n    pass", False),
        ("from bonito_providers.errors import Conflict", False),
        ("def f(error: Conflict) -> Conflict:\n    pass", False),
        ("found: Conflict | None = None", False),
        ("try:\n    g()\nexcept Other:\n    raise Conflict('x') from None", True),
        ("'''Conflict is raised'''", False),
    ],
)
def test_catching_comparing_and_naming_an_error_is_not_raising_it(
    code: str, *, expected: bool
) -> None:
    assert ("Conflict" in set(raised(ast.parse(code)))) is expected


def test_every_error_is_on_the_page_of_errors() -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert f"::: {errors.__name__}" in page
    assert [name for name, value in ERRORS.items() if not vars(value).get("__doc__")] == []


def public_names(path: Path) -> set[str]:
    """Return the functions and classes that a module defines and does not hide."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    body = ast.parse(path.read_text(encoding="utf-8")).body
    names = {node.name for node in body if isinstance(node, kinds)}
    return {name for name in names if not name.startswith("_")}


def own_docstring(value: object) -> str | None:
    """Return what is written on it, and not on a class it derives from."""
    text: str | None = vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__
    return text


@pytest.fixture(scope="module")
def words() -> dict[Path, set[str]]:
    """The words of every source of every distribution, and of the pages, by file."""
    pages = sorted((ROOT / "docs" / "reference").glob("*.md"))
    every = [*SOURCES, CORE / "errors.py", *pages]
    return {path: set(re.findall(r"\w+", path.read_text(encoding="utf-8"))) for path in every}


LAYER = "a layer of the client that `open_client` builds"
REACHED = {
    "GuardedBackend": LAYER,
    "GuardedTransport": LAYER,
    "HookRule": "each of `HOOKS` is one",
    "KnownGap": "a report holds some",
    "RetryingTransport": LAYER,
    "system_resolver": "the default of `NetworkSettings.resolver`",
}
"""What others meet, and never have to name."""
MODULES = sorted(path for path in CORE.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_name_that_a_module_does_not_hide_is_used_outside_it(
    path: Path, words: dict[Path, set[str]]
) -> None:
    elsewhere = set().union(*(found for other, found in words.items() if other != path))
    assert sorted(public_names(path) - elsewhere - set(ERRORS) - set(REACHED)) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_a_module_does_not_hide_is_documented(path: Path) -> None:
    loaded = import_module(f"{bonito_providers.__name__}.{path.stem}")
    public = {name: getattr(loaded, name) for name in public_names(path)}
    assert [name for name, value in public.items() if not own_docstring(value)] == []
