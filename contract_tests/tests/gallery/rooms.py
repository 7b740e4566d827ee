"""The whole gallery: every module beside this one hangs its broken plugins in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from contract_tests.tests.gallery.broken import GALLERY, Broken

if TYPE_CHECKING:
    from bonito_contract_tests.stage import Stage

_NOT_ROOMS = {
    "__init__",
    "__main__",
    "bases",
    "broken",
    "canary",
    "matrix",
    "monolith",
    "page",
    "rooms",
    "shipped",
}


@cache
def all_broken() -> tuple[Broken, ...]:
    """Return every broken plugin, by the check that is to catch it."""
    for each in sorted(Path(__file__).parent.glob("*.py")):
        if each.stem not in _NOT_ROOMS:
            import_module(f"contract_tests.tests.gallery.{each.stem}")
    return tuple(sorted(GALLERY, key=lambda each: (each.check, each.name)))


@contextmanager
def hung(stage: Stage, broken: Broken) -> Iterator[None]:
    """Let a stage of its base try that plugin; LiteLLM and the servers stay as they are."""
    harness = broken.base.harness()
    made: Any = broken.plugin()
    harness.plugin = made
    stage.harness = harness
    stage.changed.clear()
    with ExitStack() as exchanges:
        for name, value in broken.exchanged.items():
            exchanges.enter_context(patch(name, value))
        yield
