"""LIFE, second part: what is deleted, what is not, and what that is told as."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.lifecycle import LIFECYCLE
from bonito_contract_tests.deploying import (
    deployed,
    deploying,
    held,
    hit_write,
    named,
    planned,
    removed,
    requests,
    watch_writes,
)
from bonito_contract_tests.exercises import attempt, told
from bonito_contract_tests.holdings import holdings, must_be_unchanged, must_stand
from bonito_contract_tests.interceptions import lost_answer
from bonito_contract_tests.violation import Violation, must
from bonito_emulators import Fault, Respond
from bonito_providers import Capability, Deployment, State
from bonito_providers.errors import Conflict, ProviderError, TemporaryError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection, DeploymentRef

GOING = frozenset({State.ABSENT, State.DELETING})


@LIFECYCLE.check(
    12,
    rule="Deleting one's own removes it from the cloud and nothing else, also while it is being "
    "built, and ends as ABSENT; deleting what is gone, or never was, succeeds as ABSENT.",
    mend='Send the DELETE, and take the service\'s "not found" for success.',
    needs=(Capability.DEPLOY,),
)
async def deleting_removes_and_is_idempotent(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        await _deploy_another(bench, connection)
        others = holdings(bench).standing
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        told = await bench.provider.delete_deployment(connection, plan.ref)
        must(
            told.state in GOING and told.ref == plan.ref,
            seen=f"deleting says {told.state} of {told.ref!r}",
            expected="ABSENT, or DELETING while it lasts",
        )
        bench.harness.finish(bench.cloud)
        _must_be_gone(bench, plan.ref)
        left = holdings(bench).standing
        must(
            left == others,
            seen=f"deleting {plan.ref.name!r} left {sorted(left)}; besides it stood "
            f"{sorted(others)}",
            expected="all the others as they were",
        )
        never = plan.ref.model_copy(update={"name": bench.harness.names[1]})
        before = holdings(bench)
        for ref in (plan.ref, plan.ref, never):
            again = await bench.provider.delete_deployment(connection, ref)
            found = await bench.provider.get_deployment(connection, ref)
            must(
                again.state is State.ABSENT and found.state is State.ABSENT and again.ref == ref,
                seen=f"deleting what is gone says {again.state}, looking says {found.state}",
                expected="ABSENT",
            )
    must_be_unchanged(bench, before, after="deleting what is gone")
    await _must_delete_what_is_built(bench)


@LIFECYCLE.check(
    13,
    rule="What this project did not make, or may not have made, is not deleted but refused with "
    "Conflict, unless the caller includes it.",
    mend="Read the mark in the cloud; only a mark of your own allows deleting.",
    needs=(Capability.DEPLOY,),
)
async def others_deployments_are_kept(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, named(requests(bench)[0], bench.harness.names[0]))
        bench.put_outside(plan.ref.name, plan.model.name or "")
        before = holdings(bench)
        await _must_refuse_to_delete(bench, connection, plan.ref)
        must_be_unchanged(bench, before, after="deleting what somebody else made")
        told = await bench.provider.delete_deployment(connection, plan.ref, include_unowned=True)
        must(
            told.state in GOING,
            seen=f"deleting with include_unowned says {told.state}",
            expected="ABSENT or DELETING",
        )
        bench.harness.finish(bench.cloud)
        _must_be_gone(bench, plan.ref)


@LIFECYCLE.check(
    14,
    rule="Whose a deployment is, is read from the cloud when it is deleted: what somebody else put "
    "in the place of one's own is not deleted.",
    mend="Remember no ownership; read the marks at that moment.",
    needs=(Capability.DEPLOY,),
)
async def ownership_is_read_when_deleting(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        await bench.provider.get_deployment(connection, plan.ref)
        bench.remove_outside(plan.ref.name)
        bench.put_outside(plan.ref.name, plan.model.name or "")
        before = holdings(bench)
        await _must_refuse_to_delete(bench, connection, plan.ref)
    must_be_unchanged(bench, before, after="deleting what somebody else put there")


@LIFECYCLE.check(
    15,
    rule="A delete that the cloud refuses or fails is an error, and never ABSENT or DELETING while "
    "the deployment stands.",
    mend="Let the error of the DELETE pass; forget the deployment when the cloud has.",
    needs=(Capability.DEPLOY,),
)
async def a_failed_delete_is_no_delete(bench: Bench) -> None:
    request = requests(bench)[0]
    write = await _delete_of(bench)
    for status in (403, 500):
        bench.renew()
        async with bench.connect(deploying(bench)) as connection:
            plan, _ = await deployed(bench, connection, request)
            hit_write(bench, write, Respond(status, body={}), times=None)
            try:
                told: Deployment | None = await bench.provider.delete_deployment(
                    connection, plan.ref
                )
            except ProviderError:
                told = None
            bench.harness.finish(bench.cloud)
            must_stand(bench, plan.ref, told="the cloud deleted nothing")
            must(
                told is None or told.state not in GOING,
                seen=f"the cloud answered {status} and deleted nothing; told was "
                f"{told and told.state}",
                expected="an error",
            )


@LIFECYCLE.check(
    16,
    rule="A delete whose answer is lost has either succeeded or raises a TemporaryError, and "
    "deleting again succeeds.",
    mend='Take "not found" at the second attempt for success.',
    needs=(Capability.DEPLOY,),
)
async def a_delete_whose_answer_is_lost(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        bench.faults.add(Fault(action=lost_answer(held(bench)), times=None))
        try:
            await bench.provider.delete_deployment(connection, plan.ref)
        except TemporaryError:
            bench.harness.finish(bench.cloud)
        told = await bench.provider.delete_deployment(connection, plan.ref)
        bench.harness.finish(bench.cloud)
        found = await bench.provider.get_deployment(connection, plan.ref)
    must(
        told.state in GOING and found.state is State.ABSENT,
        seen=f"deleting again says {told.state}, looking says {found.state}",
        expected="ABSENT",
    )
    _must_be_gone(bench, plan.ref)


@LIFECYCLE.check(
    22,
    rule="A delete that the cloud turns away because a write is under way is QUEUED with "
    "`retry_after`, or raises Conflict or a TemporaryError; nothing is deleted, and the same "
    "delete succeeds afterwards.",
    mend="Tell the service's busy code from other conflicts; return QUEUED, sleep not.",
    needs=(Capability.DEPLOY,),
)
async def a_busy_cloud_queues_a_delete(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        if bench.harness.be_busy(bench.cloud):
            turned = await attempt(
                partial(bench.provider.delete_deployment, ref=plan.ref), connection
            )
            queued = isinstance(turned, Deployment) and turned.state is State.QUEUED
            must(
                isinstance(turned, Conflict | TemporaryError)
                or (queued and (turned.retry_after or 0) > 0 and turned.ref == plan.ref),
                seen=f"turned away for a moment, deleting gives {told(turned)}, "
                f"retry_after={getattr(turned, 'retry_after', None)}",
                expected="QUEUED and how long to wait, or an error to try again after",
            )
            must_stand(bench, plan.ref, told="the delete was turned away")
        await removed(bench, connection, plan)
    _must_be_gone(bench, plan.ref)


async def _deploy_another(bench: Bench, connection: Connection) -> None:
    """Let another of one's own stand, of the same model where the quota leaves room for two."""
    one, other = requests(bench)
    for request in (named(one, bench.harness.names[0]), named(other, bench.harness.names[0])):
        plan = await bench.provider.plan_deployment(connection, request)
        if not plan.actions:
            await bench.provider.deploy(connection, plan)
            bench.harness.finish(bench.cloud)
            must_stand(bench, plan.ref, told=f"{request.model} was deployed")
            return
    raise Violation(
        f"the plan for {bench.harness.names[0]} asks for an action", expected="a second deployment"
    )


