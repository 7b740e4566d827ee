"""Signals that ask a process to end, taken in so that what it started ends as well.

Python's own answer to them is to end at once: children would live on, and temporary files stay.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Ending:
    """Whether the process was asked to end, and the child that is told so too.

    The handler raises nothing: an exception could come between a child's start and its name here.

    Attributes:
        signal: The last signal that asked, or None.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def forward_to(self, child: subprocess.Popen[bytes]) -> None:
        """Send the child what has come so far and what is to come."""
        self._child = child
        if self.signal is not None:
            child.send_signal(self.signal)

    def take(self, number: int, _frame: object) -> None:
        """Note a signal and pass it on."""
        self.signal = number
        if self._child is not None:
            self._child.send_signal(number)


@contextmanager
def ending_signals() -> Iterator[Ending]:
    """Take SIGTERM and SIGHUP in; what the caller had ignored, as ``nohup`` does, stays so."""
    ending = Ending()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    taken = {number: each for number, each in before.items() if each != signal.SIG_IGN}
    for number in taken:
        signal.signal(number, ending.take)
    try:
        yield ending
    finally:
        for number, handler in taken.items():
            signal.signal(number, handler)
