"""What is installed under an entry-point group, and running its code behind a guard."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from bonito_providers import requirements
from bonito_providers.crashes import ends_the_program, text_of
from bonito_providers.errors import BonitoError

NOBODY = "(unknown)"
"""Whose an entry point is when its package cannot be read."""


def unique(points: Iterable[EntryPoint]) -> list[EntryPoint]:
    """Return entry points in a stable order, each once: an editable installation can list two."""
    found = {(owner_of(point), point.name, point.value): point for point in points}
    return [point for _, point in sorted(found.items())]


def owner_of(point: EntryPoint) -> str:
    """Return the normalised name of the distribution an entry point came with."""
    return requirements.normalised(stated(point, "name") or NOBODY)


def stated(point: EntryPoint, field: str) -> str | None:
    """Return what an entry point's distribution states, or None where it cannot be read."""
    try:
        value: str | None = getattr(point.dist, field, None)
    except Exception:  # noqa: BLE001 - damaged metadata raise differently in each Python
        return None
    return value


def guarded(load: Callable[[], Any]) -> tuple[Any, str, float]:
    """Run a plugin's code; return what it gave, what went wrong, and how long it took."""
    started = time.perf_counter()
    problem = ""
    loaded = None
    try:
        loaded = load()
    except BonitoError as error:
        problem = str(error)
    except SystemExit as error:
        problem = f"it called sys.exit({error.code!r}){_place(error)}"
    except BaseException as error:
        if ends_the_program(error):
            raise
        problem = f"{type(error).__name__}: {text_of(error)}{_place(error)}"
    return loaded, problem, time.perf_counter() - started


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if not frame.filename.startswith("<frozen")]
    if len(inside) < 2:  # noqa: PLR2004 - the first frame is this file's
        return ""
    return f" at {Path(inside[-1].filename).name}:{inside[-1].lineno}"
