"""Vertex AI broken as the monolith was: activating, deploying and looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_gcp_vertex import catalogue
from bonito_gcp_vertex.findings import bare
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    State,
    hookimpl,
)
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.shipped import Vertex

if TYPE_CHECKING:
    from bonito_gcp_vertex.wire import Rows

MONOLITH = "monolith: "

_read = catalogue.read


@broken(
    "LIFE-01",
    incident="Deploying made nothing, called nothing, and was told as a success.",
    source=f"{MONOLITH}deployment_service.deploy_gcp (row 17)",
)
class SucceedsWithoutACall(Vertex):
    @hookimpl
    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        done = bare(connection, plan.ref, State.READY)
        return done.model_copy(update={"model": plan.model, "created": True})


@broken(
    "LIFE-07",
    incident="A model that is not there was told as enabled.",
    source=f"{MONOLITH}model_activation.activate_gcp_model, 404 (row 16)",
)
class TakesNotFoundForReady(Vertex):
    @hookimpl
    async def get_deployment(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        found = await super().get_deployment(connection, ref)
        if found.state is not State.ABSENT:
            return found
        return found.model_copy(update={"state": State.READY})


@broken(
    "LIFE-04",
    incident="An operation that had only begun was taken for done.",
    source=f"{MONOLITH}model_activation.activate_gcp_model, :enable (row 16)",
)
class TakesBegunForDone(Vertex):
    @hookimpl
    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        begun = await super().deploy(connection, plan)
        if begun.state is not State.PROVISIONING:
            return begun
        return begun.model_copy(update={"state": State.READY})


async def _of_google(connection: Connection, publisher: str = "*") -> Rows:
    return await _read(connection, "google" if publisher != "*" else publisher)


@broken(
    "PLAN-05",
    incident="The publisher was always Google, so that no model of another could be activated.",
    source=f"{MONOLITH}model_activation.activate_gcp_model (row 16)",
    exchanged={"bonito_gcp_vertex.catalogue.read": _of_google},
)
class TakesGoogleForEveryPublisher(Vertex):
    """Otherwise as it is shipped."""


@broken(
    "LIFE-01",
    incident="Weights that have to be deployed were taken for a model that is served, and never "
    "answered.",
    source=f"{MONOLITH}gcp_vertex.py, KNOWN-ISSUES 15 (row 15)",
    exchanged={"bonito_gcp_vertex.rows.PublisherRow.is_weights": False},
)
class TakesWeightsForServed(Vertex):
    """Otherwise as it is shipped."""
