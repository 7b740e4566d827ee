"""Taking over what stands: all that a key allows of the life of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_azure_arm.adoption import Adoption
from bonito_azure_foundry import deployments, facts, invoke, surfaces

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import (
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
    )


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Return what adopting would do: find the deployment in a listing, else call it once."""
    return await _adoption(connection).plan(request)


async def adopt(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Return the deployment that the plan names, with the surfaces its resource is served on.

    Raises:
        DeploymentNotFound: There is none of that name.
        InvalidRequest: The plan is for another resource.
    """
    standing = await _adoption(connection).adopt(plan)
    seen = await surfaces.observe(connection, surfaces.MODELS, surfaces.OPENAI_V1)
    return deployments.with_surfaces(standing, seen)


async def get(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return the deployment as the listing shows it, or as absent if it does not.

    Raises:
        CapabilityUnavailable: No listing tells for sure, and only a call could.
    """
    return await _adoption(connection).get(ref)


def _adoption(connection: Connection) -> Adoption:
    return Adoption(
        resource=deployments.resource(connection),
        read=deployments.read,
        invoke=invoke.invoke,
        data=facts.DATA,
    )