async def _must_delete_what_is_built(bench: Bench) -> None:
    """Delete in the middle of a build; a cloud may turn that away, which is then told."""
    bench.renew()
    bench.harness.slow_down(bench.cloud)
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, requests(bench)[0])
        await bench.provider.deploy(connection, plan)
        try:
            told = await bench.provider.delete_deployment(connection, plan.ref)
        except (Conflict, TemporaryError):
            return
    bench.harness.finish(bench.cloud)
    if told.state in GOING:
        _must_be_gone(bench, plan.ref)


async def _delete_of(bench: Bench) -> tuple[str, str, str]:
    """Return host, method and path of the request that deletes what the first request makes."""
    async with bench.connect(deploying(bench)) as connection:
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        watching = watch_writes(bench)
        await removed(bench, connection, plan)
    if not watching.writes:
        raise Violation("deleting changed nothing in the cloud", expected="the deployment gone")
    return watching.writes[0]


async def _must_refuse_to_delete(bench: Bench, connection: Connection, ref: DeploymentRef) -> None:
    try:
        told = await bench.provider.delete_deployment(connection, ref)
    except Conflict:
        return
    raise Violation(f"deleting what somebody else made says {told.state}", expected="Conflict")


def _must_be_gone(bench: Bench, ref: DeploymentRef) -> None:
    must(
        ref.name not in bench.harness.standing(bench.cloud),
        seen=f"{ref.name!r} was deleted, and the cloud still holds it",
        expected="nothing under that name",
    )
