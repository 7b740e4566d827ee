"""The hooks: what `bonito_providers.hookspecs` asks for, each in a line or two.

Each step behind them is a method of one of the classes that `Aviary` is made of, so that a
subclass can do one thing differently. Nothing is kept here; what is kept belongs to a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bonito_aviary.check import Checking
from bonito_aviary.credentials import SUFFIX, AviaryCredentials
from bonito_aviary.gateway import Routing
from bonito_aviary.invoke import Invoking
from bonito_aviary.lifecycle import Lifecycle
from bonito_providers.hookspecs import hookimpl
from bonito_providers.info import ProviderInfo

if TYPE_CHECKING:
    from bonito_providers.catalog import Listing, Model
    from bonito_providers.connection import Connection
    from bonito_providers.credentials import Credentials
    from bonito_providers.deployment import (
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
    )
    from bonito_providers.gateway import GatewayEntry
    from bonito_providers.invocation import Invocation, InvocationRequest
    from bonito_providers.report import CredentialReport

INFO = ProviderInfo(
    name="aviary",
    cloud="aviary",
    title="Aviary",
    summary="Birds that answer, draw and embed. Needs an endpoint and a key; deploying needs a "
    "client of the account.",
    host_suffixes=(SUFFIX,),
    environment=(
        "OPENAI_ADMIN_KEY",
        "OPENAI_API_BASE",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "OPENAI_CUSTOM_HEADERS",
        "OPENAI_ORGANIZATION",
        "OPENAI_ORG_ID",
        "OPENAI_PROJECT_ID",
    ),
    links={"Console": "https://console.aviary.example/"},
)


class Aviary(Lifecycle, Checking, Invoking, Routing):
    """The provider."""

    @hookimpl
    def provider_info(self) -> ProviderInfo:
        """Return the name card."""
        return INFO

    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        """Return the two fields, and the group that lets a connection deploy."""
        return AviaryCredentials

    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        """Route by the account's own OpenAI API."""
        return self.entry(cast("AviaryCredentials", credentials), deployment)

    @hookimpl
    async def check_credentials(self, connection: Connection) -> CredentialReport:
        """Reach, authenticate, list, manage."""
        return await self.report(connection)

    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        """List the catalogue, as far as these credentials see it."""
        return await self.models(connection)

    @hookimpl
    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        """List what stands, as far as these credentials see it."""
        return await self.deployments(connection)

    @hookimpl
    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        """Plan a deployment, or the adoption of one that stands already."""
        if request.adopt:
            return await self.plan_adoption(connection, request)
        return await self.plan(connection, request)

    @hookimpl
    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        """Deploy what the plan says, or adopt what it names."""
        if plan.request.adopt:
            return await self.adopt(connection, plan)
        return await self.carry_out(connection, plan)

    @hookimpl
    async def get_deployment(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        """Look the deployment up."""
        return await self.get(connection, ref)

    @hookimpl
    async def delete_deployment(
        self,
        connection: Connection,
        ref: DeploymentRef,
        include_unowned: bool,  # noqa: FBT001 - the contract's own signature
    ) -> Deployment:
        """Delete the deployment, if it is this project's own or the caller insists."""
        return await self.delete(connection, ref, include_unowned=include_unowned)

    @hookimpl
    async def invoke_model(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        """Call the deployment once."""
        return await self.invoke(connection, deployment, request)


provider = Aviary()
