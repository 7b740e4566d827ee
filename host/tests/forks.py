"""The command in processes of its own that start quickly: forked from one that has all imported."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from host.tests.running import PATIENCE, Bonito, Finished

PROGRAM = Path(__file__).parent / "programs" / "forking.py"


class Forks:
    """What the processes are forked from, one after the other."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server
        self._folder = Path()

    def begin(
        self, *arguments: str, environment: Mapping[str, str], folder: Path, **steps: object
    ) -> int:
        """Start the command and return its process id.

        Args:
            arguments: The command's.
            environment: All that it sees.
            folder: Where it stands.
            steps: ``record``, a file to count its writes to the store in; or ``dies_at``, the
                step of a write at which it is killed.
        """
        assert self._server.stdin is not None
        self._folder = folder
        job: dict[str, object] = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(folder),
        }
        job |= steps
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        return self._number()

    def finish(self) -> Finished:
        """Wait for the command's end."""
        code = self._number()
        texts = [(self._folder / name).read_text() for name in ("stdout", "stderr")]
        return Finished(code, *texts)

    def _number(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())


@dataclass(frozen=True, kw_only=True)
class ForkedBonito(Bonito):
    """Runs as `Bonito` does, only sooner."""

    forks: Forks

    def run(self, *arguments: str, stdin: str | None = None, **variables: str) -> Finished:
        if stdin is not None:
            return super().run(*arguments, stdin=stdin, **variables)
        environment = self.environment(**variables)
        self.forks.begin(*arguments, environment=environment, folder=self.folder)
        return self.forks.finish()


@contextmanager
def start_forks() -> Iterator[Forks]:
    """Start the process that the others are forked from."""
    server = subprocess.Popen(
        [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Forks(server)
    finally:
        server.communicate(timeout=PATIENCE)
