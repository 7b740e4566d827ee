"""Planning and deploying: a served model is proved, weights get an endpoint of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_gcp_vertex import activation, deploying, deployments, errors, names, planning, resolving
from bonito_providers.errors import PermissionMissing, PlanRefused, ProviderError

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRequest


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Work out what deploying would do, changing nothing.

    Raises:
        ModelNotFound: No such model or version.
        Conflict: Another model stands under that name.
        InvalidRequest: Something is asked for that Vertex AI does not have.
    """
    wanted = resolving.read(request)
    try:
        row = await resolving.row_of(connection, wanted)
    except PermissionMissing as error:
        if error.code != errors.DISABLED:
            raise
        # Without the API there is no catalogue either: what it would say is not known yet.
        return activation.plan_enabling(connection, wanted, error)
    if row.is_weights:
        return (await planning.plan(connection, wanted, row)).plan
    return activation.plan(connection, wanted, row)


async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Carry a plan out; the same plan again finds what it made.

    Raises:
        PlanRefused: The plan is no longer true of what stands.
    """
    deployments.require_own(connection, plan.ref)
    if plan.actions:
        return deploying.needing(connection, plan, plan.actions)
    if activation.enables(plan):
        try:
            queued = await activation.enable(connection, plan)
        except ProviderError as error:
            return deploying.refused(connection, plan, error)
        if queued is not None:
            return queued
    if names.is_served(plan.ref.name):
        return await activation.prove(connection, plan)
    if activation.enables(plan):
        raise PlanRefused(
            "The API is enabled now, and the catalogue can be read.", hint="Plan again."
        )
    return await deploying.deploy(connection, plan)
