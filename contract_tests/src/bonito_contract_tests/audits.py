"""What Python itself reports while a plugin works: files written, programs started, ways out.

An audit hook cannot be taken away, so there is one for the process, which listens only while
something is watched.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

CLOUD_THREAD = "bonito-emulation"
"""How the names of the threads begin that serve the emulated cloud."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn")
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_PROCESSOR = ["uname", "-p"]
"""What Python's `platform` starts, which SDKs ask for User-Agent; it tells nobody anything."""
_MADE_BY_PYTHON = ("__pycache__", os.devnull)
"""Where importing writes by itself, and where nothing is kept."""


@dataclass
class Deeds:
    """What was done outside the plugin's own memory.

    Attributes:
        written: The paths of files opened for writing.
        started: The events by which programs were started.
        addressed: The addresses that sockets were connected to, or sent to.
    """

    written: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    addressed: list[object] = field(default_factory=list)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take one event of Python's audit."""
        if event == "open" and _writes(*arguments):
            self.written.append(str(arguments[0]))
        elif event.startswith(_PROGRAMS) and _PROCESSOR not in map(_listed, arguments):
            self.started.append(event)
        elif event in _SENDING and arguments[1] is not None:
            self.addressed.append(arguments[1])


_watching: list[Deeds] = []


@contextmanager
def watched() -> Iterator[Deeds]:
    """Note what is done while the context is open, by every thread but the cloud's."""
    _install()
    deeds = Deeds()
    _watching.append(deeds)
    try:
        yield deeds
    finally:
        _watching.remove(deeds)


@cache
def _install() -> None:
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and not threading.current_thread().name.startswith(CLOUD_THREAD):
        for deeds in _watching:
            deeds.note(event, arguments)


def _listed(argument: object) -> object:
    return list(argument) if isinstance(argument, tuple) else argument


def _writes(path: object, mode: object, flags: object) -> bool:
    """Tell whether a file of a name is opened for writing; mode is missing for `os.open`."""
    if not isinstance(path, str | bytes | os.PathLike) or not isinstance(flags, int):
        return False
    name = os.fsdecode(path)
    return bool(flags & _WRITING) and not any(each in name for each in _MADE_BY_PYTHON)
