"""Planning, deploying, reading and deleting by ARM, alike for both Azure providers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bonito_azure_arm import planning, plans, states
from bonito_azure_arm.accounts import Account, find_account
from bonito_azure_arm.catalogue import Entry, read_catalogue
from bonito_azure_arm.deployments import Found
from bonito_azure_arm.documents import text
from bonito_azure_arm.errors import Busy, ResourceMissing
from bonito_azure_arm.policy import BUSY_PAUSE, OWNER, OWNER_TAG, Policy
from bonito_providers.actions import Action
from bonito_providers.catalog import Listing, Model, Skipped
from bonito_providers.deployment import (
    DeployedModel,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
)
from bonito_providers.errors import (
    Conflict,
    HostRefused,
    InvalidRequest,
    PlanRefused,
    ProviderError,
)

if TYPE_CHECKING:
    from bonito_azure_arm.management import Management
    from bonito_providers.connection import Connection

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,63}")


class Lifecycle:
    """Deployments of one account, by one connection.

    Args:
        connection: Whose.
        management: Its management.
        policy: The provider's ways.
    """

    def __init__(self, connection: Connection, management: Management, policy: Policy) -> None:
        self._connection = connection
        self._management = management
        self._policy = policy

    async def account(self) -> Account:
        """Return the account behind the endpoint."""
        return await find_account(
            self._connection,
            self._management,
            label=self._policy.label,
            kinds=self._policy.account_kinds,
        )

    async def models(self) -> Listing[Model]:
        """Return the region's catalogue with SKUs, and what is deployed of each model."""
        account = await self.account()
        entries, skipped = await self._catalogue(account)
        rows = await self._management.deployments(account.name)
        names: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            model = states.model_of(row)
            key = (str(model.get("name")).casefold(), str(model.get("version")))
            names.setdefault(key, []).append(str(row.get("name")))
        items = [
            entry.model.model_copy(
                update={
                    "deployed_as": tuple(
                        sorted(
                            names.get((entry.model.name.casefold(), str(entry.model.version)), ())
                        )
                    )
                }
            )
            for entry in entries
        ]
        return Listing[Model](
            items=tuple(items),
            skipped=tuple(skipped),
            complete=True,
            source=f"The catalogue of {account.location}, by Azure Resource Manager.",
            notes=(
                "Seller and terms come from this plugin's data file; Azure does not tell them.",
            ),
            observed_at=self._connection.clock.now(),
        )

    async def deployments(self) -> Found:
        """Return every deployment of the account, whoever created it."""
        account = await self.account()
        rows = await self._management.deployments(account.name)
        named = [row for row in rows if text(row.get("name"))]
        items = [self._deployment(self.ref(row["name"]), row) for row in named]
        nameless = Skipped(id="(no name)", reason="a row of the listing has no name")
        return Found(
            items=tuple(sorted(items, key=lambda each: each.ref.name)),
            skipped=(nameless,) * (len(rows) - len(named)),
            source=f"The deployments of {account.name}, by Azure Resource Manager.",
        )

    def ref(self, name: str) -> DeploymentRef:
        """Return how to find a deployment of this resource again."""
        return DeploymentRef(
            provider=self._connection.provider.info.name, resource=self._policy.label, name=name
        )

    async def plan(self, request: DeploymentRequest) -> DeploymentPlan:
        """Work out SKU, version, capacity and what stands in the way, changing nothing."""
        account = await self.account()
        entries, skipped = await self._catalogue(account)
        entry = planning.choose_entry(
            entries, request.model or "", request.version, skipped=skipped
        )
        name = request.name or plans.deployment_name(entry.model)
        if not _NAME.fullmatch(name):
            raise InvalidRequest(
                f"{name!r} is no name for a deployment.",
                hint="2 to 64 letters, digits, hyphens, dots and underscores.",
            )
        standing = await self._management.deployment(account.name, name)
        usages = await self._management.usages(account.location)
        return plans.draft(
            request,
            entry.model,
            plans.Facts(standing, usages, entries, account.location or None),
            policy=self._policy,
            ref=self.ref(name),
            now=self._connection.clock.now(),
        )

    async def deploy(self, plan: DeploymentPlan) -> Deployment:
        """Create or change what the plan says; the same plan again finds what it made.

        Raises:
            Conflict: Another model stands under that name.
            InvalidRequest: The plan is for another resource.
            PlanRefused: It would change what stands, and the plan does not say so; or it counts on
                what stands no more.
        """
        self._require_own(plan.ref)
        if plan.actions:
            return self._needing(plan.ref, plan.model, plan.actions)
        account = await self.account()
        standing = await self._management.deployment(account.name, plan.ref.name)
        if standing is not None and not states.being_deleted(standing):
            differences = plans.differences(standing, plan)
            if not differences and not states.failed(standing):
                return self._deployment(plan.ref, standing).model_copy(update={"created": False})
            if differences and not plan.request.update:
                raise PlanRefused(
                    f"{plan.ref.name} stands already and would change: {'; '.join(differences)}.",
                    hint="Plan again with update, or under another name.",
                )
        if not plans.allowed(plan, standing, self._policy):
            raise PlanRefused(
                f"{plan.ref.name} stands no more as it did when it was planned.", hint="Plan again."
            )
        if states.being_deleted(standing):
            return self._queued(plan, BUSY_PAUSE)
        refusal = await self._short_of_quota(account, plan, standing)
        if refusal is not None:
            return refusal
        return await self._put(account, plan, created=standing is None)

    async def get(self, ref: DeploymentRef) -> Deployment:
        """Return the deployment as it is now; reads a known long operation too."""
        self._require_own(ref)
        account = await self.account()
        row = await self._management.deployment(account.name, ref.name)
        standing = self._deployment(ref, row) if row is not None else self._absent(ref)
        if standing.state is State.READY:
            self._management.operations.pop(ref.name, None)
            return standing
        status = await self._operation(ref)
        failure = states.failure_in(status)
        if failure is not None:
            state, actions = states.verdict(failure)
            said = f"{failure.code}: {failure.message}" if failure.code else failure.message
            error = said or standing.error
            return standing.model_copy(update={"state": state, "actions": actions, "error": error})
        if row is None and states.under_way(status):
            return self._provisioning(ref)
        return standing

    async def delete(self, ref: DeploymentRef, *, include_unowned: bool) -> Deployment:
        """Delete the deployment, if this project made it or the caller insists."""
        self._require_own(ref)
        account = await self.account()
        row = await self._management.deployment(account.name, ref.name)
        if row is None:
            return self._absent(ref)
        standing = self._deployment(ref, row)
        if standing.state is State.DELETING:
            return standing
        if not standing.owned and not include_unowned:
            raise Conflict(
                f"{ref.name} was not created by this project, as far as Azure's tags tell.",
                hint="Delete it including what is not owned, if that is what you want.",
            )
        try:
            await self._management.delete_deployment(account.name, ref.name)
        except Busy as error:
            return standing.model_copy(
                update={"state": State.QUEUED, "retry_after": states.pause(error)}
            )
        self._management.operations.pop(ref.name, None)
        left = await self._management.deployment(account.name, ref.name)
        if left is None:
            return self._absent(ref)
        return standing.model_copy(update={"state": State.DELETING})

    async def _operation(self, ref: DeploymentRef) -> Mapping[str, Any]:
        """Ask how the known long operation stands; nothing where none is known or to be asked."""
        address = self._management.operations.get(ref.name)
        if address is None:
            return {}
        try:
            return await self._management.operation(address)
        except (ResourceMissing, HostRefused):
            # Only a hint, and forgotten by Azure or not Azure's; the deployment tells its state.
            del self._management.operations[ref.name]
            return {}

    async def _catalogue(self, account: Account) -> tuple[list[Entry], list[Skipped]]:
        rows = await self._management.models(account.location)
        entries, skipped = read_catalogue(
            rows,
            kind=account.kind,
            complete=self._policy.complete,
            now=self._connection.clock.now(),
        )
        left_out = [
            Skipped(id=entry.model.id, reason=reason)
            for entry in entries
            if (reason := self._policy.offers(entry.model))
        ]
        kept = [entry for entry in entries if not self._policy.offers(entry.model)]
        return kept, [*skipped, *left_out]

    async def _short_of_quota(
        self, account: Account, plan: DeploymentPlan, standing: Mapping[str, Any] | None
    ) -> Deployment | None:
        """Read quota anew: between plan and deploy others may have used it."""
        if plan.quota is None or plan.capacity is None:
            return None
        usages = await self._management.usages(account.location)
        held = states.held_as(standing, plan.sku)
        quota = planning.quota_row(usages, plan.quota.key, standing=held)
        if quota is None or plan.capacity <= planning.left_of(quota):
            return None  # unknown is no reason not to try
        action = planning.more_quota(quota, plan.capacity)
        return self._needing(plan.ref, plan.model, (action,))

    async def _put(self, account: Account, plan: DeploymentPlan, *, created: bool) -> Deployment:
        body = plans.body_of(plan, self._policy)
        # What an earlier attempt under that name came to says nothing of this one.
        self._management.operations.pop(plan.ref.name, None)
        try:
            answer = await self._management.put_deployment(account.name, plan.ref.name, body)
        except Busy as error:
            return self._queued(plan, states.pause(error))
        except ProviderError as error:
            if not error.actions:
                raise
            return self._needing(plan.ref, plan.model, error.actions, error=error.message)
        if answer.operation is not None:
            self._management.operations[plan.ref.name] = answer.operation
        found = self._deployment(plan.ref, answer.body)
        return found.model_copy(update={"created": created, "operation": answer.operation})

    def _deployment(self, ref: DeploymentRef, row: Mapping[str, Any]) -> Deployment:
        tags = row.get("tags")
        return Deployment(
            ref=ref,
            model=self._policy.describe(states.model_of(row)),
            endpoint=self._policy.endpoint,
            state=states.state_of(row),
            owned=isinstance(tags, dict) and tags.get(OWNER_TAG) == OWNER,
            sku=states.sku_of(row),
            capacity=states.capacity_of(row),
            error=states.error_of(row),
            source="Azure Resource Manager.",
            observed_at=self._connection.clock.now(),
        )

    def _queued(self, plan: DeploymentPlan, pause: float) -> Deployment:
        waiting = self._provisioning(plan.ref, plan.model)
        return waiting.model_copy(
            update={"state": State.QUEUED, "retry_after": pause, "created": False}
        )

    def _provisioning(self, ref: DeploymentRef, model: DeployedModel | None = None) -> Deployment:
        return Deployment(
            ref=ref,
            model=model or DeployedModel(),
            endpoint=self._policy.endpoint,
            state=State.PROVISIONING,
            observed_at=self._connection.clock.now(),
        )

    def _needing(
        self,
        ref: DeploymentRef,
        model: DeployedModel,
        actions: Sequence[Action],
        *,
        error: str | None = None,
    ) -> Deployment:
        waiting = self._provisioning(ref, model)
        return waiting.model_copy(
            update={
                "state": State.NEEDS_ACTION,
                "created": False,
                "actions": tuple(actions),
                "error": error,
            }
        )

    def _absent(self, ref: DeploymentRef) -> Deployment:
        gone = self._provisioning(ref)
        return gone.model_copy(update={"state": State.ABSENT, "endpoint": None})

    def _require_own(self, ref: DeploymentRef) -> None:
        mine = self.ref(ref.name)
        if (ref.provider, ref.resource) != (mine.provider, mine.resource):
            raise InvalidRequest(
                f"{ref.name} belongs to {ref.provider}/{ref.resource}, not to this connection.",
                hint="Use the connection it was made with.",
            )
