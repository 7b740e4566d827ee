"""The wheels as their users get them: built, looked into, installed into an empty environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from uv import find_uv_bin

from tests.workspace.distributions import DISTRIBUTIONS, ROOT, Distribution

pytestmark = pytest.mark.slow

Wheels = Mapping[str, Path]
every_distribution = pytest.mark.parametrize(
    "distribution", DISTRIBUTIONS, ids=lambda each: each.name
)


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a program printed; its complaints are the failure's message."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    built = {}
    for distribution in DISTRIBUTIONS:
        target = tmp_path_factory.mktemp(distribution.name)
        build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", target)
        run(*build, cwd=distribution.folder)
        (built[distribution.name],) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment that holds the wheels and what they declare, no more.

    Versions and hashes are the lock's: as constraints, so that a dependency which only the
    development environment has is not there.
    """
    folder = tmp_path_factory.mktemp("installed")
    run(find_uv_bin(), "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    requirements = [
        f"{each.name}[{','.join(each.extras)}] @ {wheels[each.name].as_uri()}"
        for each in DISTRIBUTIONS
    ]
    install = (find_uv_bin(), "pip", "install", "--python", folder / "venv", "--no-build")
    run(*install, "--constraint", ROOT / "requirements.lock", *requirements, cwd=folder)
    return folder / "venv" / "bin"


@pytest.fixture
def outside(tmp_path: Path) -> Mapping[str, str]:
    """An environment with nothing of this checkout in it, nor of its user."""
    return {"HOME": str(tmp_path), "PATH": os.defpath, "LANG": "C.UTF-8"}


@every_distribution
def test_a_wheel_holds_its_typed_package_and_nothing_else(
    distribution: Distribution, wheels: Wheels
) -> None:
    package = distribution.package.name
    names = ZipFile(wheels[distribution.name]).namelist()
    assert f"{package}/py.typed" in names
    assert f"{package}/__init__.py" in names
    metadata = f"{distribution.name.replace('-', '_')}-"
    assert [name for name in names if not name.startswith((f"{package}/", metadata))] == []


@every_distribution
def test_a_wheel_announces_the_entry_points_its_project_declares(
    distribution: Distribution, wheels: Wheels
) -> None:
    expected = {group: dict(points) for group, points in distribution.entry_points.items()}
    if distribution.scripts:
        expected["console_scripts"] = dict(distribution.scripts)
    assert _entry_points(wheels[distribution.name]) == expected


def _entry_points(wheel: Path) -> dict[str, dict[str, str]]:
    parser = ConfigParser(delimiters=("=",), interpolation=None)
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".dist-info/entry_points.txt"):
                parser.read_string(archive.read(name).decode())
    return {section: dict(parser[section]) for section in parser.sections()}


def test_the_cores_wheel_carries_its_licence(wheels: Wheels) -> None:
    archive = ZipFile(wheels["bonito-providers"])
    (licence,) = (name for name in archive.namelist() if name.endswith("licenses/LICENSE"))
    assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()


def test_the_command_of_the_wheels_knows_every_provider(
    installed: Path, outside: Mapping[str, str], tmp_path: Path
) -> None:
    printed = run(installed / "bonito", "providers", "list", "--json", cwd=tmp_path, env=outside)
    declared = {
        name for each in DISTRIBUTIONS for name in each.entry_points.get("bonito_providers", {})
    }
    assert declared
    assert declared <= {provider["name"] for provider in json.loads(printed)["providers"]}


@pytest.mark.nightly
def test_the_demo_of_the_wheels_runs_outside_the_checkout(
    installed: Path, outside: Mapping[str, str], tmp_path: Path
) -> None:
    printed = run(installed / "bonito", "demo", cwd=tmp_path, env=outside)
    assert str(ROOT) not in printed
    assert printed.strip()
