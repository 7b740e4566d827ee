"""Steps that checks of the deployment lifecycle have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests.holdings import Holdings, holdings
from bonito_contract_tests.interceptions import OnWrite
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_emulators import Fault
from bonito_providers import Capability, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_emulators import Action
    from bonito_providers import Connection, Deployment, DeploymentPlan, DeploymentRequest

UNDER_WAY = frozenset({State.PROVISIONING, State.READY})
"""What a deployment may be told as while it stands and nothing is wrong with it."""


def requests(bench: Bench) -> tuple[DeploymentRequest, DeploymentRequest]:
    """Return two requests for different models that can be deployed at once.

    Raises:
        HarnessError: The harness has no two.
    """
    offered = list(bench.harness.deployable)
    other = next((each for each in offered if each.model != offered[0].model), None)
    if other is None:
        raise HarnessError("add two requests for different models to `deployable`")
    return offered[0], other


def named(request: DeploymentRequest, name: str) -> DeploymentRequest:
    """Return the same request under a name."""
    return request.model_copy(update={"name": name})


def deploying(bench: Bench) -> Access:
    """Return the access that may deploy; the widest of them."""
    return bench.accesses_for(Capability.DEPLOY)[-1]


async def planned(
    bench: Bench, connection: Connection, request: DeploymentRequest
) -> DeploymentPlan:
    """Plan a request that nothing stands in the way of.

    Raises:
        Violation: The plan says that something does.
    """
    plan = await bench.provider.plan_deployment(connection, request)
    blocking = [action.title for action in plan.actions]
    must(
        not blocking,
        seen=f"the plan for {request.model} asks for {blocking} first",
        expected="no action: the harness says that this can be deployed at once",
    )
    return plan


async def deployed(
    bench: Bench, connection: Connection, request: DeploymentRequest
) -> tuple[DeploymentPlan, Deployment]:
    """Plan and deploy a request, and let the cloud finish it."""
    plan = await planned(bench, connection, request)
    deployment = await bench.provider.deploy(connection, plan)
    must(
        deployment.state in UNDER_WAY,
        seen=f"deploying {request.model} gave {deployment.state}: {deployment.error or ''}",
        expected="a deployment that is ready or on its way",
    )
    bench.harness.finish(bench.cloud)
    return plan, deployment


async def removed(bench: Bench, connection: Connection, plan: DeploymentPlan) -> None:
    """Delete what a plan made, and let the cloud finish that."""
    await bench.provider.delete_deployment(connection, plan.ref)
    bench.harness.finish(bench.cloud)


def held(bench: Bench) -> Callable[[], Holdings]:
    """Return a question for what the cloud holds, of the cloud that is on the stage now."""
    return lambda: holdings(bench)


def watch_writes(bench: Bench) -> OnWrite:
    """Note from now on which requests change the cloud."""
    watching = OnWrite(held(bench))
    bench.faults.add(Fault(action=watching, times=None))
    return watching


async def write_of(bench: Bench, request: DeploymentRequest) -> tuple[str, str, str]:
    """Return host, method and path of the request that deploys, and begin with a fresh cloud.

    Raises:
        Violation: Deploying sends none.
    """
    watching = watch_writes(bench)
    async with bench.connect(deploying(bench)) as connection:
        await deployed(bench, connection, request)
    if not watching.writes:
        raise Violation(
            f"deploying {request.model} changed nothing in the cloud", expected="a deployment"
        )
    bench.renew()
    return watching.writes[0]


def hit_write(
    bench: Bench, write: tuple[str, str, str], action: Action, *, times: int | None = 1
) -> None:
    """Order a fault for the write, instead of carrying it out."""
    host, method, path = write
    bench.faults.add(Fault(action=action, host=host, method=method, path_prefix=path, times=times))
