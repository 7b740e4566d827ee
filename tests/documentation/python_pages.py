"""A program that runs the Python of the documentation, each page in a module of its own.

It is one process for all pages, led to the emulated clouds before anything reads its trust. Each
page's blocks run in their order; then the page's driver (`tests.documentation.drivers`) calls what
they define. Writes a JSON object to the file it is given: page to what went wrong, and to the
functions that nobody has called.
"""

from __future__ import annotations

import inspect
import json
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from tests.documentation.blocks import PAGES, Block, blocks_of, name_of


def main() -> None:
    from tests.documentation.drivers import DRIVERS
    from tests.documentation.services import started_world

    called: set[CodeType] = set()
    problems, modules = {}, {}
    with started_world() as world:
        for page in PAGES:
            modules[page] = _module(page)
            problems[page] = _problem(
                page, modules[page], DRIVERS.get(name_of(page)), world, called
            )
    outcomes = {
        name_of(page): {"problem": problems[page], "uncalled": sorted(uncalled(module, called))}
        for page, module in modules.items()
    }
    Path(sys.argv[1]).write_text(json.dumps(outcomes))


def _problem(page: Path, module: ModuleType, driver: Any, world: Any, called: set[CodeType]) -> str:
    try:
        with _watched(called):
            for block in blocks_of(page, "python"):
                exec(compiled(block), vars(module))
            if driver is not None:
                driver(module, world)
    except Exception:  # noqa: BLE001 - a block may raise anything
        return traceback.format_exc()
    return ""


def _module(page: Path) -> ModuleType:
    module = ModuleType("documented_" + page.stem.replace("-", "_"))
    sys.modules[module.__name__] = module
    return module


def compiled(block: Block) -> CodeType:
    # Padded, so that a traceback has the page's own lines.
    return compile("\n" * (block.line - 1) + block.text, name_of(block.page), "exec")


@contextmanager
def _watched(called: set[CodeType]) -> Iterator[None]:
    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.endswith(".md"):
            called.add(frame.f_code)

    # Servers that a driver starts run in threads of their own.
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def uncalled(module: ModuleType, called: set[CodeType]) -> Iterator[str]:
    for name, value in list(vars(module).items()):
        members = list(vars(value).items()) if inspect.isclass(value) else [(name, value)]
        own = getattr(value, "__module__", None) == module.__name__
        for inner, member in members if own else ():
            function = inspect.unwrap(getattr(member, "__func__", member))
            code = getattr(function, "__code__", None)
            if code is not None and code.co_filename.endswith(".md") and code not in called:
                yield name if member is value else f"{name}.{inner}"


if __name__ == "__main__":
    main()
