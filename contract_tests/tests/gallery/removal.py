"""Broken deletions, and writes that fail or whose answers are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from bonito_aviary.plugin import Aviary
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    Listing,
    State,
)
from bonito_providers.errors import (
    AuthenticationError,
    Conflict,
    DeploymentNotFound,
    ProviderError,
    TemporaryError,
)
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept
from contract_tests.tests.gallery.lifecycle import Removing

ORPHAN = "monolith: api/routes/deployments.py, delete, aws_gcp row 9"
ACTIVE = "monolith: deployment_service.deploy_gcp, always active, aws_gcp row 17"


class Deleting(Aviary):
    """Honest so far; its children delete in ways of their own."""

    async def send_delete(self, connection: Connection, name: str) -> None:
        address = await self.deployment_address(connection, name)
        await self.manage(connection, "DELETE", address)


@broken("LIFE-12", incident="The row was deleted, and the resource was not.", source=ORPHAN)
class DeletesTheRowOnly(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        return self.bare(connection, ref, State.ABSENT)


@broken(
    "LIFE-12",
    incident="Deleting twice, or what was gone already, ended in an error.",
    source="peers: clean-up scripts that stop at the first 404",
)
class DeletesOnce(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        if await self.find(connection, ref.name) is None:
            raise DeploymentNotFound(f"There is no {ref.name}.")
        return await super().delete(connection, ref, include_unowned=include_unowned)


@broken(
    "LIFE-12",
    incident="Whoever deleted one deployment lost all others of the same model.",
    source="monolith: api/routes/deployments.py, rows found by their model",
)
class DeletesAllOfOneModel(Deleting):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        row = await self.find(connection, ref.name)
        for each in (await self.deployments(connection)).items if row else ():
            if row and each.owned and each.model.name == row.model and each.ref != ref:
                await self.send_delete(connection, each.ref.name)
        return await super().delete(connection, ref, include_unowned=include_unowned)


@broken(
    "LIFE-13",
    incident="A colleague's deployment was deleted because it was listed.",
    source=ORPHAN,
)
class DeletesAnybodys(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        return await super().delete(connection, ref, include_unowned=True)


@broken(
    "LIFE-13",
    incident="Even at the customer's express wish nothing was deleted.",
    source="peers: imported resources that can never be removed",
)
class KeepsOthersForEver(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        return await super().delete(connection, ref, include_unowned=False)


@broken(
    "LIFE-14",
    incident="A colleague had put another in its place; it was deleted by the old row's mark.",
    source=ORPHAN,
)
class RemembersOwnership(Aviary):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        (await kept(connection))[plan.ref.name] = True
        return await super().carry_out(connection, plan)

    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        mine = ref.name in await kept(connection)
        return await super().delete(connection, ref, include_unowned=include_unowned or mine)


@broken(
    "LIFE-15",
    incident="The cloud refused to delete, which was logged; the hourly cost went on.",
    source=ORPHAN,
)
class LogsTheFailedDelete(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        try:
            return await super().delete(connection, ref, include_unowned=include_unowned)
        except Conflict:
            raise
        except ProviderError:
            return self.bare(connection, ref, State.ABSENT)


@broken(
    "LIFE-15",
    incident="A delete that had failed was told as under way for ever.",
    source=ORPHAN,
)
class DeletingForEver(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        try:
            return await super().delete(connection, ref, include_unowned=include_unowned)
        except TemporaryError:
            return self.bare(connection, ref, State.DELETING)


@broken(
    "LIFE-16",
    incident="The repeated DELETE found nothing, and that was an error.",
    source="HTTP clients repeat a DELETE whose answer was lost; the second is answered 404",
)
class SecondDeleteIsAnError(Deleting):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        row = await self.find(connection, ref.name)
        if row is None or row.state == "removing":
            raise Conflict(f"{ref.name} is being deleted already.")
        await self.send_delete(connection, ref.name)
        return self.bare(connection, ref, State.DELETING)


class Writing(Removing):
    """Honest so far; its children write once and see to the rest themselves."""

    async def manage(
        self,
        connection: Connection,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        if method != "PUT":
            return await super().manage(connection, method, url, body=body)
        response = await connection.http.request(
            method,
            url,
            json=body,
            headers=await self.management_headers(connection),
            extensions={"idempotent": False},
        )
        return self.accepted(connection, response)


@broken(
    "LIFE-17",
    incident="After an answer that never came, it was made anew, and paid for twice.",
    source="the cloud applied it and the answer was lost; DESIGN 4, rule 6",
)
class MakesItAnew(Writing):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        try:
            return await super().write(connection, plan, created=created)
        except TemporaryError:
            if await self.find(connection, plan.ref.name) is not None:
                await self.take_away(connection, plan.ref.name)
            return await super().write(connection, plan, created=created)


@broken(
    "LIFE-17",
    incident="After an answer that never came, a second one was made under another name.",
    source="the cloud applied it and the answer was lost; DESIGN 4, rule 6",
)
class TriesAnotherName(Writing):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        try:
            return await super().write(connection, plan, created=created)
        except TemporaryError:
            other = plan.model_copy(update={"ref": self.ref(connection, f"{plan.ref.name}-2")})
            made = await super().write(connection, other, created=created)
            return made.model_copy(update={"ref": plan.ref})


@broken(
    "LIFE-18",
    incident="One failed write, and the deployment was FAILED for good.",
    source='monolith: "Failed to activate" for whatever went wrong, aws_gcp row 1',
)
class FailsForGood(Aviary):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        try:
            return await super().write(connection, plan, created=created)
        except TemporaryError as error:
            failed = self.bare(connection, plan.ref, State.FAILED)
            return failed.model_copy(update={"error": error.message})


@broken(
    "LIFE-19",
    incident="The write failed, and was told as under way.",
    source=ACTIVE,
)
class FailedIsUnderWay(Aviary):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        try:
            return await super().write(connection, plan, created=created)
        except TemporaryError:
            return self.bare(connection, plan.ref, State.PROVISIONING)


@broken(
    "LIFE-19",
    incident="The role was missing, and the model was told as active.",
    source="monolith: deployment_service.deploy_aws swallows errors, aws_gcp row 5",
)
class ForbiddenIsActive(Aviary):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        address = await self.deployment_address(connection, plan.ref.name)
        try:
            await self.manage(connection, "PUT", address, body=self.body(plan))
        except AuthenticationError:
            return self.bare(connection, plan.ref, State.READY)
        return await super().write(connection, plan, created=created)


@broken(
    "LIFE-20",
    incident="After a crash the resource stood and was billed, and nobody knew it.",
    source=ORPHAN,
)
class KnowsItsOwnSession(Aviary):
    async def write(
        self, connection: Connection, plan: DeploymentPlan, *, created: bool
    ) -> Deployment:
        (await kept(connection))[plan.ref.name] = True
        return await super().write(connection, plan, created=created)

    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        deployment = await super().get(connection, ref)
        if deployment.owned and ref.name not in await kept(connection):
            return self.bare(connection, ref, State.ABSENT)
        return deployment


@broken(
    "LIFE-12",
    incident="Deleting what was still being built did nothing and was told as done.",
    source=ORPHAN,
)
class LeavesTheBuilding(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        row = await self.find(connection, ref.name)
        if row is not None and row.state == "building":
            return self.bare(connection, ref, State.ABSENT)
        return await super().delete(connection, ref, include_unowned=include_unowned)


@broken(
    "LIFE-21",
    incident="A second click while it was being built made it anew.",
    source="peers: two entries on the bill for one deployment",
)
class StartsBuildingAgain(Removing):
    async def carry_out(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        standing = await self.find(connection, plan.ref.name)
        building = standing is not None and standing.state == "building"
        if standing is not None and building and standing.model == plan.model.name:
            await self.take_away(connection, plan.ref.name)
        return await super().carry_out(connection, plan)


@broken(
    "LIFE-21",
    incident="What was being built was not in the list, so it was deployed again elsewhere.",
    source="monolith: only what is active is shown",
)
class HidesWhatIsBuilt(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().deployments(connection)
        items = tuple(each for each in listing.items if each.state is not State.PROVISIONING)
        return listing.model_copy(update={"items": items})


@broken(
    "LIFE-21",
    incident="What had been deleted once stayed absent, also after it was deployed anew.",
    source="monolith: deployment rows that nobody reads anew",
)
class AbsentForEver(Aviary):
    async def delete(
        self, connection: Connection, ref: DeploymentRef, *, include_unowned: bool
    ) -> Deployment:
        told = await super().delete(connection, ref, include_unowned=include_unowned)
        (await kept(connection))[ref.name] = True
        return told

    async def get(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        if ref.name in await kept(connection):
            return self.bare(connection, ref, State.ABSENT)
        return await super().get(connection, ref)
