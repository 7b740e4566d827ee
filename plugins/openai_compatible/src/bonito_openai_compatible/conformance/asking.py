"""Questions about a model at the connection's own address, of which a host has kept little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_contract_tests import asking
from bonito_contract_tests.asking import with_bodies
from bonito_providers import DeployedModel, Deployment, DeploymentRef, InvocationRequest, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_providers.invocation import InvocationKind


def calling(name: str, kind: InvocationKind = "chat") -> Ask:
    """Call a model, and tell the bodies that were sent beside the answer."""
    request = InvocationRequest(kind=kind, prompt="Say hello.", max_tokens=7)
    return with_bodies(asking.calling(_kept(name, kind=kind), request))


def routing(name: str, *, kind: str | None = "chat", price_key: str | None = None) -> Ask:
    """Ask for the route to a model of which no more is known than this."""
    return asking.routing(_kept(name, kind=kind, price_key=price_key))


def _kept(
    name: str, *, kind: str | None, price_key: str | None = None
) -> Callable[[Scene], Deployment]:
    """Return what finds a deployment as a host has kept it."""

    def found(scene: Scene) -> Deployment:
        told: Any = scene.connection.credentials
        return Deployment(
            ref=DeploymentRef(provider="openai_compatible", resource=told.base_url, name=name),
            model=DeployedModel(name=name, kind=kind, price_key=price_key),
            state=State.READY,
            observed_at=scene.clock.now(),
        )

    return found
