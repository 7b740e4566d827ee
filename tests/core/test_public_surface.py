"""What the package exports, documents and loads."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import bonito_providers
from bonito_providers import hookspecs
from bonito_providers.conformity import HOOKS

HEAVY = ("azure", "litellm", "boto3", "botocore", "google", "fastapi", "httpx", "httpcore")
SOURCE = Path(inspect.getfile(bonito_providers))


def typed_exports() -> dict[str, str]:
    """Return what type checkers see: each name with the module it comes from."""
    [block] = [
        node
        for node in ast.parse(SOURCE.read_text(encoding="utf-8")).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.asname or alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def modules_after(code: str) -> list[str]:
    """Return the heavy packages that a program has loaded at its end."""
    report = f"import sys, json; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    command = [sys.executable, "-c", f"{code}\n{report}"]
    root = SOURCE.parent.parent
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    loaded: list[str] = json.loads(done.stdout)
    return loaded


def test_all_is_exactly_what_type_checkers_see_and_what_dir_shows() -> None:
    exported = bonito_providers.__all__
    assert sorted(exported) == sorted([*typed_exports(), "CONTRACT", "__version__"])
    assert sorted(exported) == dir(bonito_providers)


@pytest.mark.parametrize(("name", "module"), sorted(typed_exports().items()))
def test_an_exported_name_is_the_one_of_its_module(name: str, module: str) -> None:
    assert getattr(bonito_providers, name) is getattr(import_module(module), name)


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Registry'"):
        bonito_providers.Registry  # noqa: B018 - looking it up is the test


def test_the_contract_is_the_version_of_the_core() -> None:
    major, minor, _ = bonito_providers.__version__.split(".")
    assert (int(major), int(minor)) == bonito_providers.CONTRACT


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_every_hook_is_documented_and_typed(name: str) -> None:
    hook = getattr(hookspecs, name)
    promise = (inspect.getdoc(hook) or "").partition("\n")[0]
    assert promise.endswith((".", "call the model."))
    assert len(promise) > 20
    signature = inspect.signature(hook)
    assert signature.return_annotation is not inspect.Signature.empty
    for argument in signature.parameters.values():
        assert argument.annotation is not argument.empty


def test_every_module_says_what_it_is_for() -> None:
    for path in SOURCE.parent.glob("*.py"):
        promise = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert promise, path.name


@pytest.mark.parametrize(
    "code",
    [
        "import bonito_providers",
        "import bonito_providers.hookspecs",
        "import bonito_providers.registry",
        "from bonito_providers import ProviderRegistry; ProviderRegistry.discover()",
        "import tests.fake_provider.plugin",
    ],
)
def test_discovery_loads_no_sdk_no_gateway_and_no_http_client(code: str) -> None:
    assert modules_after(code) == []


def test_the_look_at_loaded_modules_sees_what_is_loaded() -> None:
    assert modules_after("import httpx, httpcore") == ["httpx", "httpcore"]
