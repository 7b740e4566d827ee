"""A plan from a request, the catalogue, the quota and what stands."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bonito_aviary.deployments import BILLING, OWNER, OWNER_TAG
from bonito_aviary.errors import TERMS_CONSENT
from bonito_aviary.facts import described
from bonito_aviary.resolving import Facts, Resolving, stands
from bonito_aviary.rows import DeploymentRow, ModelRow, QuotaRow, read_rows
from bonito_providers.deployment import DeploymentPlan, DeploymentRequest
from bonito_providers.errors import InvalidRequest

if TYPE_CHECKING:
    from bonito_providers.connection import Connection

LIFETIME = timedelta(minutes=15)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class Planning(Resolving):
    """The dry run."""

    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        """Work out what deploying would do, changing nothing.

        Raises:
            ModelNotFound: No such model or version.
            Conflict: Another model stands under that name.
            InvalidRequest: The name is none, or a field is given that Aviary does not have.
        """
        name = request.name or self.name_for(request.model or "")
        if not _NAME.fullmatch(name):
            raise InvalidRequest(
                f"{name!r} is no name for a deployment.",
                hint="2 to 40 small letters, digits and hyphens, no hyphen in front.",
            )
        if request.fields:
            raise InvalidRequest(
                f"Aviary has no fields called {', '.join(sorted(request.fields))}.",
                hint="Leave them out.",
            )
        standing = await self.find(connection, name)
        facts = await self.observe(connection, standing)
        return self.draft(connection, request.model_copy(update={"name": name}), facts).model_copy(
            update={"request": request}
        )

    async def observe(self, connection: Connection, standing: DeploymentRow | None) -> Facts:
        """Read the catalogue and the quota."""
        models = await self.pages(connection, await self.account(connection, "/models"))
        quota = await self.pages(connection, await self.account(connection, "/quota"))
        return Facts(
            models=read_rows(ModelRow, models.items),
            quota=read_rows(QuotaRow, quota.items),
            standing=standing,
            gap=models.note,
        )

    def draft(
        self, connection: Connection, request: DeploymentRequest, facts: Facts
    ) -> DeploymentPlan:
        """Return the plan for a request that has a name; nothing is called."""
        row = self.model_for(request, facts)
        wanted = self.as_it_stands(request, row, facts.standing)
        standing = facts.standing
        kept = standing is not None and stands(standing) and wanted.version == standing.version
        # A version that stands may be on offer no more.
        version = wanted.version if kept else self.version_for(row, wanted.version)
        sku = self.sku_for(row, wanted.sku)
        capacity = self.capacity_for(sku.value, wanted.capacity, self.quota_for(sku.value, facts))
        life, consents = self.life_of(connection, row), self.consents_for(row, sku.value, request)
        now = connection.clock.now()
        plan = DeploymentPlan(
            ref=self.ref(connection, request.name or ""),
            request=request,
            model=described(connection, row.name, version=version, kind=row.kind),
            # What cannot be had is shown as it was asked for, beside the action that says so.
            sku=sku.value.name if sku.value else wanted.sku,
            capacity=wanted.capacity if capacity.value is None else capacity.value,
            quota=capacity.quota,
            cost=BILLING.get(sku.value.name) if sku.value else None,
            warnings=(*sku.warnings, *capacity.warnings, *life.warnings),
            actions=(*life.actions, *sku.actions, *capacity.actions, *consents),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        changes = self.differences(facts.standing, plan)
        update: dict[str, Any] = {"changes": changes, "preview": {"body": self.body(plan)}}
        if not changes and stands(facts.standing):
            update["actions"] = ()  # what stands as asked needs nothing more
        return plan.model_copy(update=update)

    def differences(self, standing: DeploymentRow | None, plan: DeploymentPlan) -> tuple[str, ...]:
        """Return what carrying the plan out would change of what stands."""
        if standing is None or not stands(standing):
            return ()
        pairs = (
            ("version", standing.version, plan.model.version),
            ("SKU", standing.sku, plan.sku),
            ("capacity", standing.capacity, plan.capacity),
        )
        return tuple(f"{what} {old} to {new}" for what, old, new in pairs if old != new)

    def body(self, plan: DeploymentPlan) -> dict[str, Any]:
        """Return the body of the PUT that carries a plan out."""
        terms = {"accept_terms": True} if TERMS_CONSENT in plan.request.consents else {}
        return {
            "model": plan.model.name,
            "version": plan.model.version,
            "sku": plan.sku,
            "capacity": plan.capacity,
            "tags": {OWNER_TAG: OWNER},
            **terms,
        }

    def pinned(self, plan: DeploymentPlan) -> DeploymentRequest:
        """Return the request of a plan with nothing left open."""
        return plan.request.model_copy(
            update={
                "name": plan.ref.name,
                "model": plan.model.name,
                "version": plan.model.version,
                "sku": plan.sku,
                "capacity": plan.capacity,
            }
        )
