"""Deploying, looking and deleting: the cloud's own answers decide, nothing is remembered."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bonito_aws_bedrock import (
    access,
    adoption,
    catalogue,
    deployments,
    planning,
    recent,
    wire,
)
from bonito_aws_bedrock.access import PENDING_PAUSE
from bonito_aws_bedrock.rows import ModelRow, ProfileRow, ThroughputRow, require
from bonito_aws_bedrock.sources import PROVISIONED
from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRef, State
from bonito_providers.errors import (
    AuthenticationError,
    Conflict,
    DeploymentNotFound,
    MalformedAnswer,
    PermissionMissing,
    PlanRefused,
    ProviderError,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_aws_bedrock.deployments import Standing
    from bonito_providers.actions import Action
    from bonito_providers.connection import Connection


ATTEMPTS, PAUSE = 3, 1.0
"""How often a write is sent whose answer was lost, and seconds before it is sent again."""


async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Carry a plan out; the same plan again finds what it made.

    Raises:
        Conflict: Another model stands under the name, or what stands cannot be changed.
        PlanRefused: The plan is no longer true of what stands or is offered.
    """
    await deployments.require_own(connection, plan.ref)
    if plan.actions:
        return _needing(connection, plan, plan.actions)
    pinned = plan.request.model_copy(
        update={"name": plan.ref.name, "sku": plan.sku, "capacity": plan.capacity}
    )
    seen = await planning.observe(connection, pinned)
    if seen.standing is not None:
        return await _as_it_stands(connection, plan, seen.standing, seen.model)
    fresh = planning.draft(connection, pinned, seen)
    if fresh.actions:
        return _needing(connection, plan, fresh.actions)
    if planning.body_of(fresh) != planning.body_of(plan):
        raise PlanRefused("What the plan was made from is offered no more.", hint="Plan again.")
    if seen.access.accepts and planning.shown_terms(plan) != seen.access.terms:
        raise PlanRefused(
            "The offer to be accepted is not the one that the plan shows.",
            hint="Plan again, and read the terms.",
        )
    model = plan.model.name or ""
    try:
        await access.clear(connection, model, seen.access, pinned)
    except PermissionMissing as error:
        return _needing(connection, plan, error.actions, error=error)
    if seen.access.accepts:
        seen = await planning.observe(connection, pinned)
    if seen.access.pending:
        queued = deployments.bare(connection, plan.ref, State.QUEUED)
        return queued.model_copy(update={"created": False, "retry_after": PENDING_PAUSE})
    return await _write(connection, plan, seen.model)


