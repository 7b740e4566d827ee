"""Where the suite looks for secrets that a plugin keeps."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from pydantic import SecretStr

from bonito_contract_tests.harness import Harness
from bonito_contract_tests.kept import secrets_kept

SECRET = "a-secret-0123456789"


class Holder:
    __slots__ = ("held",)

    def __init__(self, held: object) -> None:
        self.held = held


@functools.cache
def remembered(text: str) -> dict[str, str]:
    return {"key": text}


def cached() -> Any:
    remembered.cache_clear()
    remembered(SECRET)
    return remembered


def closure() -> Any:
    inside = SECRET
    return lambda: inside


def default() -> Any:
    def call(given: str = SECRET) -> str:
        return given

    return call


@pytest.fixture
def package() -> Iterator[ModuleType]:
    """A plugin's package, in which each test puts something."""
    modules = {name: ModuleType(name) for name in ("kept_by", "kept_by.plugin", "kept_by.wire")}
    sys.modules.update(modules)
    yield modules["kept_by.wire"]
    for name in modules:
        del sys.modules[name]


@pytest.mark.parametrize(
    "held",
    [
        SECRET,
        f"Bearer {SECRET}",
        SECRET.encode(),
        [{"headers": (SECRET,)}],
        SecretStr(SECRET),
        Holder(SECRET),
        type("Class", (), {"attribute": SECRET}),
        cached(),
        closure(),
        default(),
        functools.partial(print, SECRET),
    ],
    ids=lambda held: type(held).__name__,
)
def test_a_secret_is_found_wherever_a_module_of_the_package_keeps_it(
    package: ModuleType, held: object
) -> None:
    package.state = held  # type: ignore[attr-defined]  # made here
    assert secrets_kept(sys.modules["kept_by.plugin"], {SECRET}) == ["kept_by.wire.state"]


def test_what_keeps_another_text_is_not_named(package: ModuleType) -> None:
    package.state = ["another"]  # type: ignore[attr-defined]  # made here
    assert secrets_kept(sys.modules["kept_by.plugin"], {SECRET}) == []


def test_a_harness_in_the_package_may_hold_made_up_secrets(package: ModuleType) -> None:
    package.state, package.harness = SECRET, Harness  # type: ignore[attr-defined]  # made here
    assert secrets_kept(sys.modules["kept_by.plugin"], {SECRET}) == []


def test_a_plugin_that_is_an_object_is_looked_into_as_well() -> None:
    plugin = type("Plugin", (), {"__module__": "kept_by.plugin"})()
    plugin.last = {"key": SECRET}
    assert secrets_kept(plugin, {SECRET}) == ["Plugin.last"]
