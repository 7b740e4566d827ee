"""The way into the `bonito` command and out of it; all else is imported where Ctrl-C is caught."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_INTERRUPTED = 130
"""As in `exit_codes`, which may not have been imported yet."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    _open_closed_streams()
    try:
        from bonito_host.root import run

        code = run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        code = _INTERRUPTED
    # Threads and exit handlers still have to end; Ctrl-C has nothing left to interrupt. Commands
    # that started any have loaded the module, and the others need not pay for it.
    if signals := sys.modules.get("signal"):
        signals.signal(signals.SIGINT, signals.SIG_IGN)
    _let_go_of_streams()
    sys.exit(code)


def _open_closed_streams() -> None:
    """Give the streams that the caller closed a null device each.

    Python leaves None in their place, and the next file opened would take their number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - for as long as the process lives


def _let_go_of_streams() -> None:
    """Send what cannot be written any more to the null device.

    Every line was flushed as it was written, so that the exit code says already what failed; kept
    back, the rest would make Python complain at its end and leave with a code of its own.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
