from __future__ import annotations

import sysconfig
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from tests.workspace.distributions import DISTRIBUTIONS

OWN = {distribution.name for distribution in DISTRIBUTIONS}


def unexpected_start_files(folder: Path, allowed: Iterable[str]) -> set[str]:
    """The `.pth` files of a folder that no allowed distribution claims.

    Python runs them at every start, so a package that brings one runs code nobody called: the
    road by which compromised releases have come.
    """
    found = {path.name for path in folder.glob("*.pth")}
    allowed = set(allowed)
    for distribution in distributions(path=[str(folder)]):
        if distribution.metadata["Name"] in allowed:
            found -= _names(distribution)
    return found


def _names(distribution: Distribution) -> set[str]:
    return {file.name for file in distribution.files or ()}


def test_nothing_but_our_own_distributions_runs_code_at_pythons_start() -> None:
    folder = Path(sysconfig.get_path("purelib"))
    assert any(folder.glob("*.pth")), "the editable installs bring some"
    assert unexpected_start_files(folder, OWN) == set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    metadata = tmp_path / "stranger-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.4\nName: stranger\nVersion: 1.0\n")
    (metadata / "RECORD").write_text("stranger.pth,,\n")
    (tmp_path / "stranger.pth").write_text("import stranger\n")
    return tmp_path


def test_a_start_file_of_a_distribution_not_allowed_is_found(folder: Path) -> None:
    assert unexpected_start_files(folder, ["bonito-host"]) == {"stranger.pth"}


def test_a_start_file_of_an_allowed_distribution_is_not(folder: Path) -> None:
    assert unexpected_start_files(folder, ["stranger"]) == set()


def test_a_start_file_that_nobody_claims_is_found(folder: Path) -> None:
    (folder / "loose.pth").touch()
    assert unexpected_start_files(folder, ["stranger"]) == {"loose.pth"}
