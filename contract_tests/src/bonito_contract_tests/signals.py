"""Ending in good order when the operating system asks: children and clouds are taken down first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """The process was told to end by SIGTERM, as `kill`, `timeout` and job runners do."""


@contextmanager
def termination_raises() -> Iterator[None]:
    """Let SIGTERM raise `Terminated` in the main thread while the context is open.

    Python by itself would die on the spot, and leave its children to find out. Only the main
    thread can change that; in another one nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
