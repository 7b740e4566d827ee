"""ERR: what a plugin refuses by itself, without a word of the service to pass on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.checks.adoption import NOWHERE
from bonito_contract_tests.checks.errors import ERRORS
from bonito_contract_tests.deploying import deployed, deploying, named, planned, requests
from bonito_contract_tests.exercises import Call, attempt
from bonito_contract_tests.violation import must
from bonito_providers import Capability, DeploymentRequest
from bonito_providers.errors import ProviderError, TemporaryError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection, DeploymentPlan, DeploymentRef

Tried = tuple[str, object]


@ERRORS.check(
    16,
    rule="What a plugin refuses says how to go on, by a hint or an action: what is unknown, a name "
    "that is taken, a change nobody asked for, another account's plan, another's deployment.",
    mend="Give `hint` to the error: what to type instead, or where to look.",
)
async def own_refusals_say_how_to_go_on(bench: Bench) -> None:
    for tried in (_of_adopting(bench), _of_deploying(bench), _of_planning(bench)):
        async with aclosing(tried) as outcomes:
            async for when, outcome in outcomes:
                if isinstance(outcome, ProviderError) and not isinstance(outcome, TemporaryError):
                    must(
                        outcome.hint or outcome.actions,
                        seen=f"{when}: {type(outcome).__name__} without a hint: {outcome.message}",
                        expected="what to do instead",
                    )


async def _of_adopting(bench: Bench) -> AsyncGenerator[Tried]:
    """Yield what adopting comes to that cannot be."""
    for access in bench.accesses_for(Capability.ADOPT):
        bench.renew()
        async with bench.connect(access) as connection:
            plan = partial(bench.provider.plan_deployment, connection)
            nowhere = DeploymentRequest(name=NOWHERE, adopt=True)
            yield f"adopting {NOWHERE}", await attempt(lambda _: plan(nowhere), connection)  # noqa: B023 - called at once
            for name in bench.harness.adoptable[:1]:
                adopting = DeploymentRequest(name=name, adopt=True)
                taken = await plan(adopting)
                for what, call in _foreign(bench, taken):
                    yield what, await attempt(call, connection)
                bench.remove_outside(name)
                late = partial(bench.provider.deploy, plan=taken)
                yield f"adopting {name}, which has gone", await attempt(late, connection)


_STRANGE: Sequence[Mapping[str, Any]] = (
    {"sku": "of-nobody"},
    {"version": "of-nobody"},
    {"name": "of/nobody"},
    {"capacity": 2**31},
    {"fields": {"no_such_field": "1"}},
)
"""What no deployment can be. The first is asked for all of it, the others for the last two, which
are judged by the bounds and the fields of each."""


async def _of_deploying(bench: Bench) -> AsyncGenerator[Tried]:
    """Yield what deploying and deleting come to where something else stands."""
    for request in bench.harness.deployable if _deploys(bench) else ():
        bench.renew()
        one, other = requests(bench)
        async with bench.connect(deploying(bench)) as connection:
            plan, _ = await deployed(bench, connection, request)
            for what, call in _foreign(bench, plan):
                yield what, await attempt(call, connection)
            another = one if request.model == other.model else other
            over = named(another, plan.ref.name)
            yield "another model under the name", await _carried(bench, connection, over)
            more = request.model_copy(
                update={"name": plan.ref.name, "capacity": (plan.capacity or 1) + 1}
            )
            yield "another capacity without update", await _carried(bench, connection, more)
            bench.remove_outside(plan.ref.name)
            bench.put_outside(plan.ref.name, plan.model.name or "")
            delete = partial(bench.provider.delete_deployment, ref=plan.ref)
            yield "deleting another's", await attempt(delete, connection)
            free = await planned(bench, connection, named(request, bench.harness.names[1]))
            elsewhere = await planned(bench, connection, named(another, bench.harness.names[1]))
            bench.put_outside(bench.harness.names[1], elsewhere.model.name or "")
            late = partial(bench.provider.deploy, plan=free)
            yield "a name taken after the plan", await attempt(late, connection)


async def _of_planning(bench: Bench) -> AsyncGenerator[Tried]:
    """Yield what planning comes to that cannot be."""
    bench.renew()
    if not _deploys(bench):
        return
    async with bench.connect(deploying(bench)) as connection:
        for request in _impossible(bench):
            yield f"planning {request!r}", await _carried(bench, connection, request)


def _impossible(bench: Bench) -> Iterator[DeploymentRequest]:
    if bench.harness.unknown_model is not None:
        yield bench.harness.unknown_model
    for place, request in enumerate(bench.harness.deployable):
        wishes = _STRANGE if place == 0 or bench.thorough > 1 else _STRANGE[-2:]
        yield from (request.model_copy(update=wish) for wish in wishes)


async def _carried(bench: Bench, connection: Connection, request: DeploymentRequest) -> object:
    """Return what planning a request, and deploying it where it can be planned, comes to."""
    plan = await attempt(partial(bench.provider.plan_deployment, request=request), connection)
    if isinstance(plan, ProviderError) or plan.actions:
        return plan
    return await attempt(partial(bench.provider.deploy, plan=plan), connection)


def _foreign(bench: Bench, plan: DeploymentPlan) -> Iterator[tuple[str, Call]]:
    """Yield calls about another account, and about another provider, with its plan or reference."""
    provider = bench.provider
    for what, changed in (("account", "resource"), ("provider", "provider")):
        ref: DeploymentRef = plan.ref.model_copy(
            update={changed: f"{getattr(plan.ref, changed)}-elsewhere"}
        )
        yield (
            f"a plan of another {what}",
            partial(provider.deploy, plan=plan.model_copy(update={"ref": ref}).sealed()),
        )
        yield f"looking into another {what}", partial(provider.get_deployment, ref=ref)
        yield f"deleting in another {what}", partial(provider.delete_deployment, ref=ref)


def _deploys(bench: Bench) -> bool:
    return Capability.DEPLOY in bench.offered()
