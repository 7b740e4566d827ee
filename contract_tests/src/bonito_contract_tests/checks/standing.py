"""LIFE: what stands already, was changed elsewhere, or is asked for twice at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.lifecycle import LIFECYCLE
from bonito_contract_tests.deploying import (
    UNDER_WAY,
    deployed,
    deploying,
    hit_write,
    named,
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
from bonito_contract_tests.interceptions import Together
from bonito_contract_tests.violation import Violation, must
from bonito_providers import Capability, State, wait
from bonito_providers.errors import Conflict, PlanRefused, RequestError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection, DeploymentPlan


@LIFECYCLE.check(
    8,
    rule="Where a name stands with other settings, the plan shows the change, `deploy` refuses it "
    "without `update`, and with it changes what stands instead of making another.",
    mend="Compare SKU and capacity with what stands, fill `changes`, and require `update`.",
    needs=(Capability.DEPLOY,),
)
async def changes_need_to_be_wanted(bench: Bench) -> None:
    request = requests(bench)[0]
    async with bench.connect(deploying(bench)) as connection:
        plan, _ = await deployed(bench, connection, request)
        must(
            not plan.changes,
            seen=f"nothing stood, and the plan shows the changes {plan.changes}",
            expected="no changes",
        )
        change = await _other_capacity(bench, connection, plan)
        if change is None:
            return  # everything that such a cloud can be asked to change is the model: LIFE-03
        before = holdings(bench)
        must(change.changes, seen="the plan shows no changes", expected="what would change")
        try:
            found = await bench.provider.deploy(connection, change)
        except RequestError:
            must_be_unchanged(bench, before, after="a change that nobody wanted")
        else:
            raise Violation(
                f"a capacity of {change.capacity} instead of {plan.capacity} was deployed without "
                f"`update`: {found.state}",
                expected="PlanRefused",
            )
        wanted = change.request.model_copy(update={"update": True})
        updated = await bench.provider.deploy(connection, await planned(bench, connection, wanted))
        bench.harness.finish(bench.cloud)
    truth = must_stand(bench, plan.ref, told="the deployment was changed")
    must(
        truth.capacity == change.capacity and updated.created is False,
        seen=f"with `update`, the capacity is {truth.capacity} and created={updated.created}",
        expected=f"a capacity of {change.capacity}, created=False",
    )
    must_be_created_once(bench, plan.ref.name, after="changing the capacity")


@LIFECYCLE.check(
    9,
    rule="One plan deployed twice at the same time, from two processes, makes one resource, and "
    "both are told of it, or to try again.",
    mend="Let the cloud's own conflict answers decide; a lock holds for one process only.",
    needs=(Capability.DEPLOY,),
)
async def two_at_once_make_one(bench: Bench) -> None:
    access = deploying(bench)
    write = await write_of(bench, requests(bench)[0])
    hit_write(bench, write, Together(2), times=2)
    async with bench.connect(access) as one, bench.connect(access) as other:
        plan = await planned(bench, one, requests(bench)[0])
        await planned(bench, other, requests(bench)[0])
        told = await asyncio.gather(
            bench.provider.deploy(one, plan), bench.provider.deploy(other, plan)
        )
        must(
            all(each.state in UNDER_WAY | {State.QUEUED} for each in told),
            seen=f"two at once were told {[str(each.state) for each in told]}",
            expected="what stands, or QUEUED",
        )
        await wait(other, plan)
    must_be_created_once(bench, plan.ref.name, after="deploying twice at once")


@LIFECYCLE.check(
    10,
    rule="A reference to another account is refused by looking and by deleting, not answered for "
    "what has the same name here.",
    mend="Compare the reference's provider and resource with your own before anything is sent.",
    needs=(Capability.DEPLOY,),
)
async def foreign_references_are_refused(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        plan, _ = await deployed(bench, connection, requests(bench)[0])
        before = holdings(bench)
        foreign = plan.ref.model_copy(update={"resource": f"{plan.ref.resource}-elsewhere"})
        for look in (bench.provider.get_deployment, bench.provider.delete_deployment):
            try:
                found = await look(connection, foreign)
            except RequestError:
                continue
            raise Violation(
                f"{look.__name__} answered for another account: {found.state}",
                expected="a RequestError",
            )
    must_be_unchanged(bench, before, after="a reference to another account")


@LIFECYCLE.check(
    11,
    rule="What changed in the cloud between plan and deploy decides: another model under the name "
    "is refused, and what was removed is made again and told as created.",
    mend="Read what stands in `deploy` once more; remember nothing from planning.",
    needs=(Capability.DEPLOY,),
)
async def changes_elsewhere_decide(bench: Bench) -> None:
    one, other = requests(bench)
    async with bench.connect(deploying(bench)) as connection:
        model = (await planned(bench, connection, other)).model.name or ""
        plan = await planned(bench, connection, named(one, bench.harness.names[0]))
        bench.put_outside(plan.ref.name, model)
        before = holdings(bench)
        try:
            told = await bench.provider.deploy(connection, plan)
        except (Conflict, PlanRefused):
            must_be_unchanged(bench, before, after="a plan that something came before")
        else:
            raise Violation(
                f"{plan.ref.name!r} has become {model}, and deploy says {told.state}",
                expected="Conflict or PlanRefused",
            )
        bench.remove_outside(plan.ref.name)
        for _ in range(2):
            again = await bench.provider.deploy(connection, plan)
            must(
                again.created is True,
                seen=f"it was removed elsewhere, and deploying says created={again.created}",
                expected="created=True",
            )
            must_stand(bench, plan.ref, told=f"deploy said {again.state}")
            bench.remove_outside(plan.ref.name)


async def _other_capacity(
    bench: Bench, connection: Connection, plan: DeploymentPlan
) -> DeploymentPlan | None:
    """Return a plan for the same name with another capacity, or None where there is none."""
    if plan.capacity is None:
        return None
    request = named(plan.request, plan.ref.name)
    bounds = next(
        (
            sku.capacity
            for model in (await bench.provider.list_models(connection)).items
            for sku in model.skus or ()
            if (model.name, sku.name) == (plan.model.name, plan.sku)
        ),
        None,
    )
    step = (bounds.step if bounds else None) or 1
    for other in (plan.capacity + step, plan.capacity - step, plan.capacity + 10 * step):
        if other > 0:
            wish = request.model_copy(update={"capacity": other})
            change = await bench.provider.plan_deployment(connection, wish)
            if not change.actions and change.capacity == other:
                return change
    raise Violation(
        f"a capacity of {plan.capacity} can be changed to no other",
        expected="a plan for a step more or less",
    )
