"""ADOPT, second part: other accounts' references, and what stands although no listing shows it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bonito_contract_tests.checks.adoption import ADOPTION, NOWHERE, adoptable, taken_over
from bonito_contract_tests.exercises import attempt, told
from bonito_contract_tests.holdings import holdings, must_be_unchanged
from bonito_contract_tests.outcomes import must_raise
from bonito_contract_tests.violation import must
from bonito_providers import Capability, Deployment, DeploymentRequest, Listing, State
from bonito_providers.errors import DeploymentNotFound, PluginError, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection

PROVABLE = ("chat", "embedding")
"""Kinds of deployment that one short call proves."""


@ADOPTION.check(
    8,
    rule="A plan or a reference for another account is refused with whatever credentials, not "
    "answered for what has the same name here.",
    mend="Compare the reference's provider and resource with your own before anything is sent.",
    needs=(Capability.ADOPT,),
)
async def another_accounts_are_refused(bench: Bench) -> None:
    for access, name in adoptable(bench):
        async with bench.connect(access) as connection:
            plan, _ = await taken_over(bench, connection, name)
            for field in ("provider", "resource"):
                other = f"{getattr(plan.ref, field)}-elsewhere"
                ref = plan.ref.model_copy(update={field: other})
                foreign = plan.model_copy(update={"ref": ref}).sealed()
                for call in (
                    partial(bench.provider.deploy, plan=foreign),
                    partial(bench.provider.get_deployment, ref=ref),
                ):
                    outcome = await attempt(call, connection)
                    when = f"{call.func.__name__} of another {field} with {access.name}"
                    must_raise(outcome, RequestError, when=when)


@ADOPTION.check(
    9,
    rule="Where no listing of deployments answers, what stands is adopted by its name, a name "
    "under which nothing stands is not, and nothing is told as absent, complete or not deployed.",
    mend="Prove the name by one short call, say so in a warning, and tell the unknown as unknown.",
    needs=(Capability.ADOPT, Capability.LIST_DEPLOYMENTS),
)
async def what_is_not_listed_is_adopted(bench: Bench) -> None:
    for access in _without_management(bench):
        bench.renew()
        if not bench.harness.hide_deployments(bench.cloud):
            return
        before = holdings(bench)
        async with bench.connect(access) as connection:
            await _must_be_unknown(bench, access, connection)
            for request in _requests(bench):
                await _must_adopt(bench, connection, request)
            for kind in (*PROVABLE, None):
                unknown = DeploymentRequest(adopt=True, name=NOWHERE, kind=kind)
                plan = await bench.provider.plan_deployment(connection, unknown)
                outcome = await attempt(partial(bench.provider.deploy, plan=plan), connection)
                must_raise(outcome, DeploymentNotFound, when=f"adopting {NOWHERE!r} as {kind}")
        must_be_unchanged(bench, before, after="adopting what no listing shows")


def _without_management(bench: Bench) -> Iterator[Access]:
    for access in bench.accesses_for(Capability.ADOPT):
        if not bench.capabilities(access) & {Capability.DEPLOY}:
            yield access


def _requests(bench: Bench) -> Iterator[DeploymentRequest]:
    standing = bench.harness.standing(bench.cloud)
    for name in bench.harness.adoptable:
        kind = standing[name].kind
        if kind in PROVABLE:
            yield DeploymentRequest(adopt=True, name=name, kind=kind)


async def _must_be_unknown(bench: Bench, access: Access, connection: Connection) -> None:
    listing = await attempt(bench.provider.list_deployments, connection)
    must(
        not isinstance(listing, Listing) or (not listing.complete and listing.notes),
        seen=f"no listing of deployments answers, and it is told as a {told(listing)}",
        expected="an error, or complete=False with a note",
    )
    models = await attempt(bench.provider.list_models, connection)
    if Capability.LIST_MODELS not in bench.capabilities(access) or not isinstance(models, Listing):
        return
    sure = [each.id for each in models.items if each.deployed_as == ()]
    must(
        not sure,
        seen=f"no listing of deployments answers, and {sure[:5]} are told as not deployed",
        expected="None where that is not known",
    )


async def _must_adopt(bench: Bench, connection: Connection, request: DeploymentRequest) -> None:
    name = request.name or ""
    truth = bench.harness.standing(bench.cloud)[name]
    plan = await bench.provider.plan_deployment(connection, request)
    must(
        any(name in each for each in plan.warnings),
        seen=f"the plan for adopting {name!r} unseen warns {plan.warnings}",
        expected=f"a warning that {name!r} will be called",
    )
    taken = await bench.provider.deploy(connection, plan)
    must(
        (taken.state, taken.created, taken.ref) == (State.READY, False, plan.ref)
        and taken.model.name in (None, truth.model)
        and taken.model.kind == truth.kind,
        seen=f"{name!r} is adopted as {taken.state}, created={taken.created}, "
        f"{taken.model.name!r} for {taken.model.kind}",
        expected=f"READY, created=False, {truth.model!r} for {truth.kind}",
    )
    found = await attempt(partial(bench.provider.get_deployment, ref=taken.ref), connection)
    must(
        not isinstance(found, PluginError)
        and not (isinstance(found, Deployment) and found.state is State.ABSENT),
        seen=f"{name!r} stands and no listing shows it; looking gives {told(found)}",
        expected="what stands, or an error",
    )
