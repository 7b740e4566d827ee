"""Entries work with the oldest LiteLLM of the list, as they do with the one that is pinned."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from uv import find_uv_bin

from bonito_aviary.conformance import AviaryHarness
from bonito_contract_tests.catalogue import all_checks
from bonito_contract_tests.check import Check
from bonito_contract_tests.litellm_versions import PINNED, SUPPORTED, UNFIT
from bonito_contract_tests.runner import Outcome, run_check
from bonito_contract_tests.stage import Stage

OLDEST = SUPPORTED[0].version
GATEWAY = [check for check in all_checks() if check.family == "GATE"]
SIGN_IN = "azure-identity"
"""LiteLLM signs in with it where an entry has no key, and does not install it."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the oldest LiteLLM and nothing of this project."""
    environment = tmp_path_factory.mktemp("oldest") / "venv"
    made = [find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(environment)]
    install = [find_uv_bin(), "pip", "install", "--quiet", "--no-build", "--python"]
    for command in (made, [*install, str(environment), f"litellm=={OLDEST}", SIGN_IN]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return next((environment / folder / "python") for folder in ("bin", "Scripts"))


@pytest.fixture(scope="module")
def stage(python: Path) -> Iterator[Stage]:
    with Stage(AviaryHarness(), litellm_python=python) as opened:
        yield opened


@pytest.mark.slow
def test_the_oldest_release_is_what_answers(stage: Stage) -> None:
    assert stage.gateway.version == OLDEST


@pytest.mark.slow
@pytest.mark.parametrize("check", GATEWAY, ids=lambda each: each.id)
def test_the_honest_plugin_passes_with_the_oldest_release(check: Check, stage: Stage) -> None:
    result = run_check(check, stage)
    assert result.outcome is Outcome.PASSED, result.text()


def test_the_pinned_release_is_the_newest_of_the_list_and_the_one_that_is_required() -> None:
    versions = [Version(each.version) for each in SUPPORTED]
    assert versions == sorted(versions)
    assert SUPPORTED[-1].version == PINNED
    needed = map(Requirement, requires("bonito-contract-tests") or ())
    [pin] = [each for each in needed if each.name == "litellm"]
    assert str(pin.specifier) == f"=={PINNED}"


def test_no_release_is_both_supported_and_unfit() -> None:
    assert {each.version for each in SUPPORTED} & {each.version for each in UNFIT} == set()
