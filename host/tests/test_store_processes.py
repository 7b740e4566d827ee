"""Several processes use one store at once, the first of them making it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bonito_host.store.store import Store
from host.tests.running import PATIENCE

PROGRAM = Path(__file__).parent / "programs" / "store_writer.py"
ROUNDS = 25


def test_two_processes_lose_nothing_of_each_others_writes(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    command = [sys.executable, str(PROGRAM), str(path)]
    children = [
        subprocess.Popen([*command, name, str(ROUNDS)], stderr=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    errors = [child.communicate(timeout=PATIENCE)[1] for child in children]
    assert [child.returncode for child in children] == [0, 0], errors
    store = Store(path)
    for name in ("one", "two"):
        for number in range(ROUNDS):
            found = store.connections.credentials(f"{name}-{number}")
            assert found["key"] == f"secret of {name} {number}"
    shared = store.connections.credentials("shared")
    # The last writer's record, whole: sealed fields and readable ones belong together.
    assert shared["key"] == f"secret of {shared['again']}"
    assert store.connections.get("shared").report == {"by": shared["again"].split()[0]}
