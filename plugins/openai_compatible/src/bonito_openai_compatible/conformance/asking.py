"""Questions to the plugin, put together from a few words, and what stands in their way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bonito_emulators import Fault, Respond
from bonito_providers import (
    DeployedModel,
    Deployment,
    DeploymentRef,
    InvocationRequest,
    State,
)

if TYPE_CHECKING:
    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_emulators import Action


async def models(scene: Scene) -> object:
    """List the models."""
    return await scene.provider.list_models(scene.connection)


async def deployments(scene: Scene) -> object:
    """List what is callable."""
    return await scene.provider.list_deployments(scene.connection)


def picked(ask: Ask, **names: str) -> Ask:
    """Take some of what is listed, each under a word of its own, and how whole the listing is."""

    async def asked(scene: Scene) -> object:
        listing: Any = await ask(scene)
        found = {getattr(each, "id", "") or each.ref.name: each for each in listing.items}
        return {
            **{word: found.get(name) for word, name in names.items()},
            "names": list(found),
            "skipped": listing.skipped,
            "complete": listing.complete,
            "notes": listing.notes,
            "source": listing.source,
        }

    return asked


def calling(name: str, kind: Any = "chat") -> Ask:  # noqa: ANN401 - one of two words
    """Call a model, and tell the bodies that were sent beside the answer."""

    async def ask(scene: Scene) -> object:
        request = InvocationRequest(kind=kind, prompt="Say hello.", max_tokens=7)
        found = _standing(scene, name, kind)
        answer = await scene.provider.invoke_model(scene.connection, found, request)
        return {"answer": answer, "bodies": [each.json() for each in scene.wire()]}

    return ask


def entry_of(name: str, *, kind: str | None = "chat", price_key: str | None = None) -> Ask:
    """Ask for the route to a model of which no more is known than this."""

    async def ask(scene: Scene) -> object:
        found = _standing(scene, name, kind, price_key)
        return scene.provider.build_gateway_entry(scene.connection.credentials, found)

    return ask


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


def answering(answer: Mapping[str, Any] | Action, *, status: int = 200) -> Fault:
    """Return an answer in the place of the service's own, to one call."""
    action = Respond(status, body=answer) if isinstance(answer, Mapping) else answer
    return Fault(action=action)


def _standing(
    scene: Scene, name: str, kind: str | None, price_key: str | None = None
) -> Deployment:
    told: Any = scene.connection.credentials
    return Deployment(
        ref=DeploymentRef(provider="openai_compatible", resource=told.base_url, name=name),
        model=DeployedModel(name=name, kind=kind, price_key=price_key),
        state=State.READY,
        observed_at=scene.clock.now(),
    )
