"""The shipped plugins in a form of which a subclass can do one thing differently."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import bonito_aws_bedrock.plugin
import bonito_azure_foundry.plugin
import bonito_gcp_vertex.plugin
from bonito_providers import hookimpl
from contract_tests.tests.gallery.bases import BEDROCK, FOUNDRY, VERTEX, Base

if TYPE_CHECKING:
    from bonito_providers import (
        Connection,
        CredentialReport,
        Credentials,
        Deployment,
        DeploymentPlan,
        DeploymentRef,
        DeploymentRequest,
        GatewayEntry,
        Invocation,
        InvocationRequest,
        Listing,
        Model,
        ProviderInfo,
    )


class Shipped:
    """A shipped plugin: every hook is the real one's.

    Attributes:
        base: Whose harness it is tried on.
        real: The plugin.
    """

    base: ClassVar[Base]
    real: ClassVar[ModuleType]

    @hookimpl
    def provider_info(self) -> ProviderInfo:
        found: ProviderInfo = self.real.provider_info()
        return found

    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        found: type[Credentials] = self.real.credential_schema()
        return found

    @hookimpl
    def build_gateway_entry(self, credentials: Credentials, deployment: Deployment) -> GatewayEntry:
        found: GatewayEntry = self.real.build_gateway_entry(credentials, deployment)
        return found

    @hookimpl
    async def check_credentials(self, connection: Connection) -> CredentialReport:
        found: CredentialReport = await self.real.check_credentials(connection)
        return found

    @hookimpl
    async def list_models(self, connection: Connection) -> Listing[Model]:
        found: Listing[Model] = await self.real.list_models(connection)
        return found

    @hookimpl
    async def list_deployments(self, connection: Connection) -> Listing[Deployment]:
        found: Listing[Deployment] = await self.real.list_deployments(connection)
        return found

    @hookimpl
    async def plan_deployment(
        self, connection: Connection, request: DeploymentRequest
    ) -> DeploymentPlan:
        found: DeploymentPlan = await self.real.plan_deployment(connection, request)
        return found

    @hookimpl
    async def deploy(self, connection: Connection, plan: DeploymentPlan) -> Deployment:
        found: Deployment = await self.real.deploy(connection, plan)
        return found

    @hookimpl
    async def get_deployment(self, connection: Connection, ref: DeploymentRef) -> Deployment:
        found: Deployment = await self.real.get_deployment(connection, ref)
        return found

    @hookimpl
    async def delete_deployment(
        self,
        connection: Connection,
        ref: DeploymentRef,
        include_unowned: bool,  # noqa: FBT001 - the contract's own signature
    ) -> Deployment:
        found: Deployment = await self.real.delete_deployment(connection, ref, include_unowned)
        return found

    @hookimpl
    async def invoke_model(
        self, connection: Connection, deployment: Deployment, request: InvocationRequest
    ) -> Invocation:
        found: Invocation = await self.real.invoke_model(connection, deployment, request)
        return found


class Bedrock(Shipped):
    """Amazon Bedrock, as it is shipped."""

    base: ClassVar = BEDROCK
    real: ClassVar = bonito_aws_bedrock.plugin


class Vertex(Shipped):
    """Vertex AI, as it is shipped."""

    base: ClassVar = VERTEX
    real: ClassVar = bonito_gcp_vertex.plugin


class Foundry(Shipped):
    """Microsoft Foundry, as it is shipped."""

    base: ClassVar = FOUNDRY
    real: ClassVar = bonito_azure_foundry.plugin


def rerouted(entry: GatewayEntry, **parameters: Any) -> GatewayEntry:
    """Return an entry that routes with other parameters; None leaves one out."""
    if not entry.supported:
        return entry
    wanted = {**entry.litellm_params, **parameters}
    kept = {name: value for name, value in wanted.items() if value is not None}
    return entry.model_copy(update={"litellm_params": kept})
