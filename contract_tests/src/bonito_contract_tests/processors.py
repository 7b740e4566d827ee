"""Which processor a process keeps to.

A process that tries checks has three threads or more that take turns, since one runs Python at a
time: who calls, who is the cloud, and an SDK's own. Spread over processors, each turn wakes another
one up, which costs a fifth of the whole time (measured on two).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

if sys.platform == "linux":
    _ALL = frozenset(os.sched_getaffinity(0))

    def keep_to_one(number: int) -> None:
        """Keep this process, and what it starts from now on, to one of its processors.

        Args:
            number: Which, in turn.
        """
        every = sorted(_ALL)
        with suppress(OSError):  # it may be forbidden; then it only takes longer
            # Runs at the same time begin at other processors, by who started them.
            os.sched_setaffinity(0, {every[(os.getppid() + number) % len(every)]})

    def release(process: int) -> None:
        """Let a process that was started here run wherever this one might at first."""
        with suppress(OSError):  # it may be forbidden, or have ended
            os.sched_setaffinity(process, _ALL)

else:

    def keep_to_one(number: int) -> None:
        """Do nothing: only Linux can be asked for it."""

    def release(process: int) -> None:
        """Do nothing, since nothing was kept."""
