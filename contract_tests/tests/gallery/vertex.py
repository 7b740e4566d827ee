"""Vertex AI broken as the monolith was: what is listed, checked and routed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pydantic import Field, SecretStr

from bonito_gcp_vertex import catalogue, errors, signin, wire
from bonito_gcp_vertex.credentials import VertexCredentials
from bonito_providers import (
    CheckItem,
    Connection,
    CredentialReport,
    Credentials,
    Deployment,
    GatewayEntry,
    Listing,
    Model,
    Verdict,
    hookimpl,
)
from bonito_providers.answers import json_object
from bonito_providers.errors import ProviderError
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.shipped import Vertex, rerouted

MONOLITH = "monolith: "
LITELLM = "litellm 1.109.1, measured: "

_read, _fetch = catalogue.read, signin._fetch  # noqa: SLF001 - what is made wrong below


async def _google_alone(connection: Connection, publisher: str = "*") -> wire.Rows:
    return await _read(connection, "google")


@broken(
    "LIST-01",
    incident="Of all publishers only Google's models were listed.",
    source=f"{MONOLITH}gcp_vertex.py list_models (row 15)",
    exchanged={"bonito_gcp_vertex.catalogue.read": _google_alone},
)
class ListsGoogleAlone(Vertex):
    """Otherwise as it is shipped."""


async def _first_page(
    connection: Connection,
    url: str,
    key: str,
    *,
    params: Mapping[str, str] | None = None,
    missing: errors.Missing = errors.RESOURCE,
    may_be_empty: bool = True,
) -> wire.Rows:
    response = await wire.call(connection, "GET", url, params=params, missing=missing)
    return wire.Rows(tuple(json_object(response).get(key, ())))


@broken(
    "LIST-02",
    incident="The first page of a listing was read and taken for the whole.",
    source=f"{MONOLITH}gcp_vertex.py list_models (row 15)",
    exchanged={"bonito_gcp_vertex.wire.pages": _first_page},
)
class ReadsTheFirstPage(Vertex):
    """Otherwise as it is shipped."""


@broken(
    "LIST-06",
    incident="A refused listing was an empty one, and the customer saw no models and no reason.",
    source=f"{MONOLITH}gcp_vertex.py list_models, any other status (row 15)",
)
class AnswersAFailureWithNothing(Vertex):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        try:
            return await super().list_models(connection)
        except ProviderError:
            return Listing[Model](
                items=(),
                complete=True,
                source="Model Garden.",
                observed_at=connection.clock.now(),
            )


@broken(
    "LIST-12",
    incident="A listing was kept for five minutes, the empty one of a failure too.",
    source=f"{MONOLITH}gcp_vertex.py, a cache of five minutes (row 15)",
)
class KeepsAListingForMinutes(Vertex):
    @hookimpl
    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        async def ask() -> Listing[Deployment]:
            return await Vertex.list_deployments(self, connection)

        kept: Listing[Deployment] = await connection.once("broken.listing", ask)
        return kept


@broken(
    "LIST-18",
    incident="Images, videos and embeddings were listed as models that chat.",
    source=f"{MONOLITH}gcp_vertex.py reads descriptions that are not there (row 15)",
)
class ListsEverythingAsText(Vertex):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        listing = await super().list_models(connection)
        items = tuple(each.model_copy(update={"kind": "chat"}) for each in listing.items)
        return listing.model_copy(update={"items": items})


@broken(
    "CALL-07",
    incident="Whatever was listed was taken for text, and embeddings were offered as chats.",
    source=f"{MONOLITH}gcp_vertex.py reads descriptions that are not there (row 15)",
)
class TakesEverythingForText(Vertex):
    @hookimpl
    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().list_deployments(connection)
        items = tuple(
            each.model_copy(update={"model": each.model.model_copy(update={"kind": "chat"})})
            for each in listing.items
        )
        return listing.model_copy(update={"items": items})


@broken(
    "LIST-06",
    incident="While the service failed, models that have long been switched off were listed.",
    source=f"{MONOLITH}gateway.py falls back to gemini-1.5 (row 21)",
)
class FallsBackToDeadModels(Vertex):
    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        try:
            return await super().list_models(connection)
        except ProviderError:
            known = Model(id="google/gemini-1.5-pro", name="gemini-1.5-pro")
            return Listing[Model](
                items=(known,),
                complete=True,
                source="Model Garden.",
                observed_at=connection.clock.now(),
            )


@broken(
    "CRED-04",
    incident="Where the library could not be used, every account was healthy.",
    source=f"{MONOLITH}gcp_vertex.py, the path of ImportError (row 18)",
)
class CallsEverythingHealthy(Vertex):
    @hookimpl
    async def check_credentials(self, connection: Connection) -> CredentialReport:
        report = await super().check_credentials(connection)
        healthy = {"verdict": Verdict.PASSED, "error": None, "action": None}
        items = tuple(each.model_copy(update=healthy) for each in report.items)
        return report.model_copy(update={"items": items})


@broken(
    "CRED-01",
    incident="Keys that may call every model were refused, for a right to another service.",
    source=f"{MONOLITH}validate_credentials asks the Cloud Resource Manager (row 19)",
)
class AsksAnotherService(Vertex):
    @hookimpl
    async def check_credentials(self, connection: Connection) -> CredentialReport:
        report = await super().check_credentials(connection)
        project = wire.own(connection).project
        url = f"https://cloudresourcemanager.googleapis.com/v1/projects/{project}"
        try:
            await wire.call(connection, "GET", url)
        except ProviderError as error:
            verdict, reason = Verdict.FAILED, error.message
        else:
            verdict, reason = Verdict.PASSED, "The project is there."
        item = CheckItem(name="project", title="See the project", verdict=verdict, reason=reason)
        return report.model_copy(update={"items": (*report.items, item)})


class _WantingTheProject(VertexCredentials):
    """Asks for what the key file says already."""

    project_id: str = Field(
        title="Project ID",
        description="Google Cloud console > project picker.",
        examples=["acme-prod-123"],
    )


@broken(
    "CRED-01",
    incident="A key file was refused until somebody typed the project that stands in it.",
    source=f"{MONOLITH}schemas GCPCredentials, KNOWN-ISSUES 25 (row 20)",
)
class WantsTheProjectTwice(Vertex):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return _WantingTheProject


async def _on_the_loop(
    self: signin.SignIn, connection: Connection, credentials: VertexCredentials
) -> SecretStr:
    """Sign in for every call, as a client does that knows no event loop."""
    time.sleep(0.3)  # noqa: ASYNC251 - the fault
    row = await _fetch(connection, credentials)
    return SecretStr(row.access_token)


@broken(
    "LOOP-04",
    incident="Signing in held up every other customer's calls.",
    source=f"{MONOLITH}onboarding.py refreshes in an async route, without a thread (row 18)",
    exchanged={"bonito_gcp_vertex.signin.SignIn.token": _on_the_loop},
)
class SignsInOnTheLoop(Vertex):
    """Otherwise as it is shipped."""


@broken(
    "GATE-03",
    incident="Gemini was called with its publisher before its name, which nothing answers.",
    source=f"{LITELLM}vertex_ai/google/<gemini> is 404",
)
class NamesGooglesPublisher(Vertex):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        entry = super().build_gateway_entry(credentials, deployment)
        return rerouted(entry, model=f"vertex_ai/{deployment.ref.name}")


@broken(
    "GATE-01",
    incident="The key file stood in the routes in clear, and in every log of them.",
    source=f"{LITELLM}vertex_credentials may be a text, an object or a path",
)
class HandsTheKeyFileOnInClear(Vertex):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        entry = super().build_gateway_entry(credentials, deployment)
        shown: Any = entry.litellm_params.get("vertex_credentials")
        text = shown.get_secret_value() if isinstance(shown, SecretStr) else shown
        return rerouted(entry, vertex_credentials=text)


@broken(
    "GATE-14",
    incident="A model without a known price was counted as free.",
    source=f"{MONOLITH}gateway.py compute_request_cost (row 22)",
)
class CountsTheUnknownAsFree(Vertex):
    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        entry = super().build_gateway_entry(credentials, deployment)
        if not entry.supported:
            return entry
        free = {**entry.model_info, "input_cost_per_token": 0, "output_cost_per_token": 0}
        return entry.model_copy(update={"model_info": free})
