"""LIFE: deploying, and whether what was told is what the cloud holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family
from bonito_contract_tests.deploying import (
    UNDER_WAY,
    deployed,
    deploying,
    named,
    planned,
    requests,
)
from bonito_contract_tests.holdings import (
    holdings,
    must_be_created_once,
    must_be_unchanged,
    must_stand,
)
from bonito_contract_tests.violation import Violation, must
from bonito_providers import Capability, State, wait
from bonito_providers.errors import Conflict, PlanRefused

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection, Deployment, DeploymentPlan, DeploymentRequest

LIFECYCLE = Family("LIFE", "The life of a deployment")


@LIFECYCLE.check(
    1,
    rule="`deploy` makes what was planned, says that it created it, and returns at once; "
    "`get_deployment` and the listing say the same.",
    mend="Send the write, read its answer, and leave the waiting to the core.",
    needs=(Capability.DEPLOY, Capability.LIST_DEPLOYMENTS),
)
async def deploying_makes_what_was_planned(bench: Bench) -> None:
    for request in bench.harness.deployable:
        bench.renew()
        bench.harness.slow_down(bench.cloud)
        async with bench.connect(deploying(bench)) as connection:
            plan = await planned(bench, connection, request)
            deployment = await bench.provider.deploy(connection, plan)
            _must_be_told(bench, plan, deployment, by="deploy", created=True)
            must(
                not bench.clock.slept,
                seen=f"deploying {request.model} waited {sum(bench.clock.slept):g} seconds",
                expected="an answer at once; `wait` waits",
            )
            bench.harness.finish(bench.cloud)
            found = await bench.provider.get_deployment(connection, plan.ref)
            _must_be_told(bench, plan, found, by="get_deployment", created=None)
            listing = await bench.provider.list_deployments(connection)
        shown = [each for each in listing.items if each.ref == plan.ref]
        for each in shown:
            _must_be_told(bench, plan, each, by="the listing", created=None)
        must_be_created_once(bench, plan.ref.name, after=f"deploying {request.model}")


@LIFECYCLE.check(
    2,
    rule="The same plan again, on the same connection and on another, gives the same reference "
    "with created=False, and one resource in the cloud.",
    mend="Look first what stands; what stands as planned needs no second write.",
    needs=(Capability.DEPLOY,),
)
async def the_same_plan_again_creates_nothing(bench: Bench) -> None:
    access = deploying(bench)
    async with bench.connect(access) as connection, bench.connect(access) as other:
        plan, first = await deployed(bench, connection, requests(bench)[0])
        before = holdings(bench)
        for again in (connection, other):
            second = await bench.provider.deploy(again, plan)
            must(
                second.ref == first.ref and second.created is False and second.state in UNDER_WAY,
                seen=f"the same plan again gave {second.ref!r}, {second.state}, "
                f"created={second.created}",
                expected=f"{first.ref!r} as it stands, created=False",
            )
            must_be_unchanged(bench, before, after="the same plan again")
        replanned = await planned(bench, other, requests(bench)[0])
        await bench.provider.deploy(other, replanned)
        must_be_unchanged(bench, before, after="the same request again")


@LIFECYCLE.check(
    3,
    rule="A name under which another model stands is a conflict that names what stands, in the "
    "plan or at the latest in `deploy`; nothing is changed.",
    mend="Read what stands under the name while planning; raise Conflict with its model.",
    needs=(Capability.DEPLOY,),
)
async def a_taken_name_is_a_conflict(bench: Bench) -> None:
    one, other = requests(bench)
    async with bench.connect(deploying(bench)) as connection:
        model = (await planned(bench, connection, other)).model.name or ""
        bench.put_outside(bench.harness.names[0], model)
        before = holdings(bench)
        said = await _refusal(bench, connection, named(one, bench.harness.names[0]))
    must(
        model in said,
        seen=f"the conflict says {said!r}",
        expected=f"a text that names what stands: {model}",
    )
    must_be_unchanged(bench, before, after="deploying under a taken name")


@LIFECYCLE.check(
    4,
    rule="While the cloud builds, a deployment is PROVISIONING and never READY; waiting follows it "
    "to READY without creating anything more.",
    mend="Read the state from the cloud; an accepted write is not a finished one.",
    needs=(Capability.DEPLOY,),
)
async def what_is_being_built_is_not_ready(bench: Bench) -> None:
    slow = bench.harness.slow_down(bench.cloud)
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, requests(bench)[0])
        seen = [await bench.provider.deploy(connection, plan)]
        must_stand(bench, plan.ref, told="deploy returned")
        _must_not_be_early(bench, seen[0])
        must(
            not slow or seen[0].state is State.PROVISIONING,
            seen=f"the cloud builds, and deploy says {seen[0].state}",
            expected="PROVISIONING",
        )
        final = await wait(connection, plan, progress=seen.append)
    must(
        final.state is State.READY,
        seen=f"waiting ended with {final.state}, by way of {[str(each.state) for each in seen]}",
        expected="READY, as the cloud says",
    )
    _must_not_be_early(bench, final)
    must_be_created_once(bench, plan.ref.name, after="waiting")


@LIFECYCLE.check(
    5,
    rule="A build that fails after it was accepted ends as FAILED with the reason, or NEEDS_ACTION "
    "with the action, and never as READY.",
    mend="Read the operation or the resource to its end; carry the service's text into `error`.",
    needs=(Capability.DEPLOY,),
)
async def late_failures_are_told(bench: Bench) -> None:
    for request in bench.harness.deployable:
        bench.renew()
        fails = bench.harness.fail_builds(bench.cloud, "the machine broke down")
        await _must_tell_the_failure(bench, request, fails=fails)


async def _must_tell_the_failure(bench: Bench, request: DeploymentRequest, *, fails: bool) -> None:
    seen: list[Deployment] = []
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, request)
        final = await wait(connection, plan, progress=seen.append)
        found = await bench.provider.get_deployment(connection, plan.ref)
    if not fails:
        must(
            final.state is State.READY and not final.error,
            seen=f"nothing failed, and waiting ended with {final.state}: {final.error}",
            expected="READY without an error",
        )
        return
    for each in (*seen, final, found):
        must(
            each.state is not State.READY,
            seen=f"a build that fails is told as {each.state}",
            expected="FAILED, or on its way there",
        )
    for each in (final, found):
        must(
            (each.state is State.FAILED and each.error) or each.actions,
            seen=f"the build failed, and it is {each.state} with the error {each.error!r}",
            expected="FAILED with the reason, or NEEDS_ACTION with the action",
        )


@LIFECYCLE.check(
    6,
    rule="A write that the cloud turns away because another is under way is QUEUED with "
    "`retry_after`, and the same plan works afterwards.",
    mend="Tell the service's busy code from a real conflict; return QUEUED, sleep not.",
    needs=(Capability.DEPLOY,),
)
async def a_busy_cloud_queues(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, requests(bench)[0])
        before = holdings(bench)
        if bench.harness.be_busy(bench.cloud):
            turned = await bench.provider.deploy(connection, plan)
            must(
                turned.state is State.QUEUED and (turned.retry_after or 0) > 0,
                seen=f"turned away for a moment, deploy says {turned.state}, "
                f"retry_after={turned.retry_after}",
                expected="QUEUED and how long to wait",
            )
            must(
                not turned.created and turned.ref == plan.ref,
                seen=f"QUEUED says created={turned.created} for {turned.ref!r}",
                expected="the plan's reference, nothing created",
            )
            must_be_unchanged(bench, before, after="a write that was turned away")
        final = await wait(connection, plan)
    must(
        final.state is State.READY,
        seen=f"the same plan later ended with {final.state}",
        expected="READY",
    )
    must_be_created_once(bench, plan.ref.name, after="waiting for a busy cloud")


@LIFECYCLE.check(
    7,
    rule="`get_deployment` says what stands at that moment, ABSENT for what is gone or never was, "
    "changes nothing and never calls the model.",
    mend='Read the resource each time; only its own "not found" means ABSENT.',
    needs=(Capability.DEPLOY, Capability.INVOKE),
)
async def looking_is_true_and_free(bench: Bench) -> None:
    access = deploying(bench)
    async with bench.connect(access) as connection:
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        found = await bench.provider.get_deployment(connection, plan.ref)
        before = holdings(bench)
        call = await _call_of(bench, connection, found)
        for gone in (False, True):
            if gone:
                bench.remove_outside(plan.ref.name)
                before = holdings(bench)
            for expected in (State.ABSENT if gone else State.READY,) * 2:
                found = await bench.provider.get_deployment(connection, plan.ref)
                must(
                    found.state is expected,
                    seen=f"what {'is gone' if gone else 'is ready'} is told as {found.state}",
                    expected=str(expected),
                )
            must_be_unchanged(bench, before, after="get_deployment")
        never = plan.ref.model_copy(update={"name": bench.harness.names[1]})
        found = await bench.provider.get_deployment(connection, never)
    must(
        found.state is State.ABSENT and found.ref == never,
        seen=f"what never was is told as {found.state}, {found.ref!r}",
        expected="ABSENT, under the reference that was asked for",
    )
    host, method, path = call
    must(
        len(bench.log.select(host, method=method, path=path)) == 1,
        seen=f"get_deployment sent {method} {path}, which calls the model",
        expected="readings of the resource only",
    )


def _must_be_told(
    bench: Bench, plan: DeploymentPlan, told: Deployment, *, by: str, created: bool | None
) -> None:
    truth = must_stand(bench, plan.ref, told=f"{by} said {told.state}")
    must(
        told.state in UNDER_WAY and told.ref == plan.ref and told.model.name == truth.model,
        seen=f"{by} says {told.state} of {told.ref.name!r} with {told.model.name!r}",
        expected=f"{plan.ref.name!r} with {truth.model!r} on its way or ready",
    )
    must(
        told.created is created,
        seen=f"{by} says created={told.created}",
        expected=f"created={created}",
    )
    must(
        truth.owned in (None, told.owned) and truth.owned is not False,
        seen=f"{by} says owned={told.owned}, the cloud's marks say {truth.owned}",
        expected="the project's own mark on what it deploys",
    )


def _must_not_be_early(bench: Bench, told: Deployment) -> None:
    ready = bench.harness.standing(bench.cloud)[told.ref.name].ready
    must(
        told.state is not State.READY or ready,
        seen=f"{told.ref.name!r} is told as READY while the cloud builds it",
        expected="PROVISIONING",
    )


async def _refusal(bench: Bench, connection: Connection, request: DeploymentRequest) -> str:
    """Return what a conflict says, raised or as an action of the plan."""
    try:
        plan = await bench.provider.plan_deployment(connection, request)
        told = await bench.provider.deploy(connection, plan)
    except (Conflict, PlanRefused) as error:
        return f"{error.message} {error.hint}"
    if told.state is State.NEEDS_ACTION:
        return " ".join(action.instruction for action in told.actions)
    raise Violation(f"under a taken name, deploy says {told.state}", expected="Conflict")


async def _call_of(
    bench: Bench, connection: Connection, deployment: Deployment
) -> tuple[str, str, str]:
    """Call the model once and return host, method and path of that call."""
    from bonito_providers import InvocationRequest

    kind = deployment.model.kind or "chat"
    request = InvocationRequest.model_validate({"kind": kind})
    await bench.provider.invoke_model(connection, deployment, request)
    last = bench.wire[-1]
    return last.host, last.method, last.path
