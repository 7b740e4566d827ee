"""PLAN, third part: what is paid for while it stands, used or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests.checks.planning import PLANNING
from bonito_contract_tests.deploying import deploying
from bonito_contract_tests.holdings import holdings, must_be_unchanged
from bonito_contract_tests.violation import Violation, must
from bonito_providers import Capability, DeploymentRequest, State
from bonito_providers.errors import RequestError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection, DeploymentPlan


@PLANNING.check(
    16,
    rule="What is billed by the hour is chosen only for those who ask for it: a plan without that "
    "SKU in the request and without a consent has another one, or an action, and deploying it "
    "nevertheless changes nothing.",
    mend="Prefer what is billed by use; where there is nothing else, let the plan ask for the "
    "consent.",
    needs=(Capability.DEPLOY, Capability.LIST_MODELS),
)
async def nothing_is_billed_by_the_hour_unasked(bench: Bench) -> None:
    before, planned = holdings(bench), 0
    async with bench.connect(deploying(bench)) as connection:
        for request in await _bare_requests(bench, connection):
            try:
                plan = await bench.provider.plan_deployment(connection, request)
            except RequestError:
                continue
            planned += 1
            if plan.sku in bench.harness.hourly:
                await _must_hold(bench, connection, plan)
    must_be_unchanged(bench, before, after="what is billed by the hour")
    if not planned:
        raise Violation("no model that is listed can be planned", expected="plans")


async def _bare_requests(bench: Bench, connection: Connection) -> list[DeploymentRequest]:
    """Return a request for every model, that says nothing but its name."""
    listed = (await bench.provider.list_models(connection)).items
    models = [*(each.model for each in bench.harness.deployable), *(each.id for each in listed)]
    return [DeploymentRequest(model=each) for each in dict.fromkeys(models)]


async def _must_hold(bench: Bench, connection: Connection, plan: DeploymentPlan) -> None:
    """Go on only if a plan that would be paid by the hour waits for a person."""
    must(
        plan.actions,
        seen=f"the plan for {plan.request.model} has the SKU {plan.sku}, billed by the hour, and "
        "asks for nothing",
        expected="a SKU that is billed by use, or an action that asks for the consent",
    )
    told = await bench.provider.deploy(connection, plan)
    must(
        told.state is State.NEEDS_ACTION and not told.created,
        seen=f"deploying it without the consent says {told.state}",
        expected="NEEDS_ACTION, nothing created",
    )
