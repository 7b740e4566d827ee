"""Broken adoptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import own
from bonito_providers import (
    Action,
    ActionKind,
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    GatewayEntry,
    State,
)
from bonito_providers.errors import DeploymentNotFound
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept

if TYPE_CHECKING:
    from bonito_aviary.credentials import AviaryCredentials


@broken(
    "ADOPT-01",
    incident="What was adopted was told as newly created, and counted as bought.",
    source="monolith: imported deployments appear as purchases",
)
class AdoptedIsCreated(Aviary):
    async def adopt(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        return (await super().adopt(connection, plan)).model_copy(update={"created": True})


@broken(
    "ADOPT-01",
    incident="Adopting wrote the deployment anew, to be sure of its settings.",
    source="peers: an import that resets what a team had set, terraform azurerm",
)
class AdoptsByWriting(Aviary):
    async def adopt(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        found = await super().adopt(connection, plan)
        if not own(connection).manages:
            return found
        body: dict[str, object] = {
            "model": found.model.name,
            "version": found.model.version,
            "sku": found.sku,
            "capacity": found.capacity,
            "tags": {},
        }
        address = await self.deployment_address(connection, plan.ref.name)
        await self.manage(connection, "PUT", address, body=body)
        return found


@broken(
    "ADOPT-02",
    incident="A name with a slip in it was adopted; its calls failed weeks later.",
    source="monolith: services/model_activation.py, 404 becomes enabled, aws_gcp row 16",
)
class AdoptsWhateverWasTyped(Aviary):
    async def require_listed(
        self, connection: Connection, name: str, *, kind: str | None
    ) -> Deployment:
        try:
            return await super().require_listed(connection, name, kind=kind)
        except DeploymentNotFound:
            return self.bare(connection, self.ref(connection, name), State.READY)


@broken(
    "ADOPT-03",
    incident='A slip in a name was answered by "not found" and nothing more.',
    source="peers: deployment names typed by hand, langflow-e2e 1269",
)
class NotFoundAndNoMore(Aviary):
    async def not_found(self, connection: Connection, name: str) -> DeploymentNotFound:
        return DeploymentNotFound("Not found.")


@broken(
    "ADOPT-04",
    incident="What was adopted was left out of the gateway without a reason.",
    source="monolith: gateway.py passes over models that lack something, peers 1c",
)
class LeavesTheAdoptedOut(Aviary):
    def entry(self, credentials: AviaryCredentials, deployment: Deployment) -> GatewayEntry:
        if deployment.created is False:
            name = deployment.ref.name
            return GatewayEntry(model_name=name, surface="none", supported=False)
        return super().entry(credentials, deployment)


@broken(
    "ADOPT-05",
    incident="Letting go of what was adopted deleted it in the customer's account.",
    source="monolith: api/routes/deployments.py deletes what it has a row of",
)
class AdoptedIsItsOwn(Aviary):
    async def adopt(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        (await kept(connection))[plan.ref.name] = True
        return await super().adopt(connection, plan)

    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        adopted = ref.name in await kept(connection)
        return await super().delete(connection, ref, include_unowned=include_unowned or adopted)


@broken(
    "ADOPT-06",
    incident="What had been removed since the plan was adopted all the same.",
    source="monolith: validates once, and saves without looking again, peers 1c",
)
class AdoptsFromThePlan(Aviary):
    async def adopt(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        known = self.bare(connection, plan.ref, State.READY)
        return known.model_copy(update={"model": plan.model, "created": False})


@broken(
    "ADOPT-07",
    incident="A person was asked for terms and quota of what ran already.",
    source="peers: an import that goes through the whole purchase",
)
class AdoptingNeedsAPerson(Aviary):
    async def plan_adoption(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        plan = await super().plan_adoption(connection, request)
        action = Action(
            kind=ActionKind.ACCEPT_TERMS, title="Accept", instruction="Accept the terms first."
        )
        return plan.model_copy(update={"actions": (action,)})
