"""Trying checks in several processes, so that a run is over sooner.

Each process has a cloud of its own. The first has all checks that may need LiteLLM and begins with
them, so that it is imported once, while the others work. Half of the processes go on with the
first checks and half with the last, so that the checks of a family mostly stay together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from bonito_contract_tests.judgement import Row, row_from, row_of
from bonito_contract_tests.runner import Outcome, Result
from bonito_contract_tests.worker import INTERRUPTED

if TYPE_CHECKING:
    from typing import Any, Self

    from bonito_contract_tests.check import Check
    from bonito_contract_tests.harness import Harness

PATIENCE = 10.0
"""Seconds that a process has to end after it was told to."""

Tried = tuple[Row, str]
"""What a check came to, and that as text."""


class Workers:
    """Processes that share the checks of one harness, and end with the context.

    They are started at once and load the suite while whoever asks them loads the harness. None is
    interrupted from the terminal: whoever asks is, and tells them to end.

    Args:
        arguments: What `worker` takes after its number.
        processes: How many.
    """

    def __init__(self, arguments: Sequence[str], *, processes: int) -> None:
        self._command = (sys.executable, "-m", f"{__package__}.worker")
        self._arguments = tuple(arguments)
        self._routing: deque[Check] = deque()
        self._waiting: deque[Check] = deque()
        self._tried: SimpleQueue[Tried | None] = SimpleQueue()
        self._running: set[subprocess.Popen[str]] = set()
        self._ending = False
        self._processes = processes
        self._first: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        for number in range(min(self._processes, os.cpu_count() or 1)):
            self._first.append(self._started(number))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._end()
        for process in self._first:
            _dismiss(process)

    def tried(self, checks: Sequence[Check], harness: Harness[Any]) -> Generator[Tried, None, None]:
        """Yield what each check came to, as soon as it is known.

        Args:
            checks: Which.
            harness: The same harness as the processes', in this one.

        Raises:
            KeyboardInterrupt: A process was interrupted.
        """
        for check in checks:
            (self._routing if check.routes else self._waiting).append(check)
        lanes = [
            Thread(target=self._work, args=(number, harness)) for number in range(self._processes)
        ]
        for lane in lanes:
            lane.start()
        try:
            yield from self._found(len(checks))
        except BaseException:
            # Also a caller that takes no more, as an interrupted command does.
            self._end()
            raise
        finally:
            for lane in lanes:
                lane.join()

    def _found(self, number: int) -> Iterator[Tried]:
        for _ in range(number):
            found = self._tried.get()
            if found is None:
                raise KeyboardInterrupt
            yield found

    def _work(self, number: int, harness: Harness[Any]) -> None:
        """Hand checks to one process after another; one that dies costs the check it was at."""
        process = self._first[number] if number < len(self._first) else None
        with suppress(IndexError):
            while not self._ending:
                check = self._next(number)
                process = process or self._started(number)
                answer = _asked(process, check.id)
                if answer:
                    told = json.loads(answer)
                    self._tried.put((row_from(told["row"]), told["text"]))
                    continue
                _dismiss(process)
                self._tried.put(self._lost(check, harness, process.returncode))
                process = None
        if process is not None:
            _dismiss(process)

    def _next(self, number: int) -> Check:
        """Take a check for a process.

        Raises:
            IndexError: None is left.
        """
        if number == 0 and self._routing:
            return self._routing.popleft()
        return self._waiting.popleft() if number % 2 == 0 else self._waiting.pop()

    def _started(self, number: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours
            [*self._command, str(number), *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._running.add(process)
        return process

    def _lost(self, check: Check, harness: Harness[Any], code: int) -> Tried | None:
        if self._ending or code == INTERRUPTED:
            self._ending = True
            return None
        result = Result(
            check=check,
            outcome=Outcome.CRASHED,
            seen=f"the process ended during the check, with code {code}",
            expected="a plugin that leaves its process alone",
        )
        return row_of(result, harness), result.text()

    def _end(self) -> None:
        """Tell what runs to end: it takes its cloud down, if it has put one up."""
        self._ending = True
        for process in list(self._running):
            if process.poll() is None:
                process.terminate()


def _asked(process: subprocess.Popen[str], name: str) -> str:
    """Return the answer for one check; nothing where the process ended instead."""
    try:
        print(name, file=process.stdin, flush=True)
    except BrokenPipeError:
        return ""
    return process.stdout.readline() if process.stdout else ""


def _dismiss(process: subprocess.Popen[str]) -> None:
    """Let a process end, which takes its cloud down."""
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
