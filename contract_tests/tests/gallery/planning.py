"""Broken plans: what they show is not what happens, or they are accepted where they may not be."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from bonito_aviary.choosing import Choice
from bonito_aviary.plugin import Aviary
from bonito_aviary.resolving import Facts
from bonito_aviary.rows import ModelRow, SkuRow
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRequest,
    QuotaUse,
    hookimpl,
)
from bonito_providers.errors import ModelNotFound, PlanRefused
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept

ACTIVATION = "monolith: services/model_activation.py, activate_azure_model"


class Drafting(Aviary):
    """Honest so far; its children change a plan after it was made."""

    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        raise NotImplementedError

    @hookimpl
    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        return self.changed(await self.plan(connection, request))

    def require_agreement(self, plan: DeploymentPlan) -> None:
        """Let pass what the change has made of it."""


@broken("PLAN-01", incident="The dry run deployed, to see whether it would.", source=ACTIVATION)
class PlansByDeploying(Aviary):
    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        plan = await super().plan(connection, request)
        await self.carry_out(connection, plan)
        return plan


@broken(
    "PLAN-02",
    incident="A name with a random end was chosen each time, so that a retry paid again.",
    source="peers: deployments called model-x7f3 beside model-k2p9",
)
class RandomNames(Aviary):
    def name_for(self, model: str) -> str:
        return f"{super().name_for(model)[:30]}-{secrets.token_hex(3)}"


@broken(
    "PLAN-03",
    incident="The stored reference was not the one that looking used.",
    source="monolith: deployment rows keep a display name beside the cloud's",
)
class AnswersUnderAnotherReference(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        deployment = await super().carry_out(connection, plan)
        details = {"model": plan.model.name or ""}
        return deployment.model_copy(
            update={"ref": plan.ref.model_copy(update={"details": details})}
        )


@broken(
    "PLAN-04",
    incident="The preview was written by other code than the request, and lacked half of it.",
    source="peers: the portal shows one SKU and sends another",
)
class PreviewsByOtherCode(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        return plan.model_copy(update={"preview": {"body": {"model": plan.model.name}}})


@broken(
    "PLAN-04",
    incident="There was no dry run worth the name: the preview stayed empty.",
    source="monolith: no plan at all, peers 1c",
)
class ShowsNothing(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        return plan.model_copy(update={"preview": {}})


@broken(
    "PLAN-05",
    incident="Whatever the plan said, the least capacity was sent.",
    source="monolith: KNOWN-ISSUES 2, deployments with zero TPM",
)
class SendsTheLeastCapacity(Aviary):
    def body(self, plan: DeploymentPlan) -> dict[str, Any]:
        return {**super().body(plan), "capacity": 5}


@broken(
    "PLAN-05",
    incident="The plan left the SKU open and the code that sends it chose one.",
    source=ACTIVATION + ": always the SKU Standard",
)
class LeavesTheSkuOpen(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        return plan.model_copy(update={"sku": None})

    def body(self, plan: DeploymentPlan) -> dict[str, Any]:
        return {**super().body(plan), "sku": plan.sku or "shared"}


@broken(
    "PLAN-06",
    incident="A model that does not exist became the first of the list.",
    source="monolith: the account resolver takes the first account it finds, peers 1c",
)
class TakesTheFirstModel(Aviary):
    def model_for(self, request: DeploymentRequest, facts: Facts) -> ModelRow:
        try:
            return super().model_for(request, facts)
        except ModelNotFound:
            return facts.models[0]


@broken(
    "PLAN-06",
    incident='Any version was sent on, as "latest" for example.',
    source=ACTIVATION + ': version "latest"',
)
class BelievesAnyVersion(Aviary):
    def version_for(self, row: ModelRow, asked: str | None) -> str | None:
        return asked or super().version_for(row, None)


class Unsealed(DeploymentPlan):
    """A plan whose digest says nothing of what it does."""

    def _computed_digest(self) -> str:
        return f"sealed-{self.created_at:%Y%m%d}"


@broken(
    "PLAN-08",
    incident="What a page sent back was carried out, whatever had become of it.",
    source="peers: a hidden form field decides the price tier",
)
class TakesForgedPlans(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        return Unsealed.model_construct(**dict(plan))


@broken(
    "PLAN-09",
    incident="A plan for one customer's account was carried out in another's.",
    source="monolith: one cache key for all customers of a cloud, peers 1c",
)
class PlansForAnybody(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        here = plan.model_copy(update={"ref": self.ref(connection, plan.ref.name)})
        return await super().carry_out(connection, here)


@broken(
    "PLAN-10",
    incident="A capacity of -250 was left and sent.",
    source="peers: Foundry for VS Code, issue 301",
)
class NegativeQuota(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        if plan.quota is None:
            return plan
        return plan.model_copy(update={"quota": plan.quota.model_copy(update={"used": -250})})


@broken(
    "PLAN-10",
    incident="The quota was read and not counted; the cloud refused in the end.",
    source="monolith: no quota before deploying, peers 1c",
)
class CountsNoQuota(Aviary):
    def capacity_for(
        self, sku: SkuRow | None, asked: int | None, quota: QuotaUse | None
    ) -> Choice[int]:
        free = quota.model_copy(update={"used": 0, "limit": 10**6}) if quota else None
        choice = super().capacity_for(sku, asked, free)
        counted = quota.model_copy(update={"requested": choice.value}) if quota else None
        return Choice(choice.value, choice.warnings, choice.actions, counted)


@broken(
    "PLAN-10",
    incident="The arithmetic on the page was about another number than the one that was sent.",
    source="peers: a hint that points at the quota of virtual machines, azure-dev 7516",
)
class AsksForLessThanItTakes(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        if plan.quota is None:
            return plan
        return plan.model_copy(update={"quota": plan.quota.model_copy(update={"requested": 1})})


@broken(
    "PLAN-11",
    incident="Whatever SKU was asked for, the usual one was deployed.",
    source=ACTIVATION + ": always the SKU Standard",
)
class AlwaysTheSharedSku(Aviary):
    def sku_for(self, row: ModelRow, asked: str | None) -> Choice[SkuRow]:
        return super().sku_for(row, None)


@broken(
    "PLAN-11",
    incident="More was asked for than is possible, and less was deployed without a word.",
    source="monolith: deployment_service replaces commitments it does not know, aws_gcp row 6",
)
class CapsInSilence(Aviary):
    def capacity_for(
        self, sku: SkuRow | None, asked: int | None, quota: QuotaUse | None
    ) -> Choice[int]:
        most = sku.capacity.maximum if sku else None
        capped = asked if asked is None or most is None or asked <= most else None
        return super().capacity_for(sku, capped, quota)


@broken(
    "PLAN-12",
    incident="Plans lived in the process that made them; another worker knew none.",
    source="monolith: KNOWN-ISSUES 28, four workers",
)
class PlansInMemory(Aviary):
    @hookimpl
    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        plan = await self.plan(connection, request)
        (await kept(connection))[plan.ref.name] = True
        return plan

    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        if plan.ref.name not in await kept(connection):
            raise PlanRefused("There is no such plan.", hint="Plan again.")
        return await super().carry_out(connection, plan)


@broken(
    "PLAN-12",
    incident="Plans were known to the class, so that tests passed and a second worker refused.",
    source="monolith: KNOWN-ISSUES 28, four workers",
)
class PlansOfTheClass(Aviary):
    known: ClassVar[set[str]] = set()

    @hookimpl
    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        plan = await self.plan(connection, request)
        self.known.add(plan.ref.name)
        return plan

    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        if plan.ref.name not in self.known:
            raise PlanRefused("This process made no such plan.", hint="Plan again.")
        return await super().carry_out(connection, plan)


@broken(
    "PLAN-13",
    incident="A plan from last month was carried out at today's prices.",
    source="monolith: what was checked at onboarding is believed for ever",
)
class PlansForEver(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        return plan.model_copy(update={"expires_at": plan.created_at + timedelta(days=3650)})


@broken(
    "PLAN-13",
    incident="The time came from the machine instead of the clock that was given.",
    source="anchors: clock and sleep are injected, or nothing about time can be tested",
)
class KeepsItsOwnTime(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        now = datetime.now(UTC)
        return plan.model_copy(
            update={"created_at": now, "expires_at": now + timedelta(minutes=15)}
        )


@broken(
    "PLAN-14",
    incident="A warning was a code that only its author could read.",
    source="peers: Foundry portal, error 715-123420",
)
class WarnsByNumbers(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        return plan.model_copy(update={"warnings": ("715-123420",)})


@broken(
    "PLAN-14",
    incident="An action said that something must be done, and not what.",
    source="peers: raw errors in place of instructions, issues 280 and 440",
)
class ActsWithoutInstruction(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        actions = [each.model_copy(update={"instruction": ""}) for each in plan.actions]
        return plan.model_copy(update={"actions": tuple(actions)})


@broken(
    "PLAN-15",
    incident="A name was put into an address as it was typed.",
    source="monolith: KNOWN-ISSUES 38, and names that violate the service's rule, aws_gcp row 6",
)
class PutsNamesIntoAddresses(Aviary):
    async def deployment_address(self, connection: Connection, name: str) -> str:
        return await self.account(connection, f"/deployments/{name}")

    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        await self.find(connection, request.name or "unnamed")
        return await super().plan(connection, request)


@broken(
    "PLAN-15",
    incident="A SKU that is not offered ended in a traceback.",
    source="monolith: KNOWN-ISSUES 25, a KeyError at every synchronisation",
)
class LooksUpWithoutLooking(Aviary):
    def sku_for(self, row: ModelRow, asked: str | None) -> Choice[SkuRow]:
        offered = {sku.name: sku for sku in row.skus or ()}
        return Choice(offered[asked]) if asked else super().sku_for(row, None)


@broken(
    "PLAN-15",
    incident="A name was shortened to what fits, without a word, and met another's.",
    source="monolith: zai.glm-4.7 becomes bonito-7, aws_gcp row 6",
)
class MendsNamesInSilence(Aviary):
    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        mended = self.name_for(request.name) if request.name else None
        plan = await super().plan(connection, request.model_copy(update={"name": mended}))
        return plan.model_copy(update={"request": request})
