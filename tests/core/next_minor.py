"""The next minor release of the core, made from this one by what a minor release may change.

The package is copied and changed as its authors would change it: the version, an argument that
joins a hook, an argument that is to go, a new field with a default. What was installed for 1.0 then
runs against it in a process of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bonito_providers

ROOT = Path(__file__).parents[2]
SOURCE = Path(bonito_providers.__file__).parent
LISTING = 'self._call("list_models", connection, Listing, Capability.LIST_MODELS'
DELETING = "async def delete_deployment("
WARNING = "DeprecationWarning('delete_deployment: include_unowned goes in 2.0')"
EDITS = (
    ("__init__.py", f'__version__ = "{bonito_providers.__version__}"', '__version__ = "1.1.0"'),
    ("__init__.py", "CONTRACT = (1, 0)", "CONTRACT = (1, 1)"),
    (
        "hookspecs.py",
        "async def list_models(connection: Connection)",
        "async def list_models(connection: Connection, lifecycle: str)",
    ),
    ("hookspecs.py", "[str, ...]] = {}", '[str, ...]] = {"list_models": ("lifecycle",)}'),
    ("provider.py", f"{LISTING})", f'{LISTING}, lifecycle="stable")'),
    (
        "hookspecs.py",
        f"(firstresult=True)\n{DELETING}",
        f"(firstresult=True, warn_on_impl_args={{'include_unowned': {WARNING}}})\n{DELETING}",
    ),
    (
        "deployment.py",
        "    quota: QuotaUse | None",
        "    zone: str | None = None\n    quota: QuotaUse | None",
    ),
)
"""File, what is there, what comes in its place."""


@dataclass(frozen=True)
class NextMinor:
    """A folder in which `bonito_providers` is 1.1."""

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> NextMinor:
        """Copy this core and change it; an edit that finds nothing to change fails."""
        package = folder / SOURCE.name
        shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
        for name, old, new in EDITS:
            path = package / name
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{name} has changed: {old}"
            path.write_text(text.replace(old, new), encoding="utf-8")
        return cls(folder)

    def run(self, program: str, *, site: Path, warnings: str = "default") -> tuple[Any, str]:
        """Run a program against it; return the JSON document it printed, and what it warned of."""
        setup = f"import sys; sys.path[:0] = {[str(self.folder), str(site), str(ROOT)]!r}\n"
        command = [sys.executable, "-W", warnings, "-c", setup + program]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), done.stderr
