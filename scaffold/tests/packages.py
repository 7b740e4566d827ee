"""Packages as the template writes them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from copier import run_copy

from bonito_scaffold import TEMPLATE

NAMES = ("ab", "acme", "acme_cloud", "acme2_eu", "x_", "a123456789_b123456789_c123456789")
"""The shortest and the longest name, and what becomes of underscores and digits."""


def write(name: str, folder: Path, **answers: str) -> Path:
    """The package of a provider, written without our command."""
    run_copy(str(TEMPLATE), folder, data={"name": name, **answers}, defaults=True, quiet=True)
    return folder


def files_of(folder: Path) -> Mapping[str, str]:
    """Path to content of every file that was written, and not what running it has left."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = sorted(path for path in files if "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a program printed; its complaints are the failure's message."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
