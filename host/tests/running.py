"""Running the command as its users do: as a child process, with an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BONITO = Path(sys.executable).with_name("bonito")
PATIENCE = 120
"""Seconds after which a hanging child is a failure; nothing waits for it to pass."""


@dataclass(frozen=True)
class Finished:
    """What a run came to."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        return json.loads(self.stdout)


@dataclass(frozen=True)
class Bonito:
    """The command in an environment with nothing of the test's own in it but what is given."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, stdin: str | None = None, **variables: str) -> Finished:
        return self.program(str(BONITO), *arguments, stdin=stdin, **variables)

    def program(self, *command: str, stdin: str | None = None, **variables: str) -> Finished:
        done = subprocess.run(
            command,
            env=self.environment(**variables),
            cwd=self.folder,
            input=stdin or "",
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            timeout=PATIENCE,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(BONITO), *arguments],
            env=self.environment(**variables),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def environment(self, **variables: str) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        return {**own, **self.variables, **variables}
