"""Questions for situations, put together from a few words: what to ask, and what happens first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from bonito_emulators import Fault, Respond
from bonito_providers import Model
from bonito_providers.errors import PluginError, ProviderError

if TYPE_CHECKING:
    from bonito_contract_tests.situations import Ask, Scene
    from bonito_emulators import Action
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
    )

Happening = Callable[["Scene"], object]
"""What happens on the scene, in the cloud or in front of it."""
Find = Callable[["Scene"], "DeploymentRef"]
"""How a deployment is found: its reference, which may tell the credentials' own place."""
Found = Callable[["Scene"], "Deployment | Awaitable[Deployment]"]
"""A deployment as a host has kept it, or as `looking` finds it."""


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


def calling(found: Found, request: InvocationRequest) -> Ask:
    """Call a deployment once."""

    async def ask(scene: Scene) -> Invocation:
        deployment = await _deployment(scene, found)
        return await scene.provider.invoke_model(scene.connection, deployment, request)

    return ask


def routing(found: Found) -> Ask:
    """Make a deployment's gateway entry."""

    async def ask(scene: Scene) -> GatewayEntry:
        deployment = await _deployment(scene, found)
        return scene.provider.build_gateway_entry(scene.connection.credentials, deployment)

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


def instead(
    answer: Mapping[str, Any] | Action,
    *,
    path: str = "/",
    method: str | None = None,
    status: int = 200,
    times: int | None = 1,
) -> Fault:
    """Return what stands in the place of the cloud's own answers below a path, for `meeting`."""
    action = Respond(status, body=answer) if isinstance(answer, Mapping) else answer
    return Fault(action=action, path_prefix=path, method=method, times=times)


def then(first: Ask, second: Ask) -> Ask:
    """Ask one thing, and tell what another comes to."""

    async def asked(scene: Scene) -> object:
        await first(scene)
        return await second(scene)

    return asked


def picked(ask: Ask, **names: str) -> Ask:
    """List, and tell the names of all there is and, under words of their own, some of it."""

    async def asked(scene: Scene) -> Mapping[str, object]:
        listing: Listing[Model] | Listing[Deployment] = await ask(scene)
        named = [(_name(each), each) for each in listing.items]
        found = dict(named)
        words = {word: found.get(name) for word, name in names.items()}
        return {**dict(listing), "names": [name for name, _ in named], **words}

    return asked


def counted(ask: Ask, *, reads: Collection[str] = ()) -> Ask:
    """Tell beside the answer, or the class of the refusal, what was sent and slept for it.

    Args:
        ask: The question.
        reads: Method and path of what changes nothing although it is no GET.
    """

    async def asked(scene: Scene) -> Mapping[str, object]:
        slept, seen = len(scene.clock.slept), len(scene.wire())
        answer, refused = None, None
        try:
            answer = await ask(scene)
        except PluginError:
            raise  # a crash is no refusal
        except ProviderError as error:
            refused = error.kind
        sent = [f"{each.method} {each.path}" for each in scene.wire()[seen:]]
        return {
            "answer": answer,
            "refused": refused,
            "sent": Counter(sent),
            "writes": [each for each in sent if not each.startswith("GET ") and each not in reads],
            "slept": scene.clock.slept[slept:],
        }

    return asked


def with_bodies(ask: Ask) -> Ask:
    """Tell beside the answer what was sent as JSON for it, each body in its turn."""

    async def asked(scene: Scene) -> Mapping[str, object]:
        answer = await ask(scene)
        sent = [each for each in scene.wire() if "json" in (each.header("content-type") or "")]
        return {"answer": answer, "bodies": [each.json() for each in sent if each.body]}

    return asked


async def _deployment(scene: Scene, found: Found) -> Deployment:
    there = found(scene)
    return await there if isawaitable(there) else there


def _name(item: Model | Deployment) -> str:
    return item.id if isinstance(item, Model) else item.ref.name
