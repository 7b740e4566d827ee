"""Plans that keep quiet about terms, take them for accepted, or never hear that they are."""

from __future__ import annotations

from bonito_aviary.plugin import Aviary
from bonito_aviary.rows import ModelRow, SkuRow
from bonito_providers import (
    Action,
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRequest,
)
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept


@broken(
    "PLAN-07",
    incident="Nobody was told that a partner's terms have to be accepted.",
    source="monolith: no partner and marketplace flags, peers 1c",
)
class SilentAboutTerms(Aviary):
    def consents_for(
        self, row: ModelRow, sku: SkuRow | None, request: DeploymentRequest
    ) -> tuple[Action, ...]:
        return ()


@broken(
    "PLAN-07",
    incident="Terms were accepted on behalf of a customer who had not been asked.",
    source="peers: one-click deployments that sign marketplace agreements",
)
class AcceptsTermsUnasked(Aviary):
    async def plan(self, connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
        plan = await super().plan(connection, request)
        place = await kept(connection)
        place[plan.ref.name] = [each for each in plan.actions if each.kind == "accept_terms"]
        return plan

    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        if not (await kept(connection)).get(plan.ref.name):
            return await super().carry_out(connection, plan)
        consents = plan.request.consents | {"aviary_terms"}
        request = plan.request.model_copy(update={"consents": consents})
        agreed = await super().plan(connection, request)
        return await super().carry_out(connection, agreed)


@broken(
    "PLAN-07",
    incident="The terms were accepted, and the provider asked for them again.",
    source="monolith: status strings of an access call that does not exist, aws_gcp row 2",
)
class NeverHearsOfTheConsent(Aviary):
    def consents_for(
        self, row: ModelRow, sku: SkuRow | None, request: DeploymentRequest
    ) -> tuple[Action, ...]:
        return super().consents_for(row, sku, request.model_copy(update={"consents": frozenset()}))


@broken(
    "PLAN-07",
    incident="The page had no box to tick: what the consent is called stood in a sentence alone.",
    source="the first plan page of the host: consents were typed by name",
)
class NamesNoConsent(Aviary):
    def consents_for(
        self, row: ModelRow, sku: SkuRow | None, request: DeploymentRequest
    ) -> tuple[Action, ...]:
        asked = super().consents_for(row, sku, request)
        return tuple(each.model_copy(update={"consent": None}) for each in asked)
