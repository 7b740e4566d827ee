"""Plugins that choose wrongly, leave out what is shown, and answer for others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import field_validator

from bonito_aviary.credentials import AviaryCredentials, normalised_endpoint
from bonito_aviary.errors import QUOTA
from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import Rows, own
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    Invocation,
    InvocationRequest,
    Listing,
    Model,
    State,
    hookimpl,
)
from bonito_providers.answers import json_list, json_object
from bonito_providers.errors import CapabilityUnavailable
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.descriptions import Told
from contract_tests.tests.gallery.egress import ReadsPages
from contract_tests.tests.gallery.planning import Drafting
from contract_tests.tests.gallery.schema import OtherSchema
from contract_tests.tests.gallery.shipped import Foundry

if TYPE_CHECKING:
    from bonito_aviary.resolving import Facts
    from bonito_aviary.rows import ModelRow, SkuRow
    from bonito_providers import QuotaUse

MUTANTS = "mutants of our own plugins that the suite let pass"


@broken(
    "PLAN-17",
    incident="The first version in the list was deployed, not the one the service recommends.",
    source="azure: isDefaultVersion is not the first of an entry's versions",
)
class TakesTheFirstVersion(Aviary):
    def version_for(self, row: ModelRow, asked: str | None) -> str | None:
        return super().version_for(row, asked or row.versions[0].version)


@broken(
    "PLAN-17",
    incident="What stands was counted twice, and growing it was refused while there was room.",
    source="azure: quota of an update is the difference",
)
class CountsWhatStandsTwice(Aviary):
    def quota_for(self, sku: SkuRow | None, facts: Facts) -> QuotaUse | None:
        return super().quota_for(sku, replace(facts, standing=None))


@broken(
    "PLAN-17",
    incident="Too little quota was said, and not how much was needed, used and allowed.",
    source="peers: Foundry for VS Code, issue 301",
)
class SaysNoNumbers(Drafting):
    def changed(self, plan: DeploymentPlan) -> DeploymentPlan:
        text = "Not enough quota."
        actions = [each.model_copy(update={"instruction": text}) for each in plan.actions]
        return plan.model_copy(update={"actions": tuple(actions)})


@broken(
    "TOLD-01",
    incident="A build that only more quota could mend was told as failed for good.",
    source=MUTANTS,
)
class GivesNoWayOn(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        if deployment.state is not State.NEEDS_ACTION:
            return deployment
        return deployment.model_copy(update={"state": State.FAILED, "actions": ()})


@broken(
    "TOLD-01",
    incident="Every failed build sent people to ask for quota.",
    source=MUTANTS,
)
class BlamesTheQuota(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        if deployment.state is not State.FAILED:
            return deployment
        return deployment.model_copy(update={"state": State.NEEDS_ACTION, "actions": (QUOTA,)})


@broken(
    "LIST-19",
    incident="The member that holds the context window was renamed, and nobody noticed.",
    source=MUTANTS,
)
class ForgetsTheWindow(Told):
    def told(self, model: Model) -> dict[str, Any]:
        return {"context_window": None}


@broken(
    "LIST-16",
    incident="What is deployed of a model was called unknown, and stood in the other listing.",
    source=MUTANTS,
)
class NothingSeemsDeployed(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        items = [each.model_copy(update={"deployed_as": None}) for each in listing.items]
        return listing.model_copy(update={"items": tuple(items)})


@broken(
    "ADOPT-08",
    incident="With a key alone, another account's deployment was answered for by its name.",
    source="monolith: one cache key for all customers of a cloud, peers 1c",
)
class AnswersForOtherAccounts(Aviary):
    def require_own(self, connection: Connection, ref: DeploymentRef) -> None:
        if own(connection).manages:
            super().require_own(connection, ref)


@broken(
    "ADOPT-09",
    incident="Where no listing answers, what stood was told as gone, and deployed a second time.",
    source="azure: the data plane's listing of deployments is undocumented and may vanish",
)
class UnlistedIsAbsent(Foundry):
    @hookimpl
    async def get_deployment(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        try:
            return await super().get_deployment(connection, ref)
        except CapabilityUnavailable:
            now = connection.clock.now()
            return Deployment(ref=ref, state=State.ABSENT, observed_at=now)


@broken(
    "ADOPT-09",
    incident="A name was adopted unseen, and that a call will be made was not said.",
    source=MUTANTS,
)
class CallsUnannounced(Foundry):
    @hookimpl
    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        plan = await super().plan_deployment(connection, request)
        return plan.model_copy(update={"warnings": ()})


@broken(
    "LIFE-22",
    incident="A delete that was turned away was told as under way, and the bill went on.",
    source="azure: 409 RequestConflict while another write is going on",
)
class TurnedAwayIsDeleting(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        told = await super().delete(connection, ref, include_unowned=include_unowned)
        if told.state is not State.QUEUED:
            return told
        return told.model_copy(update={"state": State.DELETING, "retry_after": None})


@broken(
    "OUT-05",
    incident="A token was sent to another customer's host, since it is one of the service's too.",
    source="azure: anybody can have a resource under the data plane's suffixes",
)
class TrustsTheSuffix(ReadsPages):
    async def following(self, connection: Connection, url: str) -> Rows:
        headers = await self.management_headers(connection)
        response = await connection.http.get(url, headers=headers)
        return Rows(tuple(json_list(json_object(response), "items", response)), "Two pages only.")


class _OneReasonForAll(AviaryCredentials):
    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        try:
            return normalised_endpoint(text)
        except ValueError:
            message = "is not valid"
            raise ValueError(message) from None


@broken(
    "SCHEMA-13",
    incident="Whatever was wrong with an address, it was not valid, and people gave up.",
    source="peers 3: one message for every wrong field",
)
class OneReasonForAll(OtherSchema):
    fields = _OneReasonForAll


def _half(text: str | None) -> str | None:
    return None if text is None else f"{text}\ud800"


@broken(
    "ERR-14",
    incident="Half a character in an answer was handed on, and storing it failed.",
    source="found by this suite in a plugin of ours: JSON may hold a lone surrogate",
)
class HandsOnHalfACharacter(Aviary):
    async def invoke(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        answer = await super().invoke(connection, deployment, request)
        return answer.model_copy(update={"text": _half(answer.text)})


@broken(
    "ADOPT-07",
    incident="The plan showed another size than what stood, and people agreed to the wrong bill.",
    source=MUTANTS,
)
class ShowsNoSize(Aviary):
    async def plan_adoption(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        plan = await super().plan_adoption(connection, request)
        return plan.model_copy(update={"sku": None, "capacity": None})
