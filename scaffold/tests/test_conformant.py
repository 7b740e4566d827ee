"""What the template writes is conformant as written, and passes the commands of its own CI file."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from uv import find_uv_bin

from scaffold.tests.packages import NAMES, run, write
from tests.workspace.distributions import DISTRIBUTIONS, ROOT

pytestmark = pytest.mark.slow

NEEDED = ("bonito-contract-tests", "bonito-emulators", "bonito-providers", "bonito-scaffold")
HERE = Path(sys.executable).parent


@pytest.mark.nightly
@pytest.mark.parametrize("name", [NAMES[0], NAMES[-1]])
def test_it_is_conformant_and_typed_whatever_the_name(name: str, tmp_path: Path) -> None:
    written = write(name, tmp_path / "written")
    env = {**os.environ, "PYTHONPATH": str(written / "src"), "MYPYPATH": "src"}
    run(HERE / "mypy", "--cache-dir", tmp_path / "mypy", cwd=written, env=env)
    harness = f"bonito_{name}.conformance:ServiceHarness"
    printed = run(HERE / "bonito-contract", "run", harness, cwd=written, env=env)
    assert f"{name}: CONFORMANT 1.0" in printed


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that has our wheels and what they declare, no more."""
    folder = tmp_path_factory.mktemp("bare")
    run(find_uv_bin(), "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    for each in DISTRIBUTIONS:
        if each.name in NEEDED:
            build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel")
            run(*build, "-d", folder / "wheels", cwd=each.folder)
    found = folder / "venv" / "bin"
    install(found, *sorted((folder / "wheels").glob("*.whl")), cwd=folder)
    return found


def install(bare: Path, *wanted: str | Path, cwd: Path) -> None:
    """What pip would do, with the versions of the lock."""
    command = (find_uv_bin(), "pip", "install", "--quiet", "--python", bare / "python")
    run(*command, "--constraint", ROOT / "requirements.lock", *wanted, cwd=cwd)


@pytest.fixture
def outside(bare: Path, tmp_path: Path) -> Mapping[str, str]:
    """An environment with nothing of this checkout in it, nor of its user."""
    path = os.pathsep.join((str(bare), os.defpath))
    return {"HOME": str(tmp_path), "PATH": path, "LANG": "C.UTF-8"}


def test_it_passes_the_commands_of_its_own_ci_file(
    bare: Path, outside: Mapping[str, str], tmp_path: Path
) -> None:
    program = "from bonito_scaffold.command import new_provider; new_provider()"
    run(bare / "python", "-c", program, "acme_cloud", cwd=tmp_path, env=outside)
    written = tmp_path / "bonito-acme-cloud"
    steps = re.findall(r"- run: (.*)", (written / ".github/workflows/ci.yml").read_text())
    assert steps.pop(0) == 'pip install -e ".[dev]"'
    install(bare, "-e", ".[dev]", cwd=written)
    for step in steps:
        run("sh", "-c", step, cwd=written, env=outside)
    report = json.loads((written / "src/bonito_acme_cloud/conformance.json").read_text())
    assert report["headline"] == "CONFORMANT 1.0"
    assert report["distribution"] == "bonito-acme-cloud"
    (wheel,) = (written / "dist").glob("*.whl")
    assert "bonito_acme_cloud/conformance.json" in ZipFile(wheel).namelist()
