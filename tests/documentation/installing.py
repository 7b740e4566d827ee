"""An environment of a reader's own, which begins empty: what a page leaves out is not there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.workspace.distributions import DISTRIBUTIONS, ROOT

SYSTEM = "/usr/local/bin:/usr/bin:/bin"
"""Where a reader has the programs that are not from Python packages."""
_PINNED = re.compile(r"^[\w.-]+==[^\\\n]+", re.MULTILINE)
_OURS = ("BONITO_", "MAKE", "MFLAGS", "PYTEST_", "PYTHON", "VIRTUAL_ENV")
"""Variables of the test run and of the `make` around it."""


def outside() -> dict[str, str]:
    """What a program of this machine sees: who installs goes by its settings, not by a page's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


@dataclass(frozen=True)
class Wheels:
    """The distributions of this checkout, as an index would offer them; built when asked for."""

    folder: Path

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(self.folder)]
        for each in DISTRIBUTIONS:
            subprocess.run(build, cwd=each.folder, check=True, capture_output=True)
        return tuple(sorted(self.folder.glob("*.whl")))


@dataclass(frozen=True)
class OwnEnvironment:
    """A virtual environment with the newest pip, made when something is first installed into it.

    Attributes:
        folder: Where it lies.
        wheels: What it can have of ours.
    """

    folder: Path
    wheels: Wheels

    @property
    def exists(self) -> bool:
        """Whether anything was installed."""
        return self.folder.exists()

    @property
    def path(self) -> str:
        """The ``PATH`` of who works in it."""
        return f"{self.folder / 'bin'}:{SYSTEM}"

    def variables(self, released: Path) -> Mapping[str, str]:
        """What pip sees, after the environment was made.

        Args:
            released: Where the reader's own wheels lie, which the index has from then on.
        """
        if not self.exists:
            # An old pip takes no wheel for a package with extras.
            make = [sys.executable, "-m", "venv", "--upgrade-deps", str(self.folder)]
            subprocess.run(make, env=outside(), check=True, capture_output=True)
        constraints = self.folder / "constraints.txt"
        constraints.write_text("\n".join(self._constraints(released)))
        return {**outside(), "PATH": self.path, "PIP_CONSTRAINT": str(constraints)}

    def _constraints(self, released: Path) -> Iterator[str]:
        """Yield the lock's versions, without hashes, which no local wheel has; then the wheels."""
        yield from _PINNED.findall((ROOT / "requirements.lock").read_text())
        for wheel in (*self.wheels.files, *sorted(released.glob("*.whl"))):
            name = wheel.name.partition("-")[0].replace("_", "-")
            yield f"{name} @ {wheel.as_uri()}"


def copy_checkout(folder: Path) -> None:
    """Lay what git would clone into a folder: no environment, and nothing that was built."""
    hidden = shutil.ignore_patterns(".*", "__pycache__", "dist")
    shutil.copytree(ROOT, folder, ignore=hidden, dirs_exist_ok=True)
