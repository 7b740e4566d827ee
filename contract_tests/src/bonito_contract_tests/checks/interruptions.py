"""LIFE, third part: writes that fail, answers that are lost, and processes that end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.lifecycle import LIFECYCLE
from bonito_contract_tests.deploying import (
    UNDER_WAY,
    deploying,
    held,
    hit_write,
    planned,
    requests,
    write_of,
)
from bonito_contract_tests.holdings import (
    holdings,
    must_be_created_once,
    must_be_unchanged,
    must_stand,
)
from bonito_contract_tests.interceptions import OnWrite
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Fault, Reset, Respond, Slow
from bonito_providers import Capability, DeploymentPlan, State, wait
from bonito_providers.errors import AuthenticationError, TemporaryError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_emulators import Action
    from bonito_providers import Connection, Deployment

FORBIDDEN = 403
UNAVAILABLE = Respond(503, body={})
_PROMPTLY = 5.0
"""Seconds of real time; the answer it would otherwise wait for takes many times as long."""


@LIFECYCLE.check(
    17,
    rule="Where the answer to the write is lost after the cloud applied it, deploying again with "
    "the same plan finds what stands: one creation, and what is told is what the cloud holds.",
    mend="Write under a name or token of your own, so that a repeated write finds the first.",
    needs=(Capability.DEPLOY,),
)
async def a_lost_answer_pays_once(bench: Bench) -> None:
    for action in (Reset(), UNAVAILABLE):
        bench.renew()
        async with bench.connect(deploying(bench)) as connection:
            plan = await planned(bench, connection, requests(bench)[0])
            losing = OnWrite(held(bench), action)
            bench.faults.add(Fault(action=losing, times=None))
            await _deploy_in_spite(bench, connection, plan)
            must(losing.writes, seen="deploying wrote nothing", expected="a deployment")
            await _must_be_reconciled(bench, plan, what=f"an answer lost by {action}")


@LIFECYCLE.check(
    18,
    rule="A write that fails before the cloud applied it is told as a TemporaryError or is "
    "repeated, and the same plan works afterwards: one creation.",
    mend="Let the error pass; the caller sends the same plan again.",
    needs=(Capability.DEPLOY,),
)
async def a_failed_write_can_be_repeated(bench: Bench) -> None:
    write = await write_of(bench, requests(bench)[0])
    # Once is what the core repeats on its own; four times is more than it does.
    faults: tuple[tuple[Action, int], ...] = (
        (Respond(500, body={}), 4),
        (Respond(429, headers={"retry-after": "1"}, body={}), 1),
        (Reset(), 1),
    )
    for action, times in faults:
        bench.renew()
        async with bench.connect(deploying(bench)) as connection:
            plan = await planned(bench, connection, requests(bench)[0])
            hit_write(bench, write, action, times=times)
            await _deploy_in_spite(bench, connection, plan)
            await _must_be_reconciled(bench, plan, what=f"a write that failed by {action}")


@LIFECYCLE.check(
    19,
    rule="A write that the cloud does not apply is never told as a deployment: 5xx for good raises "
    "a TemporaryError, 403 an AuthenticationError or is NEEDS_ACTION.",
    mend="Read the status of the write before you return a deployment.",
    needs=(Capability.DEPLOY,),
)
async def a_failed_write_is_no_deployment(bench: Bench) -> None:
    write = await write_of(bench, requests(bench)[0])
    for status, error in ((500, TemporaryError), (503, TemporaryError), (403, AuthenticationError)):
        bench.renew()
        async with bench.connect(deploying(bench)) as connection:
            plan = await planned(bench, connection, requests(bench)[0])
            before = holdings(bench)
            hit_write(bench, write, Respond(status, body={}), times=None)
            try:
                told = await bench.provider.deploy(connection, plan)
            except error:
                pass
            else:
                must(
                    told.state is State.NEEDS_ACTION and told.actions and status == FORBIDDEN,
                    seen=f"the write was answered {status}, and deploy says {told.state}",
                    expected=error.__name__,
                )
            must_be_unchanged(bench, before, after=f"a write answered {status}")
            found = await bench.provider.get_deployment(connection, plan.ref)
        must(
            found.state is State.ABSENT,
            seen=f"nothing was made, and looking says {found.state}",
            expected="ABSENT",
        )


@LIFECYCLE.check(
    20,
    rule="A process that ends in the middle of the write loses nothing: the call lets go at once, "
    "and another process finds by the stored plan what stands, and pays for nothing twice.",
    mend="Let CancelledError pass; keep nothing in memory that plan and cloud do not have.",
    needs=(Capability.DEPLOY,),
)
async def a_crash_loses_nothing(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, requests(bench)[0])
        stored = plan.model_dump_json()
        # The answer comes long after the process has gone.
        held_back = OnWrite(held(bench), Slow(seconds_before=30))
        bench.faults.add(Fault(action=held_back, times=None))
        running = asyncio.ensure_future(bench.provider.deploy(connection, plan))
        # Counted in the emulation's thread, which no event of this loop can be set from.
        while not held_back.writes and not running.done():  # noqa: ASYNC110 - set by another thread
            await asyncio.sleep(0.002)
        must(held_back.writes, seen="deploying wrote nothing", expected="a deployment")
        await _must_end(running)
    bench.faults.clear()
    await _must_be_reconciled(
        bench, DeploymentPlan.model_validate_json(stored), what="a process that ended"
    )


async def _must_end(running: asyncio.Future[Deployment]) -> None:
    """Cancel a deploy in the middle of its write, as a host does that is shut down."""
    running.cancel()
    await asyncio.wait({running}, timeout=_PROMPTLY)
    must(
        running.cancelled(),
        seen="deploy was cancelled during its write and "
        f"{'gave an outcome all the same' if running.done() else 'goes on'}",
        expected="CancelledError at once",
    )


async def _deploy_in_spite(bench: Bench, connection: Connection, plan: DeploymentPlan) -> None:
    """Deploy while something goes wrong; what is told must be true, or a TemporaryError."""
    try:
        told = await bench.provider.deploy(connection, plan)
    except TemporaryError:
        return
    if told.state in UNDER_WAY:
        must_stand(bench, plan.ref, told=f"deploy said {told.state}")
    must(
        told.state in UNDER_WAY | {State.QUEUED},
        seen=f"deploy said {told.state}: {told.error or ''}",
        expected="what stands, QUEUED, or a TemporaryError",
    )


async def _must_be_reconciled(bench: Bench, plan: DeploymentPlan, *, what: str) -> None:
    """Take the stored plan up in another process, and compare."""
    async with bench.connect(deploying(bench)) as connection:
        standing = plan.ref.name in bench.harness.standing(bench.cloud)
        found = await bench.provider.get_deployment(connection, plan.ref)
        if (found.state is not State.ABSENT) != standing:
            raise Violation(
                f"after {what}, looking says {found.state}, and the cloud "
                f"{'holds it' if standing else 'does not hold it'}",
                expected="what the cloud holds",
            )
        final = await wait(connection, plan)
    must(
        final.state is State.READY and final.created is not standing,
        seen=f"after {what}, the same plan ended with {final.state}, created={final.created}",
        expected=f"READY, created={not standing}",
    )
    must_be_created_once(bench, plan.ref.name, after=f"{what} and the same plan again")
