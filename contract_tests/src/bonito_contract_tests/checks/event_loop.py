"""LOOP: whether the plugin lets others work while it waits."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.exercises import attempt, exercises
from bonito_contract_tests.reading import Read, reads
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Fault, exchange_of
from bonito_providers.errors import BonitoError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection

EVENT_LOOP = Family("LOOP", "The event loop")

PATIENCE = 5.0
"""Seconds in which a request arrives, or a cancelled call ends; both take milliseconds."""
STUCK, STALLED = 1.0, 0.25
"""Seconds for which the loop may stand still at the most, and should."""
CHANCES = 2
"""How often a call that held the loop is tried again: SDKs load at first use, machines are busy."""
BEAT = 0.005


class Held:
    """Holds every answer back until it is released, or the caller has gone.

    Attributes:
        released: Set to let the answers go.
        callers: How many wait for an answer.
    """

    def __init__(self) -> None:
        self.released = threading.Event()
        self.callers = 0

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request once it is time."""
        self.callers += 1
        try:
            while not self.released.is_set():
                if not await exchange_of(scope).pause(BEAT):
                    return
        finally:
            self.callers -= 1
        await app(scope, receive, send)


@contextmanager
def _held(bench: Bench) -> Iterator[Held]:
    held = Held()
    bench.faults.add(Fault(action=held, times=None))
    try:
        yield held
    finally:
        bench.faults.clear()
        held.released.set()


@EVENT_LOOP.check(
    1,
    rule="A cancelled call ends at once with CancelledError, sends nothing more, and leaves the "
    "connection usable.",
    mend="Let `CancelledError` pass; catch `Exception`, not `BaseException`, and shield nothing.",
)
async def a_cancelled_call_ends(bench: Bench) -> None:
    for hook, read in reads(bench, bench.widest).items():
        bench.renew()
        async with bench.connect() as earlier:
            # Whatever an SDK imports at its first use is there by now; it may take its time.
            await _must_work(read, earlier, hook)
        async with bench.connect() as connection:
            with _held(bench):
                await _cancelled(bench, read(connection), hook)
            await _must_work(read, connection, hook)
            # What all callers of a connection share, such as a token, is there by now.
            with _held(bench) as held:
                sent = await _cancelled(bench, read(connection), hook)
                gone = await _until(partial(_is_left, held))
            must(
                gone or not await _waiting(bench, sent + 1),
                seen=f"{hook} went on asking",
                expected="no request more",
            )
            await _must_work(read, connection, hook)


def _is_left(held: Held) -> bool:
    return not held.callers


async def _cancelled(bench: Bench, work: Awaitable[object], hook: str) -> int:
    """Cancel a call whose request has arrived; return how many requests there are then."""
    before = len(bench.wire)
    call = asyncio.ensure_future(work)
    must(await _waiting(bench, before + 1), seen=f"{hook} asks nothing", expected="a request")
    await _must_end(call, hook)
    return len(bench.wire)


async def _must_end(call: asyncio.Future[object], hook: str) -> None:
    call.cancel()
    await asyncio.wait([call], timeout=PATIENCE)
    if not call.done():
        raise Violation(f"{hook} goes on for {PATIENCE:g} seconds", expected="an end at once")
    if not call.cancelled():
        ended = call.exception() or call.result()
        raise Violation(
            f"{hook}, cancelled, ended with {type(ended).__name__}", expected="CancelledError"
        )


async def _must_work(read: Read, connection: Connection, hook: str) -> None:
    try:
        await read(connection)
    except BonitoError as error:
        raise Violation(
            f"before or after a cancelled call, {hook} raised {type(error).__name__}: {error}",
            expected="a connection that works",
        ) from None


@EVENT_LOOP.check(
    2,
    rule="Calls wait side by side: of two calls, on one connection or on two, both requests arrive "
    "before either is answered.",
    mend="Hold no lock over a call, and run what cannot be awaited in a thread.",
)
async def calls_wait_side_by_side(bench: Bench) -> None:
    for hook, read in reads(bench, bench.widest).items():
        bench.renew()
        async with bench.connect() as one, bench.connect() as other:
            for connection in (one, other):
                await read(connection)
            for pair, where in (((one, other), "two connections"), ((one, one), "one connection")):
                await _must_overlap(bench, [read(each) for each in pair], f"{hook} on {where}")


async def _must_overlap(bench: Bench, calls: list[Awaitable[object]], what: str) -> None:
    bench.log.clear()
    with _held(bench):
        tasks = [asyncio.ensure_future(each) for each in calls]
        together = await _waiting(bench, len(tasks))
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=PATIENCE)
    must(
        together,
        seen=f"{what}: the second call asks nothing until the first is answered",
        expected="both requests under way at once",
    )


async def _waiting(bench: Bench, count: int) -> bool:
    """Wait until that many requests have arrived, and tell whether they have."""
    return await _until(lambda: len(bench.wire) >= count)


async def _until(condition: Callable[[], bool]) -> bool:
    """Wait for something in the cloud's thread, as long as patience lasts."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - another thread brings it about
                await asyncio.sleep(BEAT)
    return condition()


@EVENT_LOOP.check(
    3,
    rule="No hook holds the event loop for a second.",
    mend="Await instead of blocking; a library that blocks runs in `asyncio.to_thread`.",
)
async def no_hook_holds_the_loop(bench: Bench) -> None:
    await _must_let_go(bench, STUCK)


@EVENT_LOOP.check(
    4,
    level=Level.SHOULD,
    rule="No hook holds the event loop for a quarter of a second, once it has been used.",
    mend="Move long computations, such as signing and large parsing, into `asyncio.to_thread`.",
)
async def no_hook_stalls_the_loop(bench: Bench) -> None:
    await _must_let_go(bench, STALLED)


async def _must_let_go(bench: Bench, most: float) -> None:
    """Call every hook; what holds the loop at first, to import something, is called again."""
    calls = await exercises(bench)
    async with bench.connect() as connection:
        for hook, call in calls.items():
            gap = await _longest_gap(partial(attempt, call, connection))
            for _ in range(CHANCES):
                if gap > most:
                    gap = min(gap, await _longest_gap(partial(attempt, call, connection)))
            must(
                gap <= most,
                seen=f"{hook} held the loop for {gap:.2f} seconds each time",
                expected=f"at most {most:g}",
            )


async def _longest_gap(call: Callable[[], Awaitable[object]]) -> float:
    """Return for how long at most nothing else could run during a call."""
    gaps, last = [0.0], time.monotonic()
    task = asyncio.ensure_future(call())
    while not task.done():
        await asyncio.wait([task], timeout=BEAT)
        now = time.monotonic()
        gaps.append(now - last)
        last = now
    return max(gaps) - BEAT