async def get(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Return the deployment as it is now; an id of the service's own is looked up as such.

    What this connection has made and Bedrock does not show yet is on its way, not absent.
    """
    await deployments.require_own(connection, ref)
    row = await _standing(connection, ref.name)
    if row is None:
        found = await adoption.offered(connection, ref.name)
        found = found or await recent.told(connection, ref.name)
        return found or deployments.bare(connection, ref, State.ABSENT)
    found = await deployments.read(connection, row)
    if found.state is not State.FAILED:
        return found
    return found.model_copy(update={"error": await _failure(connection, ref.name)})


async def delete(
    connection: Connection, ref: DeploymentRef, *, include_unowned: bool
) -> Deployment:
    """Delete the deployment, if this project made it or the caller insists.

    Raises:
        Conflict: It is not this project's own, or is the service's and cannot be deleted.
        ServiceUnavailable: It was made just now, and Bedrock does not show it yet.
    """
    await deployments.require_own(connection, ref)
    row = await _standing(connection, ref.name)
    if row is None:
        if await adoption.offered(connection, ref.name):
            raise Conflict(
                f"{ref.name} is Bedrock's own and nothing that could be deleted.",
                hint="Leave it out of the routes instead.",
            )
        if await recent.told(connection, ref.name):
            raise ServiceUnavailable(
                f"{ref.name} was made just now, and Bedrock does not show it yet.",
                hint="Delete it again in a moment.",
                retry_after=PAUSE,
            )
        return deployments.bare(connection, ref, State.ABSENT)
    if not include_unowned and not await catalogue.owned(connection, row.arn):
        raise Conflict(
            f"{ref.name} was not created by this project, as far as its tags tell.",
            hint="Delete it including what is not owned, if that is what you want.",
        )
    with suppress(DeploymentNotFound):  # somebody was faster
        await _remove(connection, row)
    await recent.forget(connection, ref.name)
    stands = await deployments.still_stands(connection, row)
    return deployments.bare(connection, ref, State.DELETING if stands else State.ABSENT)


async def _write(connection: Connection, plan: DeploymentPlan, model: ModelRow) -> Deployment:
    try:
        made = await _made(connection, plan)
    except Conflict:
        standing = await deployments.find(connection, plan.ref.name)
        if standing is None:
            raise
        return await _as_it_stands(connection, plan, standing, model)
    except ProviderError as error:
        if not error.actions:
            raise
        return _needing(connection, plan, error.actions, error=error)
    try:
        standing = await _look(connection, plan, made)
    except ProviderError:
        unseen = _unseen(connection, plan, made)
        if made:
            await recent.remember(connection, made, unseen, shown=False)
        return unseen
    if standing.arn != made:
        await _take_back(connection, plan, made)
        return await _as_it_stands(connection, plan, standing, model)
    resource = plan.ref.resource
    found = deployments.deployed(connection, standing, resource=resource, model=model, owned=True)
    await recent.remember(connection, made, found, shown=True)
    return found.model_copy(update={"created": True})


async def _standing(connection: Connection, name: str) -> Standing | None:
    """Return what stands under a name; throughput is asked for by it, where none is listed."""
    row = await deployments.find(connection, name)
    if row is not None or not planning.is_name(name):
        return row
    return await recent.throughput(connection, name)


async def _made(connection: Connection, plan: DeploymentPlan) -> str:
    """Return the ARN of what was made; empty where the answer does not name it.

    The write is no PUT: where its answer was lost, a look tells whether it was applied, before it
    is sent again.
    """
    operation, body = str(plan.preview.get("operation")), dict(planning.body_of(plan))
    if plan.sku == PROVISIONED:
        # However often the plan is sent, it is paid for once; another plan is another order, so
        # that what was deleted can be made again while the service still knows the token.
        body["clientRequestToken"] = plan.digest
    attempt = 1
    while True:
        try:
            answer = await wire.call(connection, "bedrock", operation, **body)
        except ServiceUnavailable:
            standing = await deployments.find(connection, plan.ref.name)
            if standing is not None and standing.model == plan.model.name:
                return standing.arn
            if standing is not None or attempt == ATTEMPTS:
                raise
            await connection.clock.sleep(PAUSE * attempt)
            attempt += 1
        else:
            return str(answer.get("inferenceProfileArn") or answer.get("provisionedModelArn") or "")


async def _look(connection: Connection, plan: DeploymentPlan, arn: str) -> Standing:
    """Return what stands for the name: what was just made, unless somebody was faster.

    Raises:
        ProviderError: It is not shown, or not yet: Bedrock is consistent in the end only.
    """
    if not arn:
        raise MalformedAnswer("Bedrock does not name what it made.", hint="Look again.")
    if plan.sku == PROVISIONED:
        return await _provisioned(connection, arn)
    standing = await deployments.profile_named(connection, plan.ref.name)
    if standing is None:
        answer = await wire.call(
            connection, "bedrock", "GetInferenceProfile", inferenceProfileIdentifier=arn
        )
        return require(ProfileRow, answer)
    return standing


async def _take_back(connection: Connection, plan: DeploymentPlan, arn: str) -> None:
    """Delete the profile that was made although one of that name stood already.

    That names of profiles are unique is nowhere written. Should two processes have made one each,
    the older one stays and whoever made the other takes it back; neither costs anything.
    """
    if plan.sku != PROVISIONED:
        await wire.call(
            connection, "bedrock", "DeleteInferenceProfile", inferenceProfileIdentifier=arn
        )


def _unseen(connection: Connection, plan: DeploymentPlan, arn: str) -> Deployment:
    """Return what was made and is not shown yet.

    An error here would be taken for a write that failed, and nobody would delete what is paid for
    by the hour.
    """
    found = deployments.bare(connection, plan.ref, State.PROVISIONING)
    update = {
        "model": plan.model,
        "endpoint": deployments.endpoint(connection, arn) if arn else None,
        "owned": True,
        "created": True,
        "sku": plan.sku,
        "capacity": plan.capacity,
        "billing": plan.cost,
    }
    return found.model_copy(update=update)


async def _as_it_stands(
    connection: Connection, plan: DeploymentPlan, standing: Standing, model: ModelRow
) -> Deployment:
    """Return what stands as planned; what differs can be changed by nobody."""
    if standing.model != plan.model.name:
        raise Conflict(
            f"{plan.ref.name} stands already, for {standing.model}.", hint="Choose another name."
        )
    changes = planning.differences(standing, plan.sku, plan.capacity)
    if not changes:
        found = deployments.deployed(
            connection,
            standing,
            resource=plan.ref.resource,
            model=model,
            owned=await catalogue.owned(connection, standing.arn),
        )
        return found.model_copy(update={"created": False})
    if not plan.request.update:
        raise PlanRefused(" ".join(changes), hint="Plan again with `update`, or another name.")
    raise Conflict(
        f"{plan.ref.name} cannot be changed: profiles are immutable and model units are fixed. "
        f"{' '.join(changes)}",
        hint="Deploy under another name, then delete this one.",
    )


async def _remove(connection: Connection, row: Standing) -> None:
    if isinstance(row, ProfileRow):
        await wire.call(
            connection, "bedrock", "DeleteInferenceProfile", inferenceProfileIdentifier=row.arn
        )
    else:
        await wire.call(
            connection, "bedrock", "DeleteProvisionedModelThroughput", provisionedModelId=row.arn
        )


async def _failure(connection: Connection, name: str) -> str:
    """Return why a build failed, which no listing tells (GetProvisionedModelThroughput)."""
    try:
        row = await _provisioned(connection, name)
    except DeploymentNotFound:
        row = None
    except AuthenticationError:
        return (
            "Bedrock could not provide it; these credentials may not read why, which takes the "
            "permission bedrock:GetProvisionedModelThroughput."
        )
    return (row.failure if row else None) or "Bedrock could not provide it and does not say why."


async def _provisioned(connection: Connection, identity: str) -> ThroughputRow:
    answer = await wire.call(
        connection, "bedrock", "GetProvisionedModelThroughput", provisionedModelId=identity
    )
    return require(ThroughputRow, answer)


def _needing(
    connection: Connection,
    plan: DeploymentPlan,
    actions: Sequence[Action],
    *,
    error: ProviderError | None = None,
) -> Deployment:
    blocked = deployments.bare(connection, plan.ref, State.NEEDS_ACTION)
    update = {
        "model": plan.model,
        "actions": tuple(actions),
        "created": False,
        "error": error.message if error else None,
        "retry_after": error.retry_after if error else None,
    }
    return blocked.model_copy(update=update)
