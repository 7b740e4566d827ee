"""Broken lives: what is deployed, looked at and changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bonito_aviary import errors
from bonito_aviary.plugin import Aviary
from bonito_aviary.rows import DeploymentRow, require_row
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    InvocationRequest,
    State,
)
from bonito_providers.answers import json_object
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
)
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept

CREATED = "monolith: 201 is reported as deployed, peers 1c"
VERTEX = "monolith: deployment_service.deploy_gcp, always active, aws_gcp row 17"
CONFLICT = "monolith: 409 is reported as success, peers 1c"


class Telling(Aviary):
    """Honest so far; its children tell something else of what they deployed."""

    def told(self, deployment: Deployment) -> Deployment:
        raise NotImplementedError

    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        return self.told(await super().carry_out(connection, plan))


class Removing(Aviary):
    """Honest so far; its children take something away where they should not."""

    async def take_away(self, connection: Connection, name: str) -> None:
        address = await self.deployment_address(connection, name)
        await self.manage(connection, "DELETE", address)
        while await self.find(connection, name) is not None:
            pass


@broken(
    "LIFE-01",
    incident="Deploying held the request until the model was built.",
    source="peers: a portal that times out while the cloud builds",
)
class WaitsInside(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        deployment = await super().carry_out(connection, plan)
        while deployment.state is State.PROVISIONING:
            await connection.clock.sleep(5)
            deployment = await self.get(connection, plan.ref)
        return deployment.model_copy(update={"created": True})


@broken(
    "LIFE-01",
    incident="Nothing said whether a deployment was new, so every retry looked like a purchase.",
    source=CONFLICT,
)
class SilentAboutCreating(Telling):
    def told(self, deployment: Deployment) -> Deployment:
        return deployment.model_copy(update={"created": None})


@broken(
    "LIFE-01",
    incident="What was deployed carried no mark, and could never be deleted again.",
    source="monolith: api/routes/deployments.py leaves orphans, aws_gcp row 9",
)
class LeavesNoMark(Aviary):
    def body(self, plan: DeploymentPlan) -> dict[str, Any]:
        return {**super().body(plan), "tags": {}}


@broken(
    "LIFE-02",
    incident="The second click was told as a second creation.",
    source="peers: a retry that shows up twice on the bill page",
)
class AlwaysCreated(Telling):
    def told(self, deployment: Deployment) -> Deployment:
        return deployment.model_copy(update={"created": True})


@broken(
    "LIFE-02",
    incident="Deploying again replaced what stood, and calls failed meanwhile.",
    source="peers: forced replacement instead of an update, terraform azurerm",
)
class ReplacesWhatStands(Removing):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        standing = await self.find(connection, plan.ref.name)
        if standing is not None and standing.model == plan.model.name:
            await self.take_away(connection, plan.ref.name)
        return await super().carry_out(connection, plan)


@broken("LIFE-03", incident="A conflict was taken for success.", source=CONFLICT)
class ConflictIsSuccess(Aviary):
    async def plan(self, connection: Connection, request: Any) -> DeploymentPlan:
        try:
            return await super().plan(connection, request)
        except Conflict:
            unnamed = await super().plan(connection, request.model_copy(update={"name": None}))
            ref = self.ref(connection, request.name)
            return unnamed.model_copy(update={"ref": ref, "request": request})

    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        try:
            return await super().carry_out(connection, plan)
        except Conflict:
            return self.bare(connection, plan.ref, State.READY)


@broken(
    "LIFE-03",
    incident="What stood under the name was removed to make room.",
    source="peers: forced replacement instead of an update, terraform azurerm",
)
class MakesRoom(Removing):
    async def plan(self, connection: Connection, request: Any) -> DeploymentPlan:
        try:
            return await super().plan(connection, request)
        except Conflict:
            await self.take_away(connection, request.name)
            return await super().plan(connection, request)


@broken(
    "LIFE-03",
    incident="A name was taken, and nobody said by what.",
    source="peers: raw errors in place of a reason, issues 280 and 440",
)
class ConflictWithoutWords(Aviary):
    async def plan(self, connection: Connection, request: Any) -> DeploymentPlan:
        try:
            return await super().plan(connection, request)
        except Conflict:
            raise Conflict("Conflict.") from None


@broken("LIFE-04", incident="An accepted write was told as a running model.", source=CREATED)
class AcceptedIsReady(Telling):
    def told(self, deployment: Deployment) -> Deployment:
        return deployment.model_copy(update={"state": State.READY})


@broken(
    "LIFE-04",
    incident="A state that the code did not know counted as ready.",
    source="monolith: InService and active are compared as texts, aws_gcp row 9",
)
class UnknownIsReady(Aviary):
    def state_of(self, row: DeploymentRow) -> State:
        return super().state_of(row) if row.state == "failed" else State.READY


@broken("LIFE-05", incident="A failed build was told as a running model.", source=VERTEX)
class FailedIsReady(Aviary):
    def state_of(self, row: DeploymentRow) -> State:
        state = super().state_of(row)
        return State.READY if state is State.FAILED else state

    async def failure(self, connection: Connection, row: DeploymentRow) -> None:
        return None


@broken(
    "LIFE-05",
    incident="A build failed, and nobody was told why.",
    source='monolith: "Failed to activate" for every model, aws_gcp row 1',
)
class FailsWithoutReason(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        return deployment.model_copy(update={"error": None, "actions": ()})


@broken(
    "LIFE-05",
    incident="A build that had failed was waited for until the time was over.",
    source="Azure: partner models were seen to fail after five minutes of building",
)
class FailedIsStillBuilding(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        if deployment.state is not State.FAILED:
            return deployment
        return deployment.model_copy(update={"state": State.PROVISIONING, "error": None})


@broken(
    "LIFE-06",
    incident="A second deployment at the same moment failed for good.",
    source="Azure: 409 while another write is under way on the account",
)
class BusyIsAConflict(Aviary):
    def queued(self, connection: Connection, plan: DeploymentPlan, pause: float) -> Deployment:
        raise Conflict("Another write is under way.", code=errors.BUSY)


@broken(
    "LIFE-06",
    incident="A write was turned away and told as under way; it never came.",
    source=CREATED,
)
class BusyIsProvisioning(Aviary):
    def queued(self, connection: Connection, plan: DeploymentPlan, pause: float) -> Deployment:
        waiting = super().queued(connection, plan, pause)
        return waiting.model_copy(update={"state": State.PROVISIONING})


@broken(
    "LIFE-06",
    incident="Nobody said when to try again.",
    source="monolith: KNOWN-ISSUES 28, throttled and asking without a pause",
)
class QueuesWithoutAPause(Aviary):
    def queued(self, connection: Connection, plan: DeploymentPlan, pause: float) -> Deployment:
        waiting = super().queued(connection, plan, pause)
        return waiting.model_copy(update={"retry_after": None})


@broken(
    "LIFE-07",
    incident="Every look at the page cost a call to the model.",
    source="peers: health checks that call each model each minute",
)
class LooksByCalling(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        if deployment.state is State.READY:
            await self.invoke(connection, deployment, InvocationRequest())
        return deployment


@broken(
    "LIFE-07",
    incident="What had been removed in the console was shown as running.",
    source="monolith: deployment rows live on when the cloud's resource is gone",
)
class RemembersWhatItSaw(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        place = await kept(connection)
        if place.get(ref.name) is None:
            place[ref.name] = await super().get(connection, ref)
        deployment: Deployment = place[ref.name]
        return deployment


@broken(
    "LIFE-07",
    incident="Looking at what is gone ended in an error page.",
    source="peers: a deleted deployment that breaks the list of all of them",
)
class AbsentIsAnError(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        if deployment.state is State.ABSENT:
            raise DeploymentNotFound(f"{ref.name} is gone.")
        return deployment


@broken(
    "LIFE-08",
    incident="A second plan doubled the capacity, and the bill, unasked.",
    source="peers: terraform applies what drifted without being asked",
)
class ChangesUnasked(Aviary):
    def require_announced(self, plan: DeploymentPlan, changes: Sequence[str]) -> None:
        """Let everything pass."""


@broken(
    "LIFE-08",
    incident="The plan did not show that something stood there already.",
    source="monolith: no plan, and 409 is reported as success, peers 1c",
)
class HidesChanges(Aviary):
    def differences(self, standing: DeploymentRow | None, plan: DeploymentPlan) -> tuple[str, ...]:
        return ()


@broken(
    "LIFE-08",
    incident="Scaling was offered and did nothing.",
    source="monolith: scale_aws_deployment sends a field that does not exist, aws_gcp row 7",
)
class UpdatesNothing(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        if plan.changes and plan.request.update:
            return (await self.get(connection, plan.ref)).model_copy(update={"created": False})
        return await super().carry_out(connection, plan)


@broken(
    "LIFE-09",
    incident="Of two workers with one plan, the second was told that it had failed.",
    source="monolith: KNOWN-ISSUES 28, four workers that synchronise the same account",
)
class LosesTheRace(Aviary):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        url = await self.deployment_address(connection, plan.ref.name)
        response = await self.manage(connection, "PUT", url, body=self.body(plan))
        if created and response.status_code != 201:
            raise Conflict(f"{plan.ref.name} was created by somebody else.")
        row = require_row(DeploymentRow, json_object(response), response)
        return self.read(connection, row).model_copy(update={"created": created})


@broken(
    "LIFE-10",
    incident="A customer's reference showed what another customer had under the same name.",
    source="monolith: one cache key for all customers of a cloud, peers 1c",
)
class LooksByNameAlone(Aviary):
    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        return await super().get(connection, self.ref(connection, ref.name))


@broken(
    "LIFE-10",
    incident="Deleting by name hit the deployment of another account.",
    source="monolith: the account resolver takes the first account it finds, peers 1c",
)
class DeletesByNameAlone(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        here = self.ref(connection, ref.name)
        return await super().delete(connection, here, include_unowned=include_unowned)


@broken(
    "LIFE-11",
    incident="Another model had come under the name, and was taken for the planned one.",
    source=CONFLICT,
)
class TakesWhatStands(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        standing = await self.find(connection, plan.ref.name)
        if standing is not None:
            return self.read(connection, standing).model_copy(update={"created": False})
        return await super().carry_out(connection, plan)


@broken(
    "LIFE-11",
    incident="What had been removed in the console was not made again: the database knew it.",
    source="monolith: deployment rows live on when the cloud's resource is gone",
)
class DeploysOnce(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        place = await kept(connection)
        if plan.ref.name in place:
            deployment: Deployment = place[plan.ref.name]
            return deployment.model_copy(update={"created": False})
        place[plan.ref.name] = deployment = await super().carry_out(connection, plan)
        return deployment
