"""A plugin that cannot be had is told by its name, its module and the error at the bottom."""

from __future__ import annotations

from pathlib import Path

import pytest

from bonito_contract_tests import HarnessError
from bonito_contract_tests.plugins import plugin_of
from bonito_providers.errors import PluginError
from contract_tests.tests.toy_harness import ToyHarness


def named(plugin: str) -> ToyHarness:
    made = ToyHarness()
    vars(made).update(plugin=plugin)
    return made


@pytest.mark.parametrize(
    ("plugin", "told"),
    [
        ("no_such_module.plugin", "names no_such_module.plugin, and there is no module no_such_m"),
        ("bonito_providers.nothing", "there is no module bonito_providers.nothing"),
        ("bonito_providers:nothing", "bonito_providers has no nothing"),
    ],
)
def test_a_plugin_that_is_not_there_is_the_harnesses_fault(plugin: str, told: str) -> None:
    with pytest.raises(HarnessError, match=told):
        plugin_of(named(plugin))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            "import no_such_sdk",
            r"ModuleNotFoundError at .*inner_.*\.py:1: No module",
        ),
        ("import sys\nsys.exit('no licence')", r"SystemExit at .*inner_.*\.py:2: no licence"),
        (
            "try:\n    int('x')\nexcept ValueError as error:\n    raise ImportError from error",
            r"ValueError at .*inner_.*\.py:2: invalid literal",
        ),
    ],
    ids=["missing", "exits", "raised from"],
)
def test_a_plugin_that_cannot_be_imported_is_the_plugins_fault_and_names_the_place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lines: str,
    told: str,
) -> None:
    number = abs(hash(lines))
    (tmp_path / f"inner_{number}.py").write_text(lines)
    (tmp_path / f"outer_{number}.py").write_text(f"import inner_{number}\n")
    monkeypatch.syspath_prepend(tmp_path)
    expected = rf"the plugin outer_{number}:it cannot be imported: {told}"
    with pytest.raises(PluginError, match=expected):
        plugin_of(named(f"outer_{number}:it"))
