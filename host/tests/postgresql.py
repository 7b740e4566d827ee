"""A PostgreSQL of its own for a test: Debian's, in a folder that goes away with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from host.tests.running import PATIENCE

_DEBIAN = Path("/usr/lib/postgresql")
_SERVANT = "nobody"


def binaries() -> Path | None:
    """Where the server's programs lie, or None where it is not installed."""
    versions = sorted(_DEBIAN.glob("*/bin"), key=lambda each: float(each.parent.name))
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def postgresql(programs: Path) -> Iterator[str]:
    """Start a server that only this machine's users reach, by a socket; yield its URL."""
    with tempfile.TemporaryDirectory(prefix="bonito-postgresql-") as folder:
        # The server refuses to run as root.
        user = _SERVANT if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        data = f"{folder}/data"

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), *arguments]
            subprocess.run(
                command, check=True, capture_output=True, cwd=folder, user=user, timeout=PATIENCE
            )

        run("initdb", "--pgdata", data, "--username", "bonito", "--auth", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "--pgdata", data, "--wait", "--log", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://bonito@/postgres?host={folder}"
        finally:
            run("pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
