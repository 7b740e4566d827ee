"""PLAN, second part: which plans are accepted, and that any request can be planned or refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bonito_contract_tests.checks.planning import PLANNING
from bonito_contract_tests.deploying import deploying, named, planned
from bonito_contract_tests.elsewhere import deployed_elsewhere
from bonito_contract_tests.examples import NASTY, TEXTS, drawing
from bonito_contract_tests.holdings import (
    holdings,
    must_be_created_once,
    must_be_unchanged,
    must_stand,
)
from bonito_contract_tests.violation import Violation, must
from bonito_providers import Capability, DeploymentPlan, DeploymentRequest
from bonito_providers.errors import BonitoError, PlanRefused, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection, Deployment

_IN_ADDRESSES = frozenset("/?#%\0")
"""What means something in an address, or nothing anywhere."""


@PLANNING.check(
    8,
    rule="A plan that was altered or has expired is refused, and nothing is written.",
    mend="Return a plain `DeploymentPlan`: the core seals it and refuses what does not fit.",
    needs=(Capability.DEPLOY,),
)
async def altered_and_expired_plans_are_refused(bench: Bench) -> None:
    before = holdings(bench)
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, bench.harness.deployable[0])
        for what, forged in _forgeries(plan):
            await _must_be_refused(bench, connection, forged, PlanRefused, what)
        bench.clock.advance((plan.expires_at - bench.clock.now()).total_seconds() + 1)
        await _must_be_refused(bench, connection, plan, PlanRefused, "expired")
    must_be_unchanged(bench, before, after="a plan that had to be refused")


@PLANNING.check(
    9,
    rule="A plan for another account is refused, and nothing is written in this one.",
    mend="Compare the plan's reference with your own connection's before anything is sent.",
    needs=(Capability.DEPLOY,),
)
async def plans_for_another_account_are_refused(bench: Bench) -> None:
    before = holdings(bench)
    async with bench.connect(deploying(bench)) as connection:
        plan = await planned(bench, connection, bench.harness.deployable[0])
        elsewhere = plan.ref.model_copy(update={"resource": f"{plan.ref.resource}-elsewhere"})
        foreign = plan.model_copy(update={"ref": elsewhere}).sealed()
        await _must_be_refused(bench, connection, foreign, RequestError, "for another account")
    must_be_unchanged(bench, before, after="a plan for another account")


@PLANNING.check(
    12,
    rule="A plan that was stored as JSON is the same plan, and deploys in another process.",
    mend="Keep nothing beside the plan; what `deploy` needs is in it or is read from the cloud.",
    needs=(Capability.DEPLOY,),
)
async def stored_plans_deploy(bench: Bench) -> None:
    access = deploying(bench)
    for number, request in enumerate(bench.harness.deployable):
        bench.renew()
        async with bench.connect(access) as connection:
            plan = await planned(bench, connection, request)
        stored = plan.model_dump_json()
        _must_be_the_same(plan, DeploymentPlan.model_validate_json(stored))
        # A new process for one of them: what they have in common shows there.
        if number == 0:
            deployment = await deployed_elsewhere(bench, access, stored)
        else:
            deployment = await _deployed_here(bench, access, stored)
        must(
            deployment.ref == plan.ref,
            seen=f"the stored plan deployed {deployment.ref!r}",
            expected=f"{plan.ref!r}",
        )
        must_stand(bench, plan.ref, told="the stored plan was deployed")
        must_be_created_once(bench, plan.ref.name, after="deploying a stored plan")


def _must_be_the_same(plan: DeploymentPlan, stored: DeploymentPlan) -> None:
    must(
        stored == plan and stored.intact,
        seen=f"stored and read again, the plan for {plan.request.model} is another or not intact",
        expected="the same plan",
    )


async def _deployed_here(bench: Bench, access: Access, stored: str) -> Deployment:
    async with bench.connect(access) as connection:
        plan = DeploymentPlan.model_validate_json(stored)
        return await bench.provider.deploy(connection, plan)


@PLANNING.check(
    15,
    rule="Whatever is asked for, planning gives a plan or a RequestError and writes nothing.",
    mend="Check names against the service's rule and look the rest up; quote what goes into a URL.",
    needs=(Capability.DEPLOY,),
)
def any_request_is_planned_or_refused(bench: Bench) -> None:
    before = holdings(bench)
    with asyncio.Runner() as runner:
        connection = runner.run(_opened(bench))

        @drawing(bench, examples=15)
        @given(_any_request(bench))
        def asked(request: DeploymentRequest) -> None:
            runner.run(_must_plan_or_refuse(bench, connection, request))

        try:
            for name in filter(_IN_ADDRESSES.intersection, NASTY):
                strange = named(bench.harness.deployable[0], name)
                runner.run(_must_plan_or_refuse(bench, connection, strange))
            asked()
        finally:
            runner.run(connection.aclose())
    must_be_unchanged(bench, before, after="planning whatever was asked for")


async def _opened(bench: Bench) -> Connection:
    return bench.connect(deploying(bench))


async def _must_plan_or_refuse(
    bench: Bench, connection: Connection, request: DeploymentRequest
) -> None:
    try:
        plan = await bench.provider.plan_deployment(connection, request)
    except RequestError:
        return
    except BonitoError as error:
        raise Violation(
            f"planning {request!r} raised {type(error).__name__}: {error}",
            expected="a plan, or a RequestError that says what is wrong",
        ) from None
    must(
        (request.name or plan.ref.name) == plan.ref.name and plan.request == request,
        seen=f"{request!r} was planned as {plan.request!r} under {plan.ref.name!r}",
        expected="the request as it was, under the name that was asked for",
    )


def _any_request(bench: Bench) -> st.SearchStrategy[DeploymentRequest]:
    """Return requests for what exists with one strange wish, and such with several."""
    texts = st.sampled_from(NASTY) | TEXTS
    wishes: dict[str, st.SearchStrategy[object]] = {
        "model": texts.filter(bool),
        "version": texts,
        "name": texts,
        "sku": texts,
        "capacity": st.sampled_from([1, 2, 1000, 2**31, 2**63]),
        "fields": st.sampled_from([{"no_such_field": "1"}, {"": ""}]),
        "consents": st.frozensets(texts, max_size=2),
        "update": st.booleans(),
    }
    one = [st.fixed_dictionaries({name: values}) for name, values in wishes.items()]
    several = st.fixed_dictionaries({}, optional=wishes)
    known = st.sampled_from(bench.harness.deployable).map(lambda each: {"model": each.model})
    return st.builds(
        lambda asked, wish: DeploymentRequest.model_validate({**asked, **wish}),
        known,
        st.one_of(*one, several),
    )


async def _must_be_refused(
    bench: Bench,
    connection: Connection,
    plan: DeploymentPlan,
    error: type[RequestError],
    what: str,
) -> None:
    try:
        deployment = await bench.provider.deploy(connection, plan)
    except error:
        return
    raise Violation(
        f"a plan that is {what} was deployed: {deployment.state}", expected=error.__name__
    )


def _forgeries(plan: DeploymentPlan) -> Iterator[tuple[str, DeploymentPlan]]:
    """Yield plans that say something else than the one that was made, under its digest."""
    changes: dict[str, dict[str, object]] = {
        "name": {"ref": plan.ref.model_copy(update={"name": f"{plan.ref.name}-forged"})},
        "model": {"model": plan.model.model_copy(update={"name": "forged"})},
        "SKU": {"sku": "forged"},
        "capacity": {"capacity": (plan.capacity or 0) + 1},
        "request": {"request": named(plan.request, f"{plan.ref.name}-forged")},
        "expiry": {"expires_at": plan.expires_at + timedelta(days=1)},
        "preview": {"preview": {**plan.preview, "forged": True}},
    }
    for what, update in changes.items():
        yield f"altered in its {what}", plan.model_copy(update=update)
