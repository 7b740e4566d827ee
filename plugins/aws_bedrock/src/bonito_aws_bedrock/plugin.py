"""The hooks: what `bonito_providers.hookspecs` asks for, each in a line or two."""

from __future__ import annotations

from bonito_aws_bedrock.credentials import BedrockCredentials
from bonito_aws_bedrock.regions import hosts
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
    name="aws_bedrock",
    cloud="aws",
    title="Amazon Bedrock",
    summary="Claude, Nova, Llama, Mistral, DeepSeek and others in an AWS account. Needs a region "
    "and a Bedrock API key, an access key, or a role.",
    host_suffixes=hosts(),
    environment=(
        "AWS_ACCESS_KEY_ID",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_BEDROCK_RUNTIME_ENDPOINT",
        "AWS_CONFIG_FILE",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_DATA_PATH",
        "AWS_DEFAULT_PROFILE",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_BEDROCK",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_ENDPOINT_URL_STS",
        "AWS_EXTERNAL_ID",
        "AWS_PROFILE",
        "AWS_PROFILE_NAME",
        "AWS_REGION",
        "AWS_REGION_NAME",
        "AWS_ROLE_ARN",
        "AWS_ROLE_NAME",
        "AWS_ROLE_SESSION_NAME",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SECURITY_TOKEN",
        "AWS_SESSION_NAME",
        "AWS_SESSION_TOKEN",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_STS_ENDPOINT",
        "AWS_WEB_IDENTITY_TOKEN",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
    ),
    gateway_parameters=(
        "model_id",
        "aws_bedrock_runtime_endpoint",
        "aws_region_name",
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
    ),
    links={
        "Bedrock console": "https://console.aws.amazon.com/bedrock/home",
        "API keys": "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
    },
)


@hookimpl
def provider_info() -> ProviderInfo:
    """Return the name card."""
    return INFO


@hookimpl
def credential_schema() -> type[BedrockCredentials]:
    """Return the region and the three ways to authenticate."""
    return BedrockCredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    """Route by Converse, or by InvokeModel for embeddings, with these very credentials."""
    from bonito_aws_bedrock import gateway

    return gateway.entry(_own(credentials), deployment)


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    """Reach, authenticate, list."""
    from bonito_aws_bedrock import check

    return await check.report(connection)


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    """List the region's models with the ways to call them."""
    from bonito_aws_bedrock import models

    return await models.listing(connection)


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """List application profiles and provisioned throughput."""
    from bonito_aws_bedrock import deployments

    return await deployments.listing(connection)


@hookimpl
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Plan a profile, throughput, or the adoption of what can be called already."""
    from bonito_aws_bedrock import adoption, planning

    if request.adopt:
        return await adoption.plan(connection, request)
    return await planning.plan(connection, request)


@hookimpl
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Deploy what the plan says, or adopt what it names."""
    from bonito_aws_bedrock import adoption, lifecycle

    if plan.request.adopt:
        return await adoption.adopt(connection, plan)
    return await lifecycle.deploy(connection, plan)


@hookimpl
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Look the deployment up."""
    from bonito_aws_bedrock import lifecycle

    return await lifecycle.get(connection, ref)


@hookimpl
async def delete_deployment(
    connection: Connection, ref: DeploymentRef, include_unowned: bool
) -> Deployment:
    """Delete the deployment, if it is this project's own or the caller insists."""
    from bonito_aws_bedrock import lifecycle

    return await lifecycle.delete(connection, ref, include_unowned=include_unowned)


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the deployment once by the runtime."""
    from bonito_aws_bedrock import invoke

    return await invoke.invoke(connection, deployment, request)


def _own(credentials: Credentials) -> BedrockCredentials:
    if not isinstance(credentials, BedrockCredentials):
        message = f"{type(credentials).__name__} are not the credentials of aws_bedrock"
        raise TypeError(message)
    return credentials
