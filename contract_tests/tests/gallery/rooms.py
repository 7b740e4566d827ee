"""The whole gallery: every module beside this one hangs its broken plugins in it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bonito_aviary.conformance import AviaryHarness
from contract_tests.tests.gallery.broken import GALLERY, Broken

if TYPE_CHECKING:
    from bonito_contract_tests.stage import Stage

_NOT_ROOMS = {"__init__", "__main__", "broken", "canary", "matrix", "rooms"}


def all_broken() -> tuple[Broken, ...]:
    """Return every broken plugin, by the check that is to catch it."""
    for each in sorted(Path(__file__).parent.glob("*.py")):
        if each.stem not in _NOT_ROOMS:
            import_module(f"contract_tests.tests.gallery.{each.stem}")
    return tuple(sorted(GALLERY, key=lambda each: (each.check, each.name)))


def hang(stage: Stage, broken: Broken) -> None:
    """Let a stage try that plugin from now on; LiteLLM and the servers stay as they are."""
    harness = AviaryHarness()
    made: Any = broken.plugin()
    harness.plugin = made
    stage.harness = harness
