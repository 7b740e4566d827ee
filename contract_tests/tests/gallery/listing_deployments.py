"""Broken listings of deployments."""

from __future__ import annotations

from typing import Any

from bonito_aviary.plugin import Aviary
from bonito_aviary.rows import DeploymentRow
from bonito_aviary.wire import Rows, own
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentRequest,
    Listing,
    Model,
    State,
    hookimpl,
)
from bonito_providers.errors import ProviderError
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept
from contract_tests.tests.gallery.listing import PagedItself


@broken(
    "LIST-10",
    incident="Only what the tool itself had made was listed; the rest could not be adopted.",
    source="monolith: only deployments of its own database are shown",
)
class ListsItsOwnOnly(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().deployments(connection)
        items = tuple(each for each in listing.items if each.owned is not False)
        return listing.model_copy(update={"items": items})


@broken(
    "LIST-10",
    incident="Deployments beyond the first page could not be seen.",
    source="monolith: providers/gcp_vertex.py reads the first page only",
)
class FirstPageOfDeployments(PagedItself):
    async def deployment_rows(self, connection: Connection) -> Rows:
        if not own(connection).manages:
            return await super().deployment_rows(connection)
        rows, _ = await self.page(connection, await self.account(connection, "/deployments"))
        return Rows(tuple(rows))


@broken(
    "LIST-11",
    incident="Everything in the account was taken for the tool's own.",
    source="monolith: api/routes/deployments.py deletes whatever it lists",
)
class OwnsEverything(Aviary):
    def owned(self, row: DeploymentRow) -> bool | None:
        return True


@broken(
    "LIST-11",
    incident="A deployment that was being built was listed as active.",
    source="monolith: 201 is reported as deployed, peers 1c",
)
class EverythingIsReady(Aviary):
    def state_of(self, row: DeploymentRow) -> State:
        return State.READY


@broken(
    "LIST-11",
    incident="The SKU of what stood was shown as the usual one.",
    source="monolith: activate_azure_model knows the SKU Standard only, peers 1c",
)
class AlwaysTheUsualSku(Aviary):
    def read(self, connection: Connection, row: DeploymentRow) -> Deployment:
        return super().read(connection, row).model_copy(update={"sku": "standard"})


@broken(
    "LIST-12",
    incident="A listing was kept for five minutes; what was removed stayed in it.",
    source="monolith: providers/gcp_vertex.py caches its list for five minutes",
)
class KeepsItsListing(Aviary):
    @hookimpl
    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        place = await kept(connection)
        if "listing" not in place:
            place["listing"] = await self.deployments(connection)
        listing: Listing[Deployment] = place["listing"]
        return listing


@broken(
    "LIST-13",
    incident="The listing failed, and the account seemed empty.",
    source="monolith: providers/gcp_vertex.py, a status other than 200 is an empty list",
)
class NoDeploymentsWhenItFails(Aviary):
    @hookimpl
    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        try:
            return await self.deployments(connection)
        except ProviderError:
            now = connection.clock.now()
            source = "The account's listing."
            return Listing[Deployment](items=(), complete=True, source=source, observed_at=now)


@broken(
    "LIST-14",
    incident="A new member in a row made a deployment vanish.",
    source="Azure adds members to deployments and models without a new api-version",
)
class StrictAboutDeployments(Aviary):
    async def deployment_rows(self, connection: Connection) -> Rows:
        rows = await super().deployment_rows(connection)
        known = {*DeploymentRow.model_fields, "created"}
        kept_rows = [row for row in rows.items if isinstance(row, dict) and set(row) <= known]
        return Rows(tuple(kept_rows), rows.note)


@broken(
    "LIST-17",
    incident="A deployment whose row was odd vanished from the list, and went on costing.",
    source="monolith: gateway.py continues past what it cannot use, peers 1c",
)
class DropsOddDeployments(Aviary):
    async def deployment_rows(self, connection: Connection) -> Rows:
        rows = await super().deployment_rows(connection)
        return Rows(tuple(row for row in rows.items if row), rows.note)


@broken(
    "LIST-15",
    incident='A page said "just now" of a list that was hours old.',
    source="monolith: cached lists carry no time",
)
class RemembersTheFirstTime(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        place = await kept(connection)
        first = place.setdefault("first", listing.observed_at)
        return listing.model_copy(update={"observed_at": first})


@broken(
    "LIST-15",
    incident="Listing models enabled them on the way.",
    source="monolith: provider_service activates while it synchronises, KNOWN-ISSUES 28",
)
class DeploysWhileListing(Aviary):
    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        if own(connection).manages:
            request = DeploymentRequest(model="finch-2", name="enabled")
            await self.carry_out(connection, await self.plan(connection, request))
        return listing


@broken(
    "LIST-15",
    incident="Nobody could tell where a list came from.",
    source="monolith: control plane and data plane lists are mixed, peers 1c",
)
class ListsFromNowhere(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        return (await super().deployments(connection)).model_copy(update={"source": ""})


class JoinsByLikeness(Aviary):
    """Its children say of a model what they think is deployed of it."""

    def likely(self, model: Model, names: dict[str, Any]) -> tuple[str, ...]:
        raise NotImplementedError

    async def models(self, connection: Connection) -> Listing[Model]:
        listing = await super().models(connection)
        names = {each.ref.name: each for each in (await self.deployments(connection)).items}
        items = [
            each.model_copy(update={"deployed_as": self.likely(each, names)})
            for each in listing.items
        ]
        return listing.model_copy(update={"items": tuple(items)})


@broken(
    "LIST-16",
    incident="An embedding deployment was shown under the chat model of the same family.",
    source="monolith: gateway.py matches models by a part of their names, aws_gcp row 22",
)
class JoinsByFamily(JoinsByLikeness):
    def likely(self, model: Model, names: dict[str, Any]) -> tuple[str, ...]:
        family = model.name.partition("-")[0]
        return tuple(name for name, each in names.items() if family in (each.model.name or ""))


@broken(
    "LIST-16",
    incident="A deployment was found only if it was named like its model.",
    source="langflow and others take a deployment's name for a model's, peers 2.1",
)
class NamedLikeTheModel(JoinsByLikeness):
    def likely(self, model: Model, names: dict[str, Any]) -> tuple[str, ...]:
        return tuple(name for name in names if name == model.name)


@broken(
    "LIST-10",
    incident="A listing had the first ten of many, and said that there were no more.",
    source="peers: lists cut to a number that no test had reached",
)
class CutsAtTen(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().deployments(connection)
        return listing.model_copy(update={"items": listing.items[:10]})
