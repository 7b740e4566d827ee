"""The hooks: what `bonito_providers.hookspecs` asks for, each in a line or two."""

from __future__ import annotations

from bonito_azure_arm.access import ENVIRONMENT, HOSTS
from bonito_azure_openai.credentials import OpenAICredentials
from bonito_azure_openai.endpoint import HOST_SUFFIXES
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
    name="azure_openai",
    cloud="azure",
    title="Azure OpenAI (legacy)",
    summary="OpenAI's models alone, each deployed on Standard in one region. For resources that "
    "are connected already; new ones start better with Foundry.",
    selector={"azure_mode": "openai"},
    predates_selector=True,
    host_suffixes=(*HOST_SUFFIXES, *HOSTS),
    environment=ENVIRONMENT,
    gateway_parameters=("tenant_id", "client_id", "client_secret"),
    links={
        "Azure portal": "https://portal.azure.com/",
        "Deploy a model": "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/create-resource",
    },
)


@hookimpl
def provider_info() -> ProviderInfo:
    """Return the name card."""
    return INFO


@hookimpl
def credential_schema() -> type[OpenAICredentials]:
    """Return the endpoint with a key or a service principal."""
    return OpenAICredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    """Route by `azure/`, with the key or with the service principal."""
    from bonito_azure_openai import gateway

    return gateway.entry(_own(credentials), deployment)


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    """Reach, authenticate, list, and find the account."""
    from bonito_azure_openai import check

    return await check.report(connection)


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    """List OpenAI's models of the resource's region."""
    from bonito_azure_openai import models

    return await models.listing(connection)


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """List what is deployed, by the best way that answers."""
    from bonito_azure_openai import deployments

    return await deployments.listing(connection)


@hookimpl
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Plan a deployment on Standard, or the adoption of one that stands already."""
    from bonito_azure_openai import adoption, management

    if request.adopt:
        return await adoption.plan(connection, request)
    return await (await management.lifecycle(connection)).plan(request)


@hookimpl
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Deploy or adopt what the plan names."""
    from bonito_azure_openai import adoption, management

    if plan.request.adopt:
        return await adoption.adopt(connection, plan)
    return await (await management.lifecycle(connection)).deploy(plan)


@hookimpl
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Read the deployment by management, else look it up in the listing."""
    from bonito_azure_openai import adoption, management

    if _own(connection.credentials).access is None:
        return await adoption.get(connection, ref)
    return await (await management.lifecycle(connection)).get(ref)


@hookimpl
async def delete_deployment(
    connection: Connection, ref: DeploymentRef, include_unowned: bool
) -> Deployment:
    """Delete by management; nothing else can."""
    from bonito_azure_openai import management

    lifecycle = await management.lifecycle(connection)
    return await lifecycle.delete(ref, include_unowned=include_unowned)


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the deployment once."""
    from bonito_azure_openai import invoke

    return await invoke.invoke(connection, deployment, request)


def _own(credentials: Credentials) -> OpenAICredentials:
    if not isinstance(credentials, OpenAICredentials):
        message = f"{type(credentials).__name__} are not the credentials of azure_openai"
        raise TypeError(message)
    return credentials
