"""ADOPT: taking over what already stands, without touching it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family, Level
from bonito_contract_tests.holdings import holdings, must_be_unchanged
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers import Capability, DeploymentPlan, DeploymentRequest, State
from bonito_providers.errors import Conflict, DeploymentNotFound, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection, Deployment

ADOPTION = Family("ADOPT", "Adopting what stands")
WRITING = frozenset({"PUT", "PATCH", "DELETE"})
"""POST may sign in, or prove by one call that something answers."""
NOWHERE = "stands-nowhere"


@ADOPTION.check(
    1,
    rule="Adopting returns what stands under the name, ready and with created=False, and writes "
    "and creates nothing.",
    mend="Find the deployment and return it as it is; plan and deploy only read.",
    needs=(Capability.ADOPT,),
)
async def adopting_takes_what_stands(bench: Bench) -> None:
    for access, name in adoptable(bench):
        bench.renew()
        before = holdings(bench)
        truth = bench.harness.standing(bench.cloud)[name]
        async with bench.connect(access) as connection:
            plan, adopted = await taken_over(bench, connection, name)
        must(
            adopted.state is State.READY and adopted.created is False,
            seen=f"with {access.name}, adopting {name!r} says {adopted.state}, "
            f"created={adopted.created}",
            expected="READY, created=False",
        )
        must(
            adopted.ref == plan.ref and adopted.ref.name == name,
            seen=f"planned was {plan.ref!r}, adopted is {adopted.ref!r}",
            expected=f"the reference of {name!r} both times",
        )
        must(
            adopted.model.name in (None, truth.model) and adopted.owned in (None, truth.owned),
            seen=f"{name!r} is told as {adopted.model.name!r}, owned={adopted.owned}",
            expected=f"{truth.model!r}, owned={truth.owned}, or None where that is not known",
        )
        must_be_unchanged(bench, before, after=f"adopting {name!r}")
        written = [f"{each.method} {each.path}" for each in bench.wire if each.method in WRITING]
        must(not written, seen=f"adopting sent {written}", expected="no write")


@ADOPTION.check(
    2,
    rule="Adopting a name under which nothing stands raises DeploymentNotFound.",
    mend="Look the name up; make nothing up from what was typed.",
    needs=(Capability.ADOPT,),
)
async def an_unknown_name_is_not_found(bench: Bench) -> None:
    for access in bench.accesses_for(Capability.ADOPT):
        bench.renew()
        before = holdings(bench)
        async with bench.connect(access) as connection:
            error = await _not_found(bench, connection, NOWHERE)
        must(
            error is not None,
            seen=f"with {access.name}, {NOWHERE!r} was adopted, and nothing stands there",
            expected="DeploymentNotFound",
        )
        must_be_unchanged(bench, before, after=f"adopting {NOWHERE!r}")


@ADOPTION.check(
    3,
    rule="Where a name is nearly right, DeploymentNotFound names the one that stands.",
    mend="Compare with the listing, for example by `difflib.get_close_matches`.",
    needs=(Capability.ADOPT, Capability.LIST_DEPLOYMENTS),
    level=Level.SHOULD,
)
async def a_slip_is_helped(bench: Bench) -> None:
    for access, name in adoptable(bench):
        slip = f"{name[:-1]}x"
        async with bench.connect(access) as connection:
            error = await _not_found(bench, connection, slip)
        said = f"{error.message} {error.hint}" if error else "nothing"
        must(
            name in said,
            seen=f"with {access.name}, for {slip!r} it says {said!r}",
            expected=f"a text that names {name!r}",
        )


@ADOPTION.check(
    4,
    rule="A gateway entry can be made of what was adopted, without a call: it routes to that name, "
    "or says why it is not supported.",
    mend="Fill the adopted deployment with whatever `build_gateway_entry` reads.",
    needs=(Capability.ADOPT,),
)
async def what_was_adopted_can_be_routed(bench: Bench) -> None:
    for access, name in adoptable(bench):
        async with bench.connect(access) as connection:
            _, adopted = await taken_over(bench, connection, name)
            asked = len(bench.wire)
            entry = bench.provider.build_gateway_entry(connection.credentials, adopted)
        must(
            len(bench.wire) == asked,
            seen=f"making the entry of {name!r} sent {len(bench.wire) - asked} requests",
            expected="none",
        )
        target = str(entry.litellm_params.get("model", ""))
        must(
            entry.model_name.strip() and (target if entry.supported else entry.reason),
            seen=f"with {access.name}, the entry of {name!r} routes {entry.model_name!r} to "
            f"{target!r}; {entry.reason!r}",
            expected="a route, or the reason why there is none",
        )


@ADOPTION.check(
    5,
    rule="What was adopted stays somebody else's: deleting it is refused with Conflict.",
    mend="Adopting leaves no mark; delete by the marks in the cloud alone.",
    needs=(Capability.ADOPT, Capability.DEPLOY),
)
async def what_was_adopted_is_not_deleted(bench: Bench) -> None:
    access = bench.accesses_for(Capability.DEPLOY)[-1]
    for name in _others(bench):
        bench.renew()
        before = holdings(bench)
        async with bench.connect(access) as connection:
            _, adopted = await taken_over(bench, connection, name)
            try:
                told = await bench.provider.delete_deployment(connection, adopted.ref)
            except Conflict:
                must_be_unchanged(bench, before, after=f"deleting the adopted {name!r}")
                continue
        raise Violation(f"deleting the adopted {name!r} says {told.state}", expected="Conflict")


@ADOPTION.check(
    6,
    rule="Adoption reads anew when it is carried out: where anybody can remove it, what was "
    "removed since the plan is not adopted, and what was adopted is ABSENT once it is removed.",
    mend="Look the deployment up in `deploy` and in `get_deployment` too.",
    needs=(Capability.ADOPT,),
)
async def what_is_gone_is_not_adopted(bench: Bench) -> None:
    for access, name in adoptable(bench):
        bench.renew()
        async with bench.connect(access) as connection:
            plan, _ = await taken_over(bench, connection, name)
            if not bench.remove_outside(name):
                continue
            try:
                told = await bench.provider.deploy(connection, plan)
            except RequestError:
                pass
            else:
                must(
                    told.state is State.ABSENT,
                    seen=f"with {access.name}, {name!r} is gone, and adopting says {told.state}",
                    expected="DeploymentNotFound, or ABSENT",
                )
            found = await bench.provider.get_deployment(connection, plan.ref)
        must(
            found.state is State.ABSENT,
            seen=f"with {access.name}, {name!r} is gone, and looking says {found.state}",
            expected="ABSENT",
        )


@ADOPTION.check(
    7,
    rule="A plan for adopting asks for nothing, changes nothing, keeps through JSON, and shows the "
    "model, SKU and capacity of what is then adopted.",
    mend="Return a plan without actions and changes, filled from what stands.",
    needs=(Capability.ADOPT,),
)
async def a_plan_for_adopting_is_plain(bench: Bench) -> None:
    for access, name in adoptable(bench):
        request = DeploymentRequest(adopt=True, name=name)
        async with bench.connect(access) as connection:
            plan = await bench.provider.plan_deployment(connection, request)
            stored = DeploymentPlan.model_validate_json(plan.model_dump_json())
            taken = await bench.provider.deploy(connection, stored)
        must(
            (plan.model, plan.sku, plan.capacity) == (taken.model, taken.sku, taken.capacity),
            seen=f"the plan for adopting {name!r} shows {plan.model!r}, {plan.sku!r}, "
            f"{plan.capacity}; adopted is {taken.model!r}, {taken.sku!r}, {taken.capacity}",
            expected="the same both times",
        )
        must(
            not plan.actions and not plan.changes and plan.request == request,
            seen=f"the plan for adopting {name!r} has {len(plan.actions)} actions, the changes "
            f"{plan.changes} and the request {plan.request!r}",
            expected="no actions, no changes, the request as it was",
        )
        must(
            plan.created_at < plan.expires_at,
            seen=f"the plan for adopting {name!r} expires before it was made",
            expected="some time to carry it out",
        )


def adoptable(bench: Bench) -> Iterator[tuple[Access, str]]:
    """Yield every name with the widest access that can adopt, and the first name with the others.

    Raises:
        HarnessError: The harness names none, or one that does not stand.
    """
    standing = bench.harness.standing(bench.cloud)
    names = bench.harness.adoptable
    if not names or any(name not in standing for name in names):
        raise HarnessError("name deployments of the fresh cloud in `adoptable`")
    *others, widest = bench.accesses_for(Capability.ADOPT)
    yield from ((access, names[0]) for access in others)
    yield from ((widest, name) for name in names)


def _others(bench: Bench) -> Sequence[str]:
    standing = bench.harness.standing(bench.cloud)
    names = [name for name in bench.harness.adoptable if standing[name].owned is not True]
    if not names:
        raise HarnessError("name a deployment in `adoptable` that this project did not make")
    return names


async def taken_over(
    bench: Bench, connection: Connection, name: str
) -> tuple[DeploymentPlan, Deployment]:
    """Plan and carry out the adoption of a name."""
    request = DeploymentRequest(adopt=True, name=name)
    plan = await bench.provider.plan_deployment(connection, request)
    return plan, await bench.provider.deploy(connection, plan)


async def _not_found(bench: Bench, connection: Connection, name: str) -> DeploymentNotFound | None:
    try:
        await taken_over(bench, connection, name)
    except DeploymentNotFound as error:
        return error
    return None
