"""ERR, continued: connections that break, hosts that are not there, callers that go away."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.errors import ERRORS
from bonito_contract_tests.exercises import attempt, exercises, lasting, taking_turns, told
from bonito_contract_tests.interceptions import After
from bonito_contract_tests.outcomes import must_raise, outcome_under
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_emulators import Action, Fault, Reset, Slow, Truncate
from bonito_providers.errors import HostUnreachable, TemporaryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.exercises import Call
    from bonito_providers import Connection

_PROMPTLY = 5.0
"""Seconds of real time; the answer it would otherwise wait for takes many times as long."""
_STALLED = 30.0
_A_DAY = 86_400.0
"""Seconds; no token lives as long."""
_LET_GO = object()
"""That a call was cancelled and ended so."""
_REQUESTS = 12
"""At how many requests of a hook it is cancelled at the most; a long listing has more pages."""
_WRITING = ("deploy", "delete_deployment")
"""Hooks that find something else after they were carried out, and so begin in a fresh cloud."""


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
    async with taking_turns(bench, broken) as turns:
        for turn in turns:
            name, action = turn.situation
            outcome = await outcome_under(bench, action, turn.call, turn.connection)
            must_raise(outcome, TemporaryError, when=f"{name} in {turn.hook}, {turn.access}")


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
    rule="A caller who goes away is let go at once, with CancelledError, whichever request of a "
    "hook is under way, and the connection goes on working.",
    mend="Do not catch BaseException or CancelledError; release what you hold in `finally`.",
)
async def cancellation_passes(bench: Bench) -> None:
    calls = await exercises(bench)
    tried = [hook for hook in calls if await _cancelled_anywhere(bench, hook, calls)]
    if not tried:
        raise HarnessError("no hook sent a request while the service was slow")


async def _cancelled_anywhere(bench: Bench, hook: str, calls: Mapping[str, Call]) -> int:
    """Cancel a hook at each of its requests in turn; return at how many."""
    most = _REQUESTS * bench.thorough
    if hook in _WRITING:
        for passed in range(most):
            bench.renew()
            async with bench.connect() as connection:
                # What signs in goes on without the call that is cancelled.
                await calls["get_deployment"](connection)
                if hook == "delete_deployment":
                    await calls["deploy"](connection)
                    bench.harness.finish(bench.cloud)
                if not await _let_go(bench, hook, calls[hook], connection, passed=passed):
                    return passed
        return most
    async with bench.connect() as connection:
        # What one call shares with others goes on without it, so it is made beforehand.
        good = lasting(await calls[hook](connection))
        for passed in range(most):
            # The call that is cancelled next shows whether the one before it left harm behind.
            came = await _cancelled(bench, hook, calls[hook], connection, passed=passed)
            if came is not _LET_GO:
                _must_work(hook, came, passed=passed, good=good)
                return passed
        _must_work(hook, await _again(calls[hook], connection), passed=most, good=good)
    return most


def _must_work(hook: str, came: object, *, passed: int, good: object) -> None:
    works = not isinstance(came, BaseException) if good is None else lasting(came) == good
    when = f"after {hook} was cancelled at request {passed}" if passed else f"called again, {hook}"
    must(
        works,
        seen=f"{when}: the same connection gave {told(came)}",
        expected="what it gives otherwise",
    )


async def _let_go(
    bench: Bench, hook: str, call: Call, connection: Connection, *, passed: int
) -> bool:
    """Cancel a call after so many requests and call again; False where it sends no more."""
    if await _cancelled(bench, hook, call, connection, passed=passed) is not _LET_GO:
        return False
    _must_work(hook, await _again(call, connection), passed=passed + 1, good=None)
    return True


async def _again(call: Call, connection: Connection) -> object:
    try:
        return await attempt(call, connection)
    except asyncio.CancelledError as error:
        return error


async def _cancelled(
    bench: Bench, hook: str, call: Call, connection: Connection, *, passed: int
) -> object:
    """Cancel a call once the request after those has arrived; return what it gives without one."""
    stalling = After(passed, Slow(seconds_before=_STALLED))
    bench.faults.add(Fault(action=stalling, times=None))
    task = asyncio.ensure_future(attempt(call, connection))
    # Set in the emulation's thread, which no event of this loop can be set from.
    while not stalling.reached.is_set() and not task.done():  # noqa: ASYNC110 - set by another thread
        await asyncio.sleep(0.001)
    if not stalling.reached.is_set():
        bench.faults.clear()
        return asyncio.CancelledError() if task.cancelled() else task.result()
    task.cancel()
    await asyncio.wait({task}, timeout=_PROMPTLY)
    bench.faults.clear()
    must(
        task.done(),
        seen=f"{hook} goes on {_PROMPTLY:g} seconds after it was cancelled",
        expected="CancelledError",
    )
    if not task.cancelled():
        raise Violation(
            f"{hook} was cancelled at request {passed + 1} and gave {told(task.result())}",
            expected="CancelledError",
        )
    return _LET_GO


@ERRORS.check(
    15,
    rule="A token that has expired is renewed: the next call on the same connection signs in again "
    "and succeeds. Where the harness has no `expire_tokens`, a day passes on the connection's "
    "clock alone.",
    mend="Keep a token with its end, read from the answer and told by `connection.clock`; keep no "
    "header made of one.",
)
async def expired_tokens_are_renewed(bench: Bench) -> None:
    calls = await exercises(bench)
    for hook, call in calls.items():
        if hook in _WRITING:
            continue
        async with bench.connect() as connection:
            good = lasting(await call(connection))
            bench.harness.expire_tokens(bench.cloud)
            bench.clock.advance(_A_DAY)
            again = await attempt(call, connection)
        must(
            lasting(again) == good,
            seen=f"{hook} on a connection that was idle for a day: {told(again)}",
            expected="what it gave before",
        )
