"""Counting what a process writes to its store, and dying at one of these steps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

_WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")
_WROTE = "wrote"


def counting(record: str) -> Callable[[], None]:
    """Write a dot for each step: the file's size tells how many there were."""
    file = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def count() -> None:
        os.write(file, b".")

    return count


def dying(at: int) -> Callable[[], None]:
    """Kill this process at that step, the first being 1."""
    left = at

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    return count


def at_each_step(step: Callable[[], None]) -> None:
    """Call a function before and after each statement that writes, before its commit, and after."""

    def before(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(_WRITES):
            connection.info[_WROTE] = True
            step()

    def after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(_WRITES):
            step()

    def committing(connection: Any) -> None:
        if connection.info.get(_WROTE):
            step()

    def closing(_raw: Any, record: Any) -> None:
        if record.info.pop(_WROTE, False):
            step()

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", committing)
    event.listen(Pool, "close", closing)
