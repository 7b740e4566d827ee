"""Deployments that the situations ask about, and OpenAI's models behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bonito_azure_arm.conformance.questions import RESOURCE
from bonito_providers import Deployment, State, Surface
from bonito_providers.deployment import DeployedModel, DeploymentRef

if TYPE_CHECKING:
    from bonito_contract_tests import Scene

UNKNOWN = DeployedModel()
MINI = DeployedModel(
    name="gpt-4o-mini", format="OpenAI", kind="chat", price_key="azure/gpt-4o-mini"
)
REASONER = DeployedModel(
    name="gpt-5-mini", format="OpenAI", kind="chat", price_key="azure/gpt-5-mini"
)
NEWEST = DeployedModel(name="gpt-5.4", format="OpenAI", kind="chat", price_key="azure/gpt-5.4")
VECTORS = DeployedModel(
    name="text-embedding-3-small",
    format="OpenAI",
    kind="embedding",
    price_key="azure/text-embedding-3-small",
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """A deployment, as far as a listing knows it.

    Attributes:
        name: The deployment's.
        model: What is behind it.
        surfaces: By which of them it was seen to answer, or not to.
    """

    name: str
    model: DeployedModel = UNKNOWN
    surfaces: Mapping[str, bool | None] = field(default_factory=dict)

    def found(self, scene: Scene) -> Deployment:
        """Return it as a listing of the scene's provider would."""
        info = scene.provider.info
        return Deployment(
            ref=DeploymentRef(provider=info.name, resource=RESOURCE, name=self.name),
            model=self.model,
            state=State.READY,
            surfaces=tuple(Surface(name=key, answers=seen) for key, seen in self.surfaces.items()),
            observed_at=scene.clock.now(),
        )


def gone(*surfaces: str) -> dict[str, bool | None]:
    """Return the surfaces as seen not to answer."""
    return dict.fromkeys(surfaces, False)
