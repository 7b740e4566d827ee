"""META where it looks at installed distributions, which no broken plugin of the gallery has."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_aviary.conformance import AviaryHarness
from bonito_aviary.plugin import Aviary
from bonito_contract_tests.bench import Bench
from bonito_contract_tests.checks.metadata import METADATA
from bonito_contract_tests.importing import imported, module_of
from bonito_contract_tests.runner import Outcome, Result, run_check
from bonito_contract_tests.stage import Stage
from bonito_contract_tests.violation import HarnessError, Violation
from contract_tests.tests.toy_harness import ToyHarness

ONE_NAME = next(each for each in METADATA.checks if each.id == "META-02")


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage(AviaryHarness()) as opened:
        yield opened


def installed(folder: Path, name: str) -> None:
    """Let a distribution offer the plugin under that name."""
    metadata = folder / "aviary_for_bonito-0.3.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: aviary-for-bonito\nVersion: 0.3.0\n")
    target = "bonito_aviary.plugin:provider"
    (metadata / "entry_points.txt").write_text(f"[bonito_providers]\n{name} = {target}\n")


def judged(stage: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Result:
    installed(folder, name)
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return run_check(ONE_NAME, stage)


def test_an_entry_point_of_another_name_is_a_violation(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = judged(stage, tmp_path, monkeypatch, "birds")
    assert result.outcome is Outcome.FAILED
    assert result.seen == "the entry point is called ['birds'], the name card says 'aviary'"


def test_an_entry_point_of_the_same_name_is_none(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judged(stage, tmp_path, monkeypatch, "aviary").outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "plugin", ["bonito_aviary.plugin:provider", Aviary()], ids=["name", "class"]
)
def test_a_plugin_is_found_in_another_process_by_its_name_and_by_its_class(
    stage: Stage, plugin: object
) -> None:
    stage.harness.plugin = plugin
    assert "bonito_aviary.plugin" in imported(Bench(stage)).modules


def test_a_plugin_that_is_a_module_is_found_in_another_process() -> None:
    with Stage(ToyHarness()) as stage:
        assert "tests.fake_provider.plugin" in imported(Bench(stage)).modules
    assert module_of(ToyHarness.plugin) == "tests.fake_provider.plugin"


def test_a_plugin_of_a_class_inside_a_function_must_be_named(stage: Stage) -> None:
    class Local:
        pass

    stage.harness.plugin = Local()
    with pytest.raises(HarnessError, match="'module:attribute'"):
        imported(Bench(stage))


def test_a_module_that_cannot_be_imported_is_a_violation(stage: Stage) -> None:
    stage.harness.plugin = "contract_tests.tests.no_such_plugin:provider"
    with pytest.raises(Violation, match="No module named"):
        imported(Bench(stage))
