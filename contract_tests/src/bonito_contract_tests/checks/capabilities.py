"""CAP: what credentials are said to allow, held against what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from bonito_contract_tests.check import Family
from bonito_contract_tests.exercises import callable_in
from bonito_contract_tests.fields import fields_of
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers import (
    Capability,
    Deployment,
    DeploymentRef,
    DeploymentRequest,
    InvocationRequest,
    State,
)
from bonito_providers.errors import BonitoError, CapabilityUnavailable, PluginError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_providers import Connection

CAPABILITIES = Family("CAP", "What credentials allow")

_Ask = Callable[["Bench", "Connection"], Awaitable[None]]


@CAPABILITIES.check(
    1,
    rule="More fields never allow less: each wider access can do what the narrower can, and "
    "checking is always possible.",
    mend="Let groups add to `base_capabilities`, and keep CHECK in it.",
)
def capabilities_only_grow(bench: Bench) -> None:
    before: frozenset[Capability] = frozenset({Capability.CHECK})
    for access in bench.harness.accesses:
        able = bench.capabilities(access)
        lost = sorted(before - able)
        must(
            not lost, seen=f"{access.name} cannot {', '.join(lost)}", expected="no less than before"
        )
        before = able


@CAPABILITIES.check(
    2,
    rule="What credentials do not allow is said with the fields that would allow it: fields of the "
    "form that are not given, and enough of them.",
    mend="Name every field of the group that enables the capability.",
)
def what_is_missing_is_named(bench: Bench) -> None:
    names = {each.name for each in fields_of(bench)}
    for access in bench.harness.accesses:
        said = bench.provider.read_credentials(access.fields).capabilities()
        for capability in Capability:
            if capability in said.available:
                continue
            missing = set(said.missing.get(capability, ()))
            wrong = sorted(missing - (names - set(access.fields)))
            must(
                not wrong,
                seen=f"{access.name} is said to lack {wrong} for {capability}",
                expected="fields of the form that are not given yet",
            )
            # Some of them have no more fields, but leave out what stands in the way, as a role.
            wider = bench.accesses_for(capability)
            must(
                not wider or any(missing & set(each.fields) for each in wider),
                seen=f"{capability} works with {', '.join(each.name for each in wider)}, and "
                f"{access.name} is said to lack {sorted(missing)}",
                expected="the fields that make the difference",
            )


@CAPABILITIES.check(
    3,
    rule="What credentials do not allow is refused with CapabilityUnavailable and the missing "
    "fields, before any request is sent.",
    mend="Leave refusing to the typed face: say in `capabilities()` what works.",
)
async def what_is_not_allowed_is_refused(bench: Bench) -> None:
    accesses = bench.harness.accesses
    # All are read first: what one connection can do must say nothing of another.
    said = [bench.provider.read_credentials(each.fields).capabilities() for each in accesses]
    for access, stated in zip(accesses, said, strict=True):
        async with bench.connect(access) as connection:
            for capability in sorted(_REFUSED.keys() - _possible(bench, stated.available)):
                refused = await _refusal(bench, capability, connection)
                must(
                    set(refused.missing) == set(stated.missing.get(capability, ()))
                    or not bench.provider.deploys,
                    seen=f"the refusal of {capability} names {refused.missing}",
                    expected="the fields that capabilities() names",
                )
                must(
                    not bench.wire,
                    seen=f"{len(bench.wire)} requests before {capability} was refused",
                    expected="no request",
                )


async def _refusal(
    bench: Bench, capability: Capability, connection: Connection
) -> CapabilityUnavailable:
    try:
        await _REFUSED[capability](bench, connection)
    except CapabilityUnavailable as error:
        return error
    except PluginError:
        raise
    except BonitoError as error:
        raise Violation(
            f"{capability} raised {type(error).__name__}", expected="CapabilityUnavailable"
        ) from None
    raise Violation(f"{capability} worked", expected="CapabilityUnavailable")


@CAPABILITIES.check(
    4,
    rule="What credentials are said to allow works with them, with each level of them.",
    mend="Take the capability out of `base_capabilities` or `enables`, or make it work.",
)
async def what_is_allowed_works(bench: Bench) -> None:
    for access in bench.harness.accesses:
        for capability, ask in _USES.items():
            if capability not in _possible(bench, bench.capabilities(access)):
                continue
            bench.renew()
            async with bench.connect(access) as connection:
                try:
                    await ask(bench, connection)
                except PluginError:
                    raise
                except BonitoError as error:
                    raise Violation(
                        f"{capability} with {access.name}: {type(error).__name__}: {error}",
                        expected="what capabilities() says is allowed to work",
                    ) from None


@CAPABILITIES.check(
    5,
    rule="Hooks and capabilities agree: who implements deploying has credentials that allow it, "
    "and who does not claims neither DEPLOY nor ADOPT.",
    mend="Enable DEPLOY by some fields, or leave out both the hooks and the capability.",
)
def hooks_and_capabilities_agree(bench: Bench) -> None:
    claimed = frozenset().union(*map(bench.capabilities, bench.harness.accesses))
    deploying = claimed & {Capability.DEPLOY, Capability.ADOPT}
    if bench.provider.deploys:
        must(deploying, seen="hooks to deploy that no access may use", expected="DEPLOY or ADOPT")
    else:
        must(
            not deploying,
            seen=f"{', '.join(sorted(deploying))} without the hooks to deploy",
            expected="neither of them",
        )


def _possible(bench: Bench, able: frozenset[Capability]) -> set[Capability]:
    without = set() if bench.provider.deploys else {Capability.DEPLOY, Capability.ADOPT}
    return set(able) - without


async def _check(bench: Bench, connection: Connection) -> None:
    report = await bench.provider.check_credentials(connection)
    must(report.usable, seen="checking says that they are not usable", expected="usable")


async def _list_models(bench: Bench, connection: Connection) -> None:
    listing = await bench.provider.list_models(connection)
    must(listing.items, seen="an empty catalogue", expected="the models of the cloud")


async def _list_deployments(bench: Bench, connection: Connection) -> None:
    listing = await bench.provider.list_deployments(connection)
    there = bench.harness.standing(bench.cloud)
    must(listing.items or not there, seen="an empty account", expected=f"{sorted(there)}")


async def _adopt(bench: Bench, connection: Connection) -> None:
    if not bench.harness.adoptable:
        raise HarnessError("add to `adoptable` what may be adopted: a capability says so")
    request = DeploymentRequest(name=bench.harness.adoptable[0], adopt=True)
    plan = await bench.provider.plan_deployment(connection, request)
    deployment = await bench.provider.deploy(connection, plan)
    must(
        deployment.state is State.READY,
        seen=f"adopting {request.name} gave {deployment.state}",
        expected="ready",
    )


async def _deploy(bench: Bench, connection: Connection) -> None:
    if not bench.harness.deployable:
        raise HarnessError("add to `deployable` what can be deployed: a capability says so")
    plan = await bench.provider.plan_deployment(connection, bench.harness.deployable[0])
    deployment = await bench.provider.deploy(connection, plan)
    there = bench.harness.standing(bench.cloud)
    must(
        deployment.ref.name in there,
        seen=f"deploying gave {deployment.state} and {deployment.ref.name!r} is not in the cloud",
        expected="a deployment",
    )


async def _invoke(bench: Bench, connection: Connection) -> None:
    for kind in ("chat", "embedding"):
        deployment = await _standing(bench, connection, kind)
        if deployment is not None:
            request = InvocationRequest.model_validate({"kind": kind})
            await bench.provider.invoke_model(connection, deployment, request)
            return
    raise HarnessError("let a chat or embedding deployment stand in the fresh cloud")


async def _route(bench: Bench, connection: Connection) -> None:
    deployment = await _standing(bench, connection, "chat")
    if deployment is None:
        raise HarnessError("let a chat deployment stand in the fresh cloud")
    entry = bench.provider.build_gateway_entry(connection.credentials, deployment)
    must(
        entry.supported and entry.litellm_params,
        seen=f"no route to {deployment.ref.name}: {entry.reason}",
        expected="a route to a deployment for chat",
    )


def _made_up(bench: Bench) -> Deployment:
    name = bench.provider.info.name
    ref = DeploymentRef(provider=name, resource="none", name="none")
    return Deployment(ref=ref, state=State.READY, observed_at=bench.clock.now())


async def _standing(bench: Bench, connection: Connection, kind: str) -> Deployment | None:
    """Return something that answers calls: listed where listing is possible, else made up."""
    able = connection.credentials.capabilities().available
    if Capability.LIST_DEPLOYMENTS not in able:
        return _made_up(bench)
    listing = await bench.provider.list_deployments(connection)
    return next(iter(callable_in(listing.items, kind)), None)


_USES: dict[Capability, _Ask] = {
    Capability.CHECK: _check,
    Capability.LIST_MODELS: _list_models,
    Capability.LIST_DEPLOYMENTS: _list_deployments,
    Capability.ADOPT: _adopt,
    Capability.DEPLOY: _deploy,
    Capability.INVOKE: _invoke,
    Capability.ROUTE: _route,
}
"""How each capability is used once."""


async def _plan_anything(bench: Bench, connection: Connection, *, adopt: bool) -> None:
    request = DeploymentRequest(model="none", name="none", adopt=adopt)
    await bench.provider.plan_deployment(connection, request)


async def _invoke_anything(bench: Bench, connection: Connection) -> None:
    await bench.provider.invoke_model(connection, _made_up(bench), InvocationRequest())


_REFUSED: dict[Capability, _Ask] = {
    Capability.LIST_MODELS: _list_models,
    Capability.LIST_DEPLOYMENTS: _list_deployments,
    Capability.ADOPT: partial(_plan_anything, adopt=True),
    Capability.DEPLOY: partial(_plan_anything, adopt=False),
    Capability.INVOKE: _invoke_anything,
}
"""What the typed face refuses, asked for with arguments that lead nowhere."""
