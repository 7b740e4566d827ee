"""Questions for situations, put together from a few words: what to ask, and what happens first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bonito_contract_tests.situations import Ask, Scene
    from bonito_emulators import Fault
    from bonito_providers import (
        CredentialReport,
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
        GatewayEntry,
        Invocation,
        InvocationRequest,
        Listing,
        Model,
    )

Happening = Callable[["Scene"], object]
"""What happens on the scene, in the cloud or in front of it."""
Find = Callable[["Scene"], "DeploymentRef"]
"""How a deployment is found: its reference, which may tell the credentials' own place."""


async def checking(scene: Scene) -> CredentialReport:
    """Try the credentials out."""
    return await scene.provider.check_credentials(scene.connection)


async def models(scene: Scene) -> Listing[Model]:
    """List the models."""
    return await scene.provider.list_models(scene.connection)


async def deployments(scene: Scene) -> Listing[Deployment]:
    """List what is callable."""
    return await scene.provider.list_deployments(scene.connection)


def model(id: str) -> Ask:
    """List the models and take one of them; None where it is not among them."""

    async def ask(scene: Scene) -> Model | None:
        return next((each for each in (await models(scene)).items if each.id == id), None)

    return ask


def deployment(name: str) -> Ask:
    """List what is callable and take one of it; None where it is not among it."""

    async def ask(scene: Scene) -> Deployment | None:
        found = (await deployments(scene)).items
        return next((each for each in found if each.ref.name == name), None)

    return ask


def planning(request: DeploymentRequest) -> Ask:
    """Plan it."""

    async def ask(scene: Scene) -> DeploymentPlan:
        return await scene.provider.plan_deployment(scene.connection, request)

    return ask


def deploying(request: DeploymentRequest, *, meanwhile: Happening | None = None) -> Ask:
    """Plan it, let something happen, and carry the plan out."""

    async def ask(scene: Scene) -> Deployment:
        plan = await scene.provider.plan_deployment(scene.connection, request)
        if meanwhile is not None:
            meanwhile(scene)
        return await scene.provider.deploy(scene.connection, plan)

    return ask


def looking(find: Find) -> Ask:
    """Look a deployment up."""

    async def ask(scene: Scene) -> Deployment:
        return await scene.provider.get_deployment(scene.connection, find(scene))

    return ask


def removing(find: Find, *, include_unowned: bool = False) -> Ask:
    """Delete a deployment."""

    async def ask(scene: Scene) -> Deployment:
        return await scene.provider.delete_deployment(
            scene.connection, find(scene), include_unowned=include_unowned
        )

    return ask


def calling(found: Callable[[Scene], Deployment], request: InvocationRequest) -> Ask:
    """Call a deployment once."""

    async def ask(scene: Scene) -> Invocation:
        return await scene.provider.invoke_model(scene.connection, found(scene), request)

    return ask


def routing(found: Callable[[Scene], Deployment]) -> Ask:
    """Make a deployment's gateway entry."""

    async def ask(scene: Scene) -> GatewayEntry:
        return scene.provider.build_gateway_entry(scene.connection.credentials, found(scene))

    return ask


def after(happening: Happening, ask: Ask) -> Ask:
    """Let something happen, and ask then; what it let go wrong goes wrong only meanwhile."""

    async def asked(scene: Scene) -> object:
        happening(scene)
        try:
            return await ask(scene)
        finally:
            scene.faults.clear()

    return asked


def meeting(ask: Ask, *faults: Fault) -> Ask:
    """Ask while these stand in front of the cloud."""

    def ordered(scene: Scene) -> None:
        for each in faults:
            scene.faults.add(each)

    return after(ordered, ask)


def then(first: Ask, second: Ask) -> Ask:
    """Ask one thing, and tell what another comes to."""

    async def asked(scene: Scene) -> object:
        await first(scene)
        return await second(scene)

    return asked
