"""One mutant's trial: a forked process in which the changed module is the one that is imported."""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.util
import json
import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_tests.tests.mutation.operators import Mutant

LIMIT = 240.0
"""Seconds; a mutant that hangs the suite for longer is caught by that."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        killer: The id of the check that failed; None for a survivor.
        outcome: The check's outcome, or ``timeout``, or ``import`` where the module broke at once.
        seen: What the check saw.
        seconds: How long it took.
    """

    killer: str | None
    outcome: str
    seen: str
    seconds: float


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, module: str, code: CodeType) -> None:
        self._module = module
        self._code = code

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self._module:
            return None
        return importlib.util.spec_from_loader(name, self, origin="mutant")

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def begin(mutant: Mutant | None, harness: str, order: Sequence[str]) -> tuple[int, int, float]:
    """Fork a trial, and return its process, the pipe it reports by and when it began."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading, time.monotonic()
    os.close(reading)
    os.setpgid(0, 0)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    try:
        report = _tried(mutant, harness, order)
    except BaseException as error:  # noqa: BLE001 - whatever happens is the report
        report = {"killer": "import", "outcome": "import", "seen": repr(error)[:200]}
    os.write(writing, json.dumps(report).encode())
    os._exit(0)


def end(process: int, reading: int, began: float) -> Verdict | None:
    """Return the verdict if the trial is over or has taken too long; None while it runs."""
    took = time.monotonic() - began
    ready, _, _ = select.select([reading], [], [], 0)
    if not ready and took < LIMIT:
        return None
    text = os.read(reading, 65536) if ready else b""
    os.close(reading)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    if not ready:
        return Verdict("timeout", "timeout", f"no end after {LIMIT:g} s", took)
    if not text:
        return Verdict("died", "died", "the process ended without a report", took)
    return Verdict(**json.loads(text), seconds=took)


def _tried(mutant: Mutant | None, harness: str, order: Sequence[str]) -> dict[str, Any]:
    if mutant is not None:
        code = compile(mutant.tree(), f"<{mutant.id}>", "exec", dont_inherit=True)
        sys.meta_path.insert(0, _Changed(mutant.module, code))
    from bonito_contract_tests.catalogue import all_checks
    from bonito_contract_tests.runner import BAD, run_check
    from bonito_contract_tests.stage import Stage

    module, _, name = harness.partition(":")
    made = getattr(import_module(module), name)()
    checks = {check.id: check for check in all_checks()}
    with Stage(made) as stage:
        for each in order:
            result = run_check(checks[each], stage)
            if result.outcome in BAD:
                return {"killer": each, "outcome": result.outcome, "seen": result.seen[:300]}
    return {"killer": None, "outcome": "survived", "seen": ""}
