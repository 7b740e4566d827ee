"""Taking over what can be called already: what stands, or what the service itself offers."""

from __future__ import annotations

import difflib
from datetime import timedelta
from typing import TYPE_CHECKING

from bonito_aws_bedrock import catalogue, deployments, wire
from bonito_aws_bedrock.sources import Source, sources_of
from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRequest
from bonito_providers.errors import DeploymentNotFound

if TYPE_CHECKING:
    from bonito_aws_bedrock.rows import ModelRow
    from bonito_providers.connection import Connection

LIFETIME = timedelta(hours=1)


async def plan(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Return what adopting would do: nothing but to find it.

    Raises:
        DeploymentNotFound: Nothing can be called by that name or id.
    """
    found = await _require(connection, request.name or "")
    now = connection.clock.now()
    return DeploymentPlan(
        ref=found.ref,
        request=request,
        model=found.model,
        sku=found.sku,
        capacity=found.capacity,
        region=wire.own(connection).region,
        cost=f"Adopting changes nothing. {found.billing}",
        created_at=now,
        expires_at=now + LIFETIME,
    )


async def adopt(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Return what the plan names.

    Raises:
        DeploymentNotFound: It is gone.
        InvalidRequest: The plan is for another account.
    """
    await deployments.require_own(connection, plan.ref)
    found = await _require(connection, plan.ref.name)
    return found.model_copy(update={"created": False})


async def offered(connection: Connection, identity: str) -> Deployment | None:
    """Return what the service itself offers under an id: a profile, or a model on demand."""
    if "." not in identity:
        return None  # every id has one, and no name of a profile or of throughput does
    for source, model in await _offers(connection):
        if source.id == identity:
            resource = await deployments.own_resource(connection)
            return deployments.from_source(connection, source, resource=resource, model=model)
    return None


async def _offers(connection: Connection) -> list[tuple[Source, ModelRow]]:
    """Return every way to call a model of the region, with the model."""
    async with wire.together() as group:
        listed = group.create_task(catalogue.models(connection))
        offers = group.create_task(catalogue.service_profiles(connection))
    models, profiles = listed.result().rows, offers.result().rows
    region = wire.own(connection).region
    return [
        (source, model) for model in models for source in sources_of(model, profiles, region=region)
    ]


async def _require(connection: Connection, name: str) -> Deployment:
    row = await deployments.find(connection, name)
    if row is not None:
        return await deployments.read(connection, row)
    found = await offered(connection, name)
    if found is not None:
        return found
    names = [each.ref.name for each in (await deployments.listing(connection)).items]
    names += [source.id for source, _ in await _offers(connection)]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    raise DeploymentNotFound(
        f"Nothing in {wire.own(connection).region} can be called as {name}.",
        hint=f"Did you mean {', '.join(close)}?" if close else "List deployments and models.",
    )
