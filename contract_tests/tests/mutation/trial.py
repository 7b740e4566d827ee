"""One trial: a forked process that imports modules from changed trees, and runs checks on them."""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.util
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType

from contract_tests.tests.mutation.coverage import MARK

Trees = Mapping[str, Callable[[], ast.Module]]
"""Modules by name, and what makes the tree each is imported from."""
BEGINNING = 60.0
"""Seconds for all imports and the servers' start."""


@dataclass(frozen=True)
class Step:
    """What one check came to.

    Attributes:
        check: Its id.
        failed: Whether it failed.
        outcome: In a word.
        seen: What it saw, where it failed.
        seconds: How long it took.
        work: Seconds of this process's own work, which other programs make no longer.
        ran: The statements it ran, by the names of their marks.
    """

    check: str
    failed: bool
    outcome: str
    seen: str = ""
    seconds: float = 0.0
    work: float = 0.0
    ran: tuple[str, ...] = ()


@dataclass
class Trial:
    """A process that reports one line for each check, and ends with the first that fails.

    Attributes:
        process: Its id, and its group's.
        pipe: Where it reports.
        order: The checks it was given.
        text: What it has reported so far.
    """

    process: int
    pipe: int
    order: Sequence[str]
    text: bytes = field(default=b"", repr=False)

    def read(self) -> bool:
        """Take in what was reported; False once nothing more will come."""
        more = os.read(self.pipe, 1 << 20)
        self.text += more
        return bool(more)

    def end(self) -> list[Step]:
        """End the process and what it started, and return its steps; the last may be its end."""
        os.close(self.pipe)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        steps = [Step(**json.loads(line)) for line in self.text.splitlines()]
        if len(steps) < len(self.order) and not (steps and steps[-1].failed):
            ended = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
            outcome = "timeout" if ended else "died"
            steps.append(Step(self.order[len(steps)], failed=True, outcome=outcome))
        return steps


def first_ended(running: Sequence[Trial]) -> Trial:
    """Wait until one of them has come to its end, and return it."""
    by_pipe = {trial.pipe: trial for trial in running}
    while True:
        for pipe in select.select(list(by_pipe), [], [])[0]:
            if not by_pipe[pipe].read():
                return by_pipe[pipe]


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports modules from trees."""

    def __init__(self, trees: Trees, mark: Callable[[str], None]) -> None:
        self._trees = trees
        self._mark = mark

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self._trees:
            return None
        return importlib.util.spec_from_loader(name, self, origin="mutant")

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        code = compile(
            self._trees[module.__name__](), f"<{module.__name__}>", "exec", dont_inherit=True
        )
        vars(module)[MARK] = self._mark
        exec(code, vars(module))


def begin(trees: Trees, harness: str, limits: Mapping[str, float]) -> Trial:
    """Fork a trial of the checks in `limits`, in that order, each within its seconds."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return Trial(process, reading, tuple(limits))
    os.close(reading)
    os.setpgid(0, 0)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    with os.fdopen(writing, "w", encoding="utf-8") as report:
        _report(trees, harness, limits, lambda line: print(line, file=report, flush=True))
    os._exit(0)


def _report(
    trees: Trees, harness: str, limits: Mapping[str, float], tell: Callable[[str], None]
) -> None:
    try:
        for step in _steps(trees, harness, limits):
            tell(json.dumps(vars(step)))
            if step.failed:
                return
    except BaseException as error:  # noqa: BLE001 - whatever happens is the report
        step = Step("import", failed=True, outcome="import", seen=repr(error)[:200])
        tell(json.dumps(vars(step)))


def _steps(trees: Trees, harness: str, limits: Mapping[str, float]) -> Iterator[Step]:
    ran: set[str] = set()
    sys.meta_path.insert(0, _Changed(trees, ran.add))
    # Without a handler the alarm ends the process, however stuck it is.
    signal.setitimer(signal.ITIMER_REAL, BEGINNING)
    from bonito_contract_tests.catalogue import all_checks
    from bonito_contract_tests.runner import BAD, run_check
    from bonito_contract_tests.stage import Stage

    checks = {check.id: check for check in all_checks()}
    module, _, name = harness.partition(":")
    with Stage(getattr(import_module(module), name)()) as stage:
        for each, limit in limits.items():
            signal.setitimer(signal.ITIMER_REAL, limit)
            ran.clear()
            worked = time.process_time()
            result = run_check(checks[each], stage)
            yield Step(
                each,
                failed=result.outcome in BAD,
                outcome=str(result.outcome),
                seen=result.seen[:300],
                seconds=result.seconds,
                work=time.process_time() - worked,
                ran=tuple(ran),
            )
        signal.setitimer(signal.ITIMER_REAL, BEGINNING)
