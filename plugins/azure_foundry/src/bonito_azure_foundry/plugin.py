"""The hooks: what `bonito_providers.hookspecs` asks for, each in a line or two."""

from __future__ import annotations

from bonito_azure_arm.access import ENVIRONMENT, HOSTS
from bonito_azure_foundry.credentials import FoundryCredentials
from bonito_azure_foundry.endpoint import HOST_SUFFIXES
from bonito_providers.hookspecs import hookimpl
from bonito_providers.info import ProviderInfo

TYPE_CHECKING = False
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
    name="azure_foundry",
    cloud="azure",
    title="Azure AI Foundry",
    summary="OpenAI, DeepSeek, Llama, Mistral, xAI, Cohere and Claude on one endpoint. Needs an "
    "API key and an endpoint. Now called Microsoft Foundry.",
    selector={"azure_mode": "foundry"},
    recommended=True,
    host_suffixes=(*HOST_SUFFIXES, *HOSTS),
    environment=ENVIRONMENT,
    gateway_parameters=("tenant_id", "client_id", "client_secret", "azure_scope"),
    links={
        "Foundry portal": "https://ai.azure.com/",
        "Endpoints": "https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/endpoints",
    },
)


@hookimpl
def provider_info() -> ProviderInfo:
    """Return the name card."""
    return INFO


@hookimpl
def credential_schema() -> type[FoundryCredentials]:
    """Return the two fields, and the group that lets a connection deploy."""
    return FoundryCredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    """Choose the surface and LiteLLM prefix that reach this deployment."""
    from bonito_azure_foundry import gateway

    return gateway.entry(_own(credentials), deployment)


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    """Reach, authenticate, list, and see which surfaces answer."""
    from bonito_azure_foundry import check

    return await check.report(connection)


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    """List the base models of the resource's region, with SKUs where management is given."""
    from bonito_azure_foundry import management, models, wire

    if wire.own(connection).management is not None:
        return await (await management.lifecycle(connection)).models()
    return await models.listing(connection)


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """List what is deployed, by the best way that answers."""
    from bonito_azure_foundry import deployments

    return await deployments.listing(connection)


@hookimpl
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Plan a deployment, or the adoption of one that stands already."""
    from bonito_azure_foundry import adoption, management

    if request.adopt:
        return await adoption.plan(connection, request)
    return await (await management.lifecycle(connection)).plan(request)


@hookimpl
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Deploy what the plan says, or adopt what it names."""
    from bonito_azure_foundry import adoption, management

    if plan.request.adopt:
        return await adoption.adopt(connection, plan)
    return await (await management.lifecycle(connection)).deploy(plan)


@hookimpl
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Look the deployment up, by Azure Resource Manager or in the listing."""
    from bonito_azure_foundry import adoption, management, wire

    if wire.own(connection).management is not None:
        return await (await management.lifecycle(connection)).get(ref)
    return await adoption.get(connection, ref)


@hookimpl
async def delete_deployment(
    connection: Connection, ref: DeploymentRef, include_unowned: bool
) -> Deployment:
    """Delete the deployment, if it is this project's own or the caller insists."""
    from bonito_azure_foundry import management

    lifecycle = await management.lifecycle(connection)
    return await lifecycle.delete(ref, include_unowned=include_unowned)


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the deployment once by the surface that serves it."""
    from bonito_azure_foundry import invoke

    return await invoke.invoke(connection, deployment, request)


def _own(credentials: Credentials) -> FoundryCredentials:
    if not isinstance(credentials, FoundryCredentials):
        message = f"{type(credentials).__name__} are not the credentials of azure_foundry"
        raise TypeError(message)
    return credentials
