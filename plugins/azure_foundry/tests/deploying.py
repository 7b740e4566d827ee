"""A deployment as the tests of management plan and make it."""

from __future__ import annotations

from bonito_providers import Connection, Deployment, DeploymentPlan, DeploymentRequest, wait

WRITER = DeploymentRequest(model="gpt-4o", name="writer")


async def planned(connection: Connection, request: DeploymentRequest = WRITER) -> DeploymentPlan:
    """Plans it."""
    return await connection.provider.plan_deployment(connection, request)


async def deployed(connection: Connection, request: DeploymentRequest = WRITER) -> Deployment:
    """Plans it, deploys it and waits until it answers, or never will."""
    return await wait(connection, await planned(connection, request))
