"""Questions to the plugin, put together from a few words, and what stands in their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators import Fault
from bonito_gcp_vertex.conformance.project import PROJECT
from bonito_providers import DeploymentRef, DeploymentRequest, InvocationRequest
from bonito_providers.errors import ProviderError

if TYPE_CHECKING:
    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_gcp_vertex.conformance.changes import Change

SIGNING_IN = "POST /token"


def wish(model: str, *consents: str, **wishes: Any) -> DeploymentRequest:  # noqa: ANN401 - fields
    """Return a request for a model."""
    return DeploymentRequest(model=model, consents=frozenset(consents), **wishes)


def adoption(name: str) -> DeploymentRequest:
    """Return a request to take over what stands."""
    return DeploymentRequest(name=name, adopt=True)


def ref_of(scene: Scene, name: str) -> DeploymentRef:
    """Return how the scene's connection finds a deployment."""
    told: Any = scene.connection.credentials
    place = told.location if "/" in name else told.region or "-"
    return DeploymentRef(provider="gcp_vertex", resource=f"{PROJECT}/{place}", name=name)


def planning(request: DeploymentRequest) -> Ask:
    """Ask for a plan."""

    async def ask(scene: Scene) -> object:
        return await scene.provider.plan_deployment(scene.connection, request)

    return ask


def deploying(request: DeploymentRequest, *changes: Change, again: bool = False) -> Ask:
    """Ask for a plan, let things happen, and carry the plan out.

    Args:
        request: What is wished for.
        changes: What happens; the plan is carried out once, after all of it.
        again: Carry it out before it happens as well.
    """

    async def ask(scene: Scene) -> object:
        plan = await scene.provider.plan_deployment(scene.connection, request)
        if again:
            await scene.provider.deploy(scene.connection, plan)
        for change in changes:
            change(scene.cloud)
        return await scene.provider.deploy(scene.connection, plan)

    return ask


def looking(name: str) -> Ask:
    """Look a deployment up."""

    async def ask(scene: Scene) -> object:
        return await scene.provider.get_deployment(scene.connection, ref_of(scene, name))

    return ask


def removing(name: str, *, include_unowned: bool = False) -> Ask:
    """Delete a deployment."""

    async def ask(scene: Scene) -> object:
        return await scene.provider.delete_deployment(
            scene.connection, ref_of(scene, name), include_unowned=include_unowned
        )

    return ask


def calling(name: str, kind: Any = "chat") -> Ask:  # noqa: ANN401 - one of two words
    """Call what stands under a name."""

    async def ask(scene: Scene) -> object:
        found = await scene.provider.get_deployment(scene.connection, ref_of(scene, name))
        request = InvocationRequest(kind=kind, prompt="Say hello.", max_tokens=7)
        return await scene.provider.invoke_model(scene.connection, found, request)

    return ask


def with_body(ask: Ask) -> Ask:
    """Tell the body of the last request beside the answer."""

    async def asked(scene: Scene) -> object:
        answer = await ask(scene)
        return {"answer": answer, "body": scene.wire()[-1].json()}

    return asked


def entry_of(name: str) -> Ask:
    """Ask for the route to what stands under a name."""

    async def ask(scene: Scene) -> object:
        found = await scene.provider.get_deployment(scene.connection, ref_of(scene, name))
        return scene.provider.build_gateway_entry(scene.connection.credentials, found)

    return ask


async def models(scene: Scene) -> object:
    """List the models."""
    return await scene.provider.list_models(scene.connection)


async def deployments(scene: Scene) -> object:
    """List what is callable."""
    return await scene.provider.list_deployments(scene.connection)


def picked(ask: Ask, **names: str) -> Ask:
    """Take some of what is listed, each under a word of its own."""

    async def asked(scene: Scene) -> object:
        listing: Any = await ask(scene)
        found = {getattr(each, "id", "") or each.ref.name: each for each in listing.items}
        return {word: found.get(name) for word, name in names.items()}

    return asked


def named(ask: Ask) -> Ask:
    """Take the names of what is listed."""

    async def asked(scene: Scene) -> object:
        listing: Any = await ask(scene)
        names = [getattr(each, "id", "") or each.ref.name for each in listing.items]
        return {"names": names, "skipped": listing.skipped, "complete": listing.complete}

    return asked


def queries(ask: Ask) -> Ask:
    """Tell the queries of all requests that are sent."""

    async def asked(scene: Scene) -> object:
        await ask(scene)
        return [each.query for each in scene.wire()]

    return asked


def after(change: Change, ask: Ask) -> Ask:
    """Let something happen first."""

    async def asked(scene: Scene) -> object:
        change(scene.cloud)
        return await ask(scene)

    return asked


def then(first: Ask, second: Ask) -> Ask:
    """Ask one thing, and tell what another comes to."""

    async def asked(scene: Scene) -> object:
        await first(scene)
        return await second(scene)

    return asked


def meeting(ask: Ask, *faults: Fault) -> Ask:
    """Let faults wait in front of the cloud; those that nothing met are called off."""

    async def asked(scene: Scene) -> object:
        for fault in faults:
            scene.faults.add(fault)
        try:
            return await ask(scene)
        finally:
            scene.faults.clear()

    return asked


def lasting(ask: Ask) -> Ask:
    """Tell how often a write is sent, and what is slept meanwhile, beside what comes of it."""

    async def asked(scene: Scene) -> object:
        slept, seen = len(scene.clock.slept), len(scene.wire())
        answer: object = None
        refused = None
        try:
            answer = await ask(scene)
        except ProviderError as error:
            refused = type(error).__name__
        sent = [each.path for each in scene.wire()[seen:] if each.path.endswith(":deploy")]
        pauses = scene.clock.slept[slept:]
        return {"answer": answer, "refused": refused, "sent": len(sent), "slept": pauses}

    return asked


def outcomes(request: DeploymentRequest, *faults: Fault) -> Ask:
    """Carry one plan out under each of the faults, and tell what comes of it."""

    async def ask(scene: Scene) -> object:
        plan = await scene.provider.plan_deployment(scene.connection, request)

        async def deploy(scene: Scene) -> object:
            return await scene.provider.deploy(scene.connection, plan)

        return [await lasting(meeting(deploy, each))(scene) for each in faults]

    return ask
