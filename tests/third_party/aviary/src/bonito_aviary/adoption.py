"""Taking over what stands: all that a key allows of the life of a deployment."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from bonito_aviary.planning import LIFETIME, Planning
from bonito_providers.deployment import DeploymentPlan, State
from bonito_providers.errors import DeploymentNotFound, MalformedAnswer

if TYPE_CHECKING:
    from bonito_providers.connection import Connection
    from bonito_providers.deployment import Deployment, DeploymentRef, DeploymentRequest


class Adoption(Planning):
    """Adopting, by the listing."""

    async def plan_adoption(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        """Return what adopting would do: nothing but to find the deployment.

        Raises:
            DeploymentNotFound: There is none of that name.
        """
        found = await self.require_listed(connection, request.name or "", kind=request.kind)
        now = connection.clock.now()
        return DeploymentPlan(
            ref=found.ref,
            request=request,
            model=found.model,
            sku=found.sku,
            capacity=found.capacity,
            cost="Adopting changes nothing and costs nothing.",
            created_at=now,
            expires_at=now + LIFETIME,
        )

    async def adopt(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        """Return the deployment that the plan names.

        Raises:
            DeploymentNotFound: There is none of that name.
            InvalidRequest: The plan is for another account.
        """
        self.require_own(connection, plan.ref)
        found = await self.require_listed(connection, plan.ref.name, kind=plan.request.kind)
        return found.model_copy(update={"created": False})

    async def get_listed(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        """Return the deployment as the listing shows it, or as absent."""
        found = await self.listed_as(connection, ref.name)
        return found or self.bare(connection, ref, State.ABSENT)

    async def require_listed(
        self, connection: Connection, name: str, *, kind: str | None
    ) -> Deployment:
        """Return a deployment; where the listing does not tell what it is for, the user does.

        Raises:
            DeploymentNotFound: There is none of that name; the text names what is like it.
        """
        found = await self.listed_as(connection, name)
        if found is None:
            raise await self.not_found(connection, name)
        if found.model.kind is not None or kind is None:
            return found
        return found.model_copy(update={"model": found.model.model_copy(update={"kind": kind})})

    async def listed_as(self, connection: Connection, name: str) -> Deployment | None:
        """Return the listed deployment of that name, or None where there surely is none.

        Raises:
            MalformedAnswer: The listing is not whole, so that it cannot tell.
        """
        listing = await self.deployments(connection)
        found = next((each for each in listing.items if each.ref.name == name), None)
        unread = {each.id for each in listing.skipped}
        if found is None and (not listing.complete or name in unread):
            raise MalformedAnswer(
                f"The listing does not tell of {name} for sure: it could not be read whole.",
                hint="Try again; if it stays, report it.",
            )
        return found

    async def not_found(self, connection: Connection, name: str) -> DeploymentNotFound:
        """Return the error for a name that is not there."""
        names = [each.ref.name for each in (await self.deployments(connection)).items]
        close = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
        return DeploymentNotFound(
            f"The account has no deployment called {name}.",
            hint=f"Did you mean {', '.join(close)}?" if close else "List the deployments.",
        )
