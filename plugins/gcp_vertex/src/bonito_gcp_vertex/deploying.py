"""Creating an endpoint: the cloud's own answers decide, nothing is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from bonito_gcp_vertex import endpoints, names, planning, resolving, wire
from bonito_gcp_vertex.findings import bare
from bonito_gcp_vertex.rows import OperationRow, require_row
from bonito_providers.answers import json_object
from bonito_providers.deployment import Deployment, DeploymentPlan, State
from bonito_providers.errors import Conflict, PlanRefused, ProviderError, TemporaryError

if TYPE_CHECKING:
    from bonito_providers.actions import Action
    from bonito_providers.connection import Connection

ATTEMPTS, PAUSE, LONGEST_PAUSE = 3, 2.0, 20.0
"""How often a failed write is sent, and the seconds between; a longer pause is the caller's."""


async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Create what the plan says, or take what it made before.

    Raises:
        Conflict: Another model stands under that name.
        PlanRefused: The plan is no longer true of what stands or of the catalogue.
    """
    wanted = resolving.read(plan.request)
    row = await resolving.row_of(connection, wanted)
    draft = await planning.plan(connection, wanted, row)
    fresh, standing = draft.plan, draft.standing
    _require_agreement(plan, fresh)
    if standing.state is not State.ABSENT:
        _refuse_changes(fresh)
        return standing.model_copy(update={"created": False})
    if fresh.actions:
        return needing(connection, plan, fresh.actions)
    return await _create(connection, fresh)


async def _create(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Send the write; after one that failed a look decides whether to send it again.

    `:deploy` is a POST, which the connection never repeats by itself; but it carries ids of its
    own, so that a second one could only be refused.
    """
    attempt = 1
    while True:
        try:
            return await _write(connection, plan)
        except TemporaryError as error:
            found = await endpoints.get(connection, plan.ref)
            if found.state is not State.ABSENT:
                # Nothing stood before: the answer was lost, not the write.
                return found.model_copy(update={"created": True})
            if attempt == ATTEMPTS or (error.retry_after or 0) > LONGEST_PAUSE:
                raise
            await connection.clock.sleep(error.retry_after or PAUSE * attempt)
            attempt += 1


async def _write(connection: Connection, plan: DeploymentPlan) -> Deployment:
    region = endpoints.require_region(connection)
    url = wire.placed(connection, region, ":deploy", version="v1beta1")
    body = cast("dict[str, Any]", plan.preview["body"])
    try:
        response = await wire.call(connection, "POST", url, body=body)
    except Conflict:
        # Somebody was faster with this name: what stands now decides.
        return await _lost_race(connection, plan)
    except ProviderError as error:
        return refused(connection, plan, error)
    require_row(OperationRow, json_object(response), response)
    found = await endpoints.get(connection, plan.ref)
    if found.state is State.ABSENT:
        # Accepted, and not to be seen yet.
        update = {"state": State.PROVISIONING, "model": plan.model, "retry_after": endpoints.POLL}
        found = found.model_copy(update=update)
    return found.model_copy(update={"created": True})


async def _lost_race(connection: Connection, plan: DeploymentPlan) -> Deployment:
    found = await endpoints.get(connection, plan.ref)
    if found.state is State.ABSENT:
        raise Conflict(
            f"An uploaded model {names.MODEL_PREFIX}{plan.ref.name} is left over from before.",
            hint="Delete the deployment, which removes it, and deploy again.",
        )
    if (found.model.format, found.model.name) != (plan.model.format, plan.model.name):
        raise Conflict(
            f"{plan.ref.name} has become an endpoint of {found.model.name}.",
            hint="Choose another name for the deployment.",
        )
    return found.model_copy(update={"created": False})


def needing(
    connection: Connection,
    plan: DeploymentPlan,
    actions: Sequence[Action],
    *,
    error: str | None = None,
) -> Deployment:
    """Return what comes of a plan that a person has to unblock: nothing changed."""
    update = {"model": plan.model, "created": False, "actions": tuple(actions), "error": error}
    return bare(connection, plan.ref, State.NEEDS_ACTION).model_copy(update=update)


def refused(connection: Connection, plan: DeploymentPlan, error: ProviderError) -> Deployment:
    """Return what comes of a refusal that a person can do something about.

    Raises:
        ProviderError: The refusal, where it is no such one.
    """
    if not error.actions:
        raise error
    return needing(connection, plan, error.actions, error=error.message)


def queued(connection: Connection, plan: DeploymentPlan, pause: float) -> Deployment:
    """Return what comes of a plan that cannot be carried out yet."""
    update = {"model": plan.model, "created": False, "retry_after": pause}
    return bare(connection, plan.ref, State.QUEUED).model_copy(update=update)


def _require_agreement(plan: DeploymentPlan, fresh: DeploymentPlan) -> None:
    """Let a plan pass that does what was asked for and what it shows.

    Raises:
        PlanRefused: It says something else than the same request gives now.
    """
    told = [(each.ref, each.model, each.sku, each.preview.get("body")) for each in (plan, fresh)]
    if told[0] != told[1]:
        raise PlanRefused(
            "The plan says something else than the catalogue and the request do now.",
            hint="Plan again.",
        )


def _refuse_changes(fresh: DeploymentPlan) -> None:
    if fresh.changes:
        raise PlanRefused(
            f"{fresh.ref.name} stands already and would change: {'; '.join(fresh.changes)}.",
            hint="An endpoint is not changed in place: use another name, or delete it first.",
        )
