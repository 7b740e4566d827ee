"""ERR, continued: connections that break, hosts that are not there, callers that go away."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.errors import ERRORS
from bonito_contract_tests.exercises import attempt, exercises, lasting, told
from bonito_contract_tests.outcomes import must_raise, outcome_under
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_emulators import Action, Fault, Reset, Slow, Truncate
from bonito_providers.errors import HostUnreachable, TemporaryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.exercises import Call
    from bonito_providers import Connection

_PROMPTLY = 2.0
"""Seconds of real time; the answer it would otherwise wait for takes many times as long."""
_STALLED = 30.0


@ERRORS.check(
    8,
    rule="A connection that breaks, before or within an answer, is a TemporaryError, never a "
    "part of an answer taken for the whole.",
    mend="Call through `connection.http` and do not catch what it raises.",
)
async def broken_connections_are_temporary(bench: Bench) -> None:
    broken: list[tuple[str, Action]] = [
        ("a reset", Reset()),
        ("an answer that breaks off", Truncate(3)),
        ("an answer without a body", Truncate(0)),
    ]
    for access in bench.outermost:
        calls = await exercises(bench, access)
        async with bench.connect(access) as connection:
            await calls["check_credentials"](connection)
            for name, action in broken:
                for hook, call in calls.items():
                    outcome = await outcome_under(bench, action, call, connection)
                    when = f"{name} in {hook}, {access.name}"
                    must_raise(outcome, TemporaryError, when=when)


@ERRORS.check(
    10,
    rule="A host that is not there is HostUnreachable in every hook.",
    mend="Let the error of `connection.http` pass; a listing that could not be read is no empty "
    "one.",
)
async def a_host_that_is_not_there_is_unreachable(bench: Bench) -> None:
    async def nowhere(host: str, port: int) -> Sequence[tuple[str, int]]:
        message = f"no address for {host}:{port}"
        raise OSError(message)

    network = dataclasses.replace(bench.network(), resolver=nowhere)
    for access in bench.outermost:
        for hook, call in (await exercises(bench, access)).items():
            dead = bench.provider.connect(access.fields, id=f"dead-{hook}", network=network)
            async with dead as connection:
                outcome = await attempt(call, connection)
            must_raise(outcome, HostUnreachable, when=f"no host in {hook}, {access.name}")


@ERRORS.check(
    11,
    rule="A caller who goes away is let go at once, with CancelledError, and the connection goes "
    "on working.",
    mend="Do not catch BaseException or CancelledError; release what you hold in `finally`.",
)
async def cancellation_passes(bench: Bench) -> None:
    calls = await exercises(bench)
    tried = []
    for hook, call in calls.items():
        async with bench.connect() as connection:
            # What one call shares with others goes on without it, so it is made beforehand.
            await calls["check_credentials"](connection)
            good = lasting(await call(connection)) if hook != "deploy" else None
            if await _cancelled(bench, hook, call, connection):
                tried.append(hook)
            bench.faults.clear()
            again = await _again(call, connection)
        must(
            good is None or lasting(again) == good,
            seen=f"after {hook} was cancelled, the same connection gave {told(again)}",
            expected="what it gave before",
        )
    if not tried:
        raise HarnessError("no hook sent a request while the service was slow")


async def _again(call: Call, connection: Connection) -> object:
    try:
        return await attempt(call, connection)
    except asyncio.CancelledError as error:
        return error


async def _cancelled(bench: Bench, hook: str, call: Call, connection: Connection) -> bool:
    """Cancel a call once its request has arrived; False where it sends none."""
    seen = len(bench.wire)
    bench.faults.add(Fault(action=Slow(seconds_before=_STALLED), times=None))
    task = asyncio.ensure_future(attempt(call, connection))
    # The cloud's log is another thread's and cannot wake this one.
    while len(bench.wire) == seen and not task.done():  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    if task.done():
        return False
    task.cancel()
    await asyncio.wait({task}, timeout=_PROMPTLY)
    must(
        task.done(),
        seen=f"{hook} goes on {_PROMPTLY:g} seconds after it was cancelled",
        expected="CancelledError",
    )
    if not task.cancelled():
        raise Violation(
            f"{hook} was cancelled and gave {told(task.result())}", expected="CancelledError"
        )
    return True
