"""Rotates a store's key again and again, each time killed one step later; prints what was left.

A step is whatever reaches the disk: a file opened, renamed or removed, a statement or a commit.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bonito_host.store.rotation import rotate
from bonito_host.store.store import Store

_FILES = frozenset({"open", "os.link", "os.remove", "os.rename"})


def rotate_until(path: Path, step: int) -> None:
    """Rotate, and die at that step."""
    left = step

    def count() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(name: str, arguments: tuple[Any, ...]) -> None:
        if name in _FILES and str(path.parent) in str(arguments[0]):
            count()

    for moment in ("before_cursor_execute", "after_cursor_execute", "commit", "close"):
        event.listen(Engine, moment, lambda *_, **__: count())
    sys.addaudithook(audit)
    rotate(path, key=None, new_key=None)
    os._exit(0)


def what_is_left(path: Path, connection: str, plan: str) -> dict[str, object]:
    """Open the store as the next start does, and read every secret."""
    store = Store(path)
    operation = store.plans.operation(plan)
    return {
        "credentials": store.connections.credentials(connection),
        "operation": operation.get_secret_value() if operation else None,
        "next": path.with_name(f"{path.name}.key.next").exists(),
    }


def main(template: Path, folder: Path, connection: str, plan: str) -> None:
    outcomes = []
    for step in range(1000):
        here = folder / str(step)
        shutil.copytree(template, here)
        path = here / "bonito.db"
        child = os.fork()
        if child == 0:
            rotate_until(path, step)
        _, status = os.waitpid(child, 0)
        before = path.with_name("bonito.db.key").read_bytes()
        left = what_is_left(path, connection, plan)
        after = path.with_name("bonito.db.key").read_bytes()
        again = rotate(path, key=None, new_key=None)
        left |= {"adopted": before != after, "again": again.resealed}
        left["after"] = what_is_left(path, connection, plan)["credentials"]
        outcomes.append(left)
        if not os.WIFSIGNALED(status):
            break
    print(json.dumps(outcomes))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
