"""Deploying, reading and deleting: the cloud's own answers decide, nothing is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_aviary import errors
from bonito_aviary.adoption import Adoption
from bonito_aviary.models import split_id
from bonito_aviary.resolving import stands
from bonito_aviary.rows import DeploymentRow, require_row
from bonito_aviary.wire import own
from bonito_providers.answers import json_object
from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRef, State
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    PermissionMissing,
    PlanRefused,
    ProviderError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bonito_providers.actions import Action
    from bonito_providers.connection import Connection

BUSY_PAUSE = 5.0
"""Seconds until a write that met another one is sent again; Aviary names no time itself."""


class Lifecycle(Adoption):
    """The life of a deployment."""

    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        """Create or change what the plan says; the same plan again finds what it made.

        Raises:
            Conflict: Another model stands under that name.
            PlanRefused: The plan was altered, or is no longer true of what stands.
        """
        self.require_own(connection, plan.ref)
        if plan.actions:
            return self.needing(connection, plan, plan.actions)
        self.require_agreement(plan)
        standing = await self.find(connection, plan.ref.name)
        if standing is not None and self.state_of(standing) is State.DELETING:
            return self.queued(connection, plan, BUSY_PAUSE)
        if standing is not None and stands(standing) and standing.model == plan.model.name:
            changes = self.differences(standing, plan)
            if not changes:
                return self.read(connection, standing).model_copy(update={"created": False})
            self.require_announced(plan, changes)
        facts = await self.observe(connection, standing)
        fresh = self.draft(connection, self.pinned(plan), facts)
        if fresh.actions:
            return self.needing(connection, plan, fresh.actions)
        if self.body(fresh) != self.body(plan):
            raise PlanRefused("The plan leaves open what it has to say.", hint="Plan again.")
        return await self.write(connection, plan, created=standing is None)

    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        """Send the write; a PUT that the network repeated is still the one that created it."""
        url = await self.deployment_address(connection, plan.ref.name)
        try:
            response = await self.manage(connection, "PUT", url, body=self.body(plan))
        except Conflict as error:
            if error.code != errors.BUSY:
                raise
            return self.queued(connection, plan, _pause(error))
        except PermissionMissing as error:
            return self.needing(connection, plan, error.actions, error=error.message)
        row = require_row(DeploymentRow, json_object(response), response)
        return self.read(connection, row).model_copy(update={"created": created, "ref": plan.ref})

    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        """Return the deployment as it is now, with the reason where it failed."""
        self.require_own(connection, ref)
        if not own(connection).manages:
            return await self.get_listed(connection, ref)
        row = await self.find(connection, ref.name)
        if row is None:
            return self.bare(connection, ref, State.ABSENT)
        deployment = self.read(connection, row)
        failure = await self.failure(connection, row)
        if failure is None:
            return deployment
        needed = errors.NEEDED.get(failure.code or "")
        text = f"{failure.code}: {failure.message}" if failure.code else failure.message
        return deployment.model_copy(
            update={
                "state": State.NEEDS_ACTION if needed else State.FAILED,
                "actions": (needed,) if needed else (),
                "error": text,
            }
        )

    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        """Delete the deployment, if this project made it or the caller insists.

        Raises:
            Conflict: It is not this project's own, as far as its tags tell.
        """
        self.require_own(connection, ref)
        row = await self.find(connection, ref.name)
        if row is None:
            return self.bare(connection, ref, State.ABSENT)
        standing = self.read(connection, row)
        if standing.state is State.DELETING:
            return standing
        if not standing.owned and not include_unowned:
            raise Conflict(
                f"{ref.name} was not created by this project, as far as its tags tell.",
                hint="Delete it including what is not owned, if that is what you want.",
            )
        try:
            await self.manage(
                connection, "DELETE", await self.deployment_address(connection, ref.name)
            )
        except DeploymentNotFound as error:
            if error.code != errors.MISSING:
                raise
        except Conflict as error:
            if error.code != errors.BUSY:
                raise
            update = {"state": State.QUEUED, "retry_after": _pause(error)}
            return standing.model_copy(update=update)
        left = await self.find(connection, ref.name)
        if left is None:
            return self.bare(connection, ref, State.ABSENT)
        return self.read(connection, left)

    def require_agreement(self, plan: DeploymentPlan) -> None:
        """Let a plan pass that does what was asked for and what it shows.

        Raises:
            PlanRefused: It says something else than its own request or preview.
        """
        asked = plan.request
        model, version = split_id(asked.model or "")
        wishes = (
            (asked.name or self.name_for(asked.model or ""), plan.ref.name),
            (model, plan.model.name),
            (asked.version or version, plan.model.version),
            (asked.sku, plan.sku),
            (asked.capacity, plan.capacity),
        )
        fulfilled = all(wish in (None, planned) for wish, planned in wishes)
        if not fulfilled or plan.preview.get("body") != self.body(plan):
            raise PlanRefused(
                "The plan says something else than what was asked for.", hint="Plan again."
            )

    def require_announced(self, plan: DeploymentPlan, changes: Sequence[str]) -> None:
        """Let changes pass that the plan shows and the request wants.

        Raises:
            PlanRefused: It would change what stands, and nobody was told.
        """
        if not plan.request.update or tuple(changes) != plan.changes:
            raise PlanRefused(
                f"{plan.ref.name} stands already and would change: {'; '.join(changes)}.",
                hint="Plan again with update, or under another name.",
            )

    def needing(
        self,
        connection: Connection,
        plan: DeploymentPlan,
        actions: Sequence[Action],
        *,
        error: str | None = None,
    ) -> Deployment:
        """Return what comes of a plan that something stands in the way of: nothing changed."""
        update = {"model": plan.model, "created": False, "actions": tuple(actions), "error": error}
        return self.bare(connection, plan.ref, State.NEEDS_ACTION).model_copy(update=update)

    def queued(self, connection: Connection, plan: DeploymentPlan, pause: float) -> Deployment:
        """Return what comes of a write that Aviary has not accepted yet."""
        update = {"model": plan.model, "created": False, "retry_after": pause}
        return self.bare(connection, plan.ref, State.QUEUED).model_copy(update=update)


def _pause(error: ProviderError) -> float:
    return BUSY_PAUSE if error.retry_after is None else error.retry_after
