"""PLAN, third part: plans that the author worked out by hand, and what deploying them comes to."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.adoption import WRITING
from bonito_contract_tests.checks.planning import PLANNING
from bonito_contract_tests.deploying import UNDER_WAY, deploying
from bonito_contract_tests.holdings import Holdings, holdings, must_be_unchanged, must_stand
from bonito_contract_tests.violation import Violation, must
from bonito_providers import Capability, State
from bonito_providers.errors import PlanRefused, ProviderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.situations import Planned
    from bonito_providers import Connection, Deployment, DeploymentPlan

_SHARING = 20
"""Cases on one connection, to save time; letting each end takes a minute of a token's life."""


@PLANNING.check(
    17,
    rule="A plan comes to what its author worked out by hand from the service's documentation: "
    "name, version, SKU, region, capacity, quota, changes, actions, and the numbers that it tells. "
    "Deploying makes just that, or comes back with the actions that only trying tells; where the "
    "plan asks for an action or an unwanted change, or the cloud has changed meanwhile, no write "
    "is sent.",
    mend="Choose by what the service lists and documents, say which numbers you chose by, and "
    "read quota and what stands once more before you write.",
    needs=(Capability.DEPLOY,),
)
async def plans_come_to_what_was_worked_out(bench: Bench) -> None:
    async with AsyncExitStack() as opened:
        for number, case in enumerate(bench.harness.planned):
            if case.prepare is None or number % _SHARING == 0:
                await opened.aclose()
                bench.renew()
                connection = await opened.enter_async_context(bench.connect(deploying(bench)))
            if case.prepare is not None:
                case.prepare(bench.cloud)
            plan = await _plan(bench, connection, case)
            if plan is not None:
                _must_come_to(plan, case)
                await _must_be_carried_out(bench, connection, plan, case)


async def _must_be_carried_out(
    bench: Bench, connection: Connection, plan: DeploymentPlan, case: Planned
) -> None:
    if case.meanwhile is not None:
        case.meanwhile(bench.cloud)
    before, seen = holdings(bench), len(bench.wire)
    told = await _deploy(bench, connection, plan)
    if plan.actions or case.meanwhile or (plan.changes and not case.request.update):
        written = [
            f"{each.method} {each.path}" for each in bench.wire[seen:] if each.method in WRITING
        ]
        _must_have_held_back(bench, case, told, before, written)
        return
    if not isinstance(told, PlanRefused) and told.state is State.QUEUED:
        must(
            told.created is False,
            seen=f"{case.name}: queued, created={told.created}",
            expected="created=False",
        )
        bench.harness.finish(bench.cloud)
        told = await _deploy(bench, connection, plan)
    if case.met:
        _must_have_met(bench, case, told, before)
    else:
        _must_stand_as_planned(bench, case, plan, told)


async def _plan(bench: Bench, connection: Connection, case: Planned) -> DeploymentPlan | None:
    """Return the plan, or None where there is rightly none."""
    try:
        plan = await bench.provider.plan_deployment(connection, case.request)
    except ProviderError as error:
        if case.refused is None or not isinstance(error, case.refused):
            raise
        _must_say(case, f"{error.message} {error.hint}")
        return None
    if case.refused is not None:
        raise Violation(f"{case.name}: there is a plan", expected=case.refused.__name__)
    return plan


def _must_come_to(plan: DeploymentPlan, case: Planned) -> None:
    quota = plan.quota
    numbers = (quota.limit, quota.used, quota.requested) if quota else None
    for what, said, there in (
        ("name", plan.ref.name, case.called),
        ("version", plan.model.version, case.version),
        ("SKU", plan.sku, case.sku),
        ("region", plan.region, case.region),
        ("capacity", plan.capacity, case.capacity),
        ("quota", numbers, case.quota),
    ):
        must(
            there in (None, said),
            seen=f"{case.name}: the plan has the {what} {said!r}",
            expected=f"{there!r}",
        )
    kinds = sorted(str(each.kind) for each in plan.actions)
    must(
        set(kinds) == {str(each) for each in case.actions} and bool(plan.changes) is case.changes,
        seen=f"{case.name}: the plan has the actions {kinds} and the changes {plan.changes}",
        expected=f"{sorted(map(str, case.actions))}, {'some' if case.changes else 'no'} changes",
    )
    actions = [f"{each.title} {each.instruction}" for each in plan.actions]
    _must_say(case, " ".join([*plan.warnings, *plan.changes, *actions, plan.cost or ""]))


def _must_say(case: Planned, text: str) -> None:
    unsaid = [each for each in case.says if each not in text]
    must(not unsaid, seen=f"{case.name}: it says {text!r}", expected=f"a text with {unsaid}")
    idle = [each for each in case.unsaid if each in text]
    must(not idle, seen=f"{case.name}: it says {text!r}", expected=f"a text without {idle}")


async def _deploy(
    bench: Bench, connection: Connection, plan: DeploymentPlan
) -> Deployment | PlanRefused:
    try:
        return await bench.provider.deploy(connection, plan)
    except PlanRefused as error:
        return error


def _must_have_held_back(
    bench: Bench,
    case: Planned,
    told: Deployment | PlanRefused,
    before: Holdings,
    written: Sequence[str],
) -> None:
    must(
        isinstance(told, PlanRefused) or (told.state is State.NEEDS_ACTION and told.actions),
        seen=f"{case.name}: deploying it says {getattr(told, 'state', told)}",
        expected="PlanRefused, or NEEDS_ACTION with the actions",
    )
    must(not written, seen=f"{case.name}: deploying it sent {written}", expected="no write")
    must_be_unchanged(bench, before, after=f"{case.name}: deploying it")


def _must_have_met(
    bench: Bench, case: Planned, told: Deployment | PlanRefused, before: Holdings
) -> None:
    kinds = [] if isinstance(told, PlanRefused) else sorted(str(each.kind) for each in told.actions)
    state = getattr(told, "state", told)
    must(
        state is State.NEEDS_ACTION
        and kinds == sorted(map(str, case.met))
        and getattr(told, "created", None) is False,
        seen=f"{case.name}: deploying it says {state} with the actions {kinds}, "
        f"created={getattr(told, 'created', None)}",
        expected=f"NEEDS_ACTION with {sorted(map(str, case.met))}, created=False",
    )
    must_be_unchanged(bench, before, after=f"{case.name}: deploying it")


def _must_stand_as_planned(
    bench: Bench, case: Planned, plan: DeploymentPlan, told: Deployment | PlanRefused
) -> None:
    bench.harness.finish(bench.cloud)
    truth = must_stand(bench, plan.ref, told=f"{case.name}: it was deployed")
    must(
        not isinstance(told, PlanRefused)
        and told.state in UNDER_WAY
        and (truth.model, truth.sku, truth.capacity) == (plan.model.name, plan.sku, plan.capacity),
        seen=f"{case.name}: deploying it says {getattr(told, 'state', told)}, and what stands has "
        f"{truth.sku!r} and {truth.capacity}",
        expected=f"{plan.sku!r} and {plan.capacity}, as planned",
    )
