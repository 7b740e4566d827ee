"""A stranger's provider: its wheel beside the core's, judged by the command, to a report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

from tests.workspace.distributions import DISTRIBUTIONS, ROOT

pytestmark = pytest.mark.slow

STRANGERS = [ROOT / "tests" / "third_party" / name for name in ("aviary", "broken_aviary")]
NEEDED = ("bonito-providers", "bonito-emulators", "bonito-contract-tests")
BROKEN = {"ADOPT-05", "ERR-01", "LIFE-13", "LIFE-14", "LIST-04", "LIST-05"}
"""The checks of its three faults: what it skips, what it deletes, what it calls a refusal."""


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheels of the two strangers and of what they need of ours."""
    folder = tmp_path_factory.mktemp("installed")
    run(find_uv_bin(), "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    own = [each.folder for each in DISTRIBUTIONS if each.name in NEEDED]
    wheels = [built(each, folder / each.name) for each in (*own, *STRANGERS)]
    install = (find_uv_bin(), "pip", "install", "--python", folder / "venv", "--no-build")
    run(*install, "--constraint", ROOT / "requirements.lock", *wheels, cwd=folder)
    return folder / "venv" / "bin"


def built(project: Path, target: Path) -> Path:
    """The wheel of a project."""
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target)
    run(*build, cwd=project)
    (wheel,) = target.glob("*.whl")
    return wheel


def judged(installed: Path, provider: str, folder: Path) -> tuple[int, Mapping[str, Any], str]:
    """Exit code, report and what was printed."""
    command = (installed / "bonito-contract", "run", provider)
    written = ("--json", folder / "report.json", "--markdown", folder / "report.md")
    outside = {"HOME": str(folder), "PATH": os.defpath, "LANG": "C.UTF-8"}
    done = subprocess.run(
        (*command, *written), cwd=folder, env=outside, capture_output=True, text=True, check=False
    )
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert (folder / "report.md").read_text("utf-8").startswith("#")
    return done.returncode, report, done.stdout


def test_a_strangers_provider_comes_to_a_report(installed: Path, tmp_path: Path) -> None:
    code, report, printed = judged(installed, "aviary", tmp_path)
    assert code == 0, printed
    assert report["headline"] == "CONFORMANT 1.0"
    assert report["distribution"] == "aviary-for-bonito"
    assert str(ROOT) not in printed


@pytest.mark.nightly
def test_its_broken_twin_is_not_conformant(installed: Path, tmp_path: Path) -> None:
    code, report, printed = judged(installed, "broken_aviary", tmp_path)
    missed = {name for name, each in report["checks"].items() if each["outcome"] != "passed"}
    assert code == 1, printed
    assert report["verdict"] == "NOT CONFORMANT"
    assert missed == BROKEN
