"""Killing a process at one of its requests, and running the command until then."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bonito_emulators import AfterApplied, Fault, Reset
from host.tests.managed import Managed
from host.tests.running import PATIENCE, Finished

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

Moment = Literal["before", "during", "after"]
"""The request has not taken effect; it has, and the answer is lost; the answer has been sent."""


@dataclass
class Kill:
    """Kills the process at its nth request."""

    at: int
    moment: Moment
    seen: int = 0
    happened: bool = False
    _process: int | None = None
    _known: threading.Event = field(default_factory=threading.Event)

    def aim(self, process: int) -> None:
        self._process = process
        self._known.set()

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen += 1
        if self.seen != self.at:
            await app(scope, receive, send)
        elif self.moment == "after":
            await app(scope, receive, send)
            self._kill()
        else:
            action = AfterApplied(self._die) if self.moment == "during" else self._die
            await action(app, scope, receive, send)

    async def _die(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._kill()
        await Reset()(app, scope, receive, send)

    def _kill(self) -> None:
        # A request can come from that process only, so it is known by then or in an instant.
        assert self._known.wait(PATIENCE)
        assert self._process is not None
        os.kill(self._process, signal.SIGKILL)
        self.happened = True


def run_and_kill(cloud: Managed, *arguments: str, at: int, moment: Moment) -> int:
    """Run the command, kill it at that request, and return the code it left with."""
    kill, bonito, faults = Kill(at, moment), cloud.bonito, cloud.cloud.faults
    faults.add(Fault(path_prefix="/", times=None, action=kill))
    environment = bonito.environment()
    kill.aim(bonito.forks.begin(*arguments, environment=environment, folder=bonito.folder))
    done = bonito.forks.finish()
    faults.clear()
    assert kill.happened, "the command sent fewer requests than when they were counted"
    return done.code


def run_and_die(cloud: Managed, *arguments: str, at: int) -> int:
    """Run the command, let it die at that step of a write to its store, and return its code."""
    return _run(cloud, *arguments, dies_at=at).code


def count_steps(cloud: Managed, *arguments: str) -> int:
    """Run the command to its good end and return in how many steps it wrote to its store."""
    record = cloud.bonito.folder / "steps"
    done = _run(cloud, *arguments, record=str(record))
    assert done.code == 0, done.stderr
    steps = record.stat().st_size
    assert steps >= 4, "a write has four steps at the least"
    return steps


def _run(cloud: Managed, *arguments: str, **steps: object) -> Finished:
    bonito = cloud.bonito
    environment, folder = bonito.environment(), bonito.folder
    bonito.forks.begin(*arguments, environment=environment, folder=folder, **steps)
    return bonito.forks.finish()


def count_requests(cloud: Managed, *arguments: str) -> int:
    """Run the command to its good end and return how many requests it sent."""
    cloud.log.clear()
    done = cloud.bonito.run(*arguments)
    assert done.code == 0, done.stderr
    return len(cloud.log.requests)
