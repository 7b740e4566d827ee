"""Imports one plugin in a process of its own and tells what that brought about.

Started by path with the interpreter alone: importing the suite here would load what the plugin
must not. What to import comes as JSON on stdin; what happened goes to stdout after `MARK`, so that
anything before it is the plugin's own output.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from types import ModuleType
from typing import Any

MARK = "\x1e"
CONTRACT = (
    "bonito_providers",
    "bonito_providers.credentials",
    "bonito_providers.hookspecs",
    "bonito_providers.info",
    "bonito_providers.provider",
)
"""What a host has loaded before it looks at the first plugin."""
_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto")
_PROCESSES = ("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn")
_OURS = {"bonito_providers", "pluggy", "pydantic", "pydantic_core", "typing_extensions"}


class Watch:
    """Notes what running code does to the world outside its own modules."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def install(self) -> None:
        """Begin; there is no way back, which is why this has a process of its own."""
        sys.addaudithook(self._audited)
        start = threading.Thread.start

        def started(thread: threading.Thread) -> None:
            self.seen.append("starts a thread")
            start(thread)

        setattr(threading.Thread, "start", started)  # noqa: B010 - a method is replaced
        _Environment.watch = self
        os.environ.__class__ = _Environment

    def taken(self) -> list[str]:
        """Return what was seen since the last time, each once."""
        seen, self.seen = self.seen, []
        return list(dict.fromkeys(seen))

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_NETWORK):
            self.seen.append(f"uses the network ({event})")
        elif event.startswith(_PROCESSES):
            self.seen.append(f"starts a program ({event})")
        elif event in ("os.putenv", "os.unsetenv"):
            self.seen.append("changes the environment")
        elif event == "open" and isinstance(arguments[2], int) and _writes(arguments[2]):
            self.seen.append("writes a file")


class _Environment(os._Environ):  # type: ignore[type-arg]  # noqa: SLF001 - watched in place
    """The environment, noting who reads it."""

    watch: Watch

    def __getitem__(self, key: str) -> str:
        reader = _reader()
        if reader:
            self.watch.seen.append(f"reads the environment variable {key} (in {reader})")
        value: str = super().__getitem__(key)
        return value


def _reader() -> str | None:
    """Return the module that reads, unless it is Python's own or the contract's."""
    frame = sys._getframe(2)  # noqa: SLF001 - the documented way to a caller
    while frame.f_back and frame.f_globals.get("__name__") in ("os", "collections.abc"):
        frame = frame.f_back
    name = str(frame.f_globals.get("__name__"))
    top = name.partition(".")[0]
    return None if top in sys.stdlib_module_names or top in _OURS else name


def _writes(flags: int) -> bool:
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))


def _found(module: ModuleType, request: Mapping[str, Any]) -> object:
    if not request["attribute"]:
        return module
    found = getattr(module, request["attribute"])
    return found() if request["make"] else found


def probed(request: Mapping[str, Any]) -> dict[str, Any]:
    """Import the plugin and ask what a host asks at discovery; tell what happened."""
    started = time.process_time()
    for name in CONTRACT:
        importlib.import_module(name)
    contract_seconds = time.process_time() - started
    watch = Watch()
    watch.install()
    before = set(sys.modules)
    started = time.process_time()
    module = importlib.import_module(request["module"])
    seconds = time.process_time() - started
    importing = watch.taken()
    provider = sys.modules["bonito_providers.provider"].Provider(_found(module, request))
    provider.schema.form()
    for fields in request["accesses"]:
        provider.read_credentials(fields)
    return {
        "contract_seconds": contract_seconds,
        "seconds": seconds,
        "importing": importing,
        "answering": watch.taken(),
        "modules": sorted(set(sys.modules) - before),
    }


def main() -> None:
    """Read the request, and write what happened."""
    request = json.load(sys.stdin)
    sys.path[:] = request["path"]
    sys.dont_write_bytecode = True
    try:
        result = probed(request)
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
        result = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(MARK + json.dumps(result))


if __name__ == "__main__":
    main()
