"""Questions about what stands or is wished for in the harness's project, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_contract_tests import asking
from bonito_contract_tests.asking import counted, meeting
from bonito_gcp_vertex.conformance.changes import at_once
from bonito_gcp_vertex.conformance.project import PROJECT
from bonito_providers import DeploymentRef, DeploymentRequest, InvocationRequest

if TYPE_CHECKING:
    from bonito_contract_tests import Scene
    from bonito_contract_tests.asking import Find
    from bonito_contract_tests.situations import Ask
    from bonito_emulators import Fault
    from bonito_gcp_vertex.conformance.changes import Change
    from bonito_providers.invocation import InvocationKind

SIGNING_IN = "POST /token"


def wish(model: str, *consents: str, **wishes: Any) -> DeploymentRequest:  # noqa: ANN401 - fields
    """Return a request for a model."""
    return DeploymentRequest(model=model, consents=frozenset(consents), **wishes)


def adoption(name: str) -> DeploymentRequest:
    """Return a request to take over what stands."""
    return DeploymentRequest(name=name, adopt=True)


def lifetime(request: DeploymentRequest) -> Ask:
    """Plan it, and tell how long the plan is good for."""

    async def ask(scene: Scene) -> object:
        plan = await scene.provider.plan_deployment(scene.connection, request)
        return {"seconds": (plan.expires_at - plan.created_at).total_seconds()}

    return ask


def deploying(request: DeploymentRequest, *changes: Change) -> Ask:
    """Plan it, let all of that happen in the project, and carry the plan out."""
    change = at_once(*changes)
    return asking.deploying(request, meanwhile=lambda scene: change(scene.cloud))


def deploying_twice(request: DeploymentRequest, change: Change) -> Ask:
    """Plan it and carry the plan out; let something happen, and carry it out once more."""

    async def ask(scene: Scene) -> object:
        plan = await scene.provider.plan_deployment(scene.connection, request)
        await scene.provider.deploy(scene.connection, plan)
        change(scene.cloud)
        return await scene.provider.deploy(scene.connection, plan)

    return ask


def outcomes(request: DeploymentRequest, *faults: Fault) -> Ask:
    """Carry one plan out under each of the faults, and tell what comes of it."""

    async def ask(scene: Scene) -> object:
        plan = await scene.provider.plan_deployment(scene.connection, request)

        async def deploy(scene: Scene) -> object:
            return await scene.provider.deploy(scene.connection, plan)

        return [await counted(meeting(deploy, each))(scene) for each in faults]

    return ask


def looking(name: str, *, project: str = PROJECT) -> Ask:
    """Look a deployment up, where the connection finds what has that name."""
    return asking.looking(_named(name, project))


def removing(name: str, *, project: str = PROJECT, include_unowned: bool = False) -> Ask:
    """Delete it."""
    return asking.removing(_named(name, project), include_unowned=include_unowned)


def calling(name: str, kind: InvocationKind = "chat") -> Ask:
    """Look it up and call it."""
    request = InvocationRequest(kind=kind, prompt="Say hello.", max_tokens=7)
    return asking.calling(looking(name), request)


def routing(name: str) -> Ask:
    """Look it up and make its gateway entry."""
    return asking.routing(looking(name))


def after(change: Change, ask: Ask) -> Ask:
    """Let something happen in the project first."""
    return asking.after(lambda scene: change(scene.cloud), ask)


def queries(ask: Ask) -> Ask:
    """Tell the queries of all requests that are sent."""

    async def asked(scene: Scene) -> object:
        await ask(scene)
        return [each.query for each in scene.wire()]

    return asked


def _named(name: str, project: str) -> Find:
    def find(scene: Scene) -> DeploymentRef:
        told: Any = scene.connection.credentials
        place = told.location if "/" in name else told.region or "-"
        return DeploymentRef(provider="gcp_vertex", resource=f"{project}/{place}", name=name)

    return find
