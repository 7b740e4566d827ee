"""The hooks: what `bonito_providers.hookspecs` asks for, each in a line or two."""

from __future__ import annotations

from bonito_gcp_vertex.credentials import VertexCredentials
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
    name="gcp_vertex",
    cloud="gcp",
    title="Google Vertex AI",
    summary="Gemini, Claude, Mistral, Llama and other models of Model Garden in a Google Cloud "
    "project. Needs a service account's key file. Also called Agent Platform.",
    # Every region has a host of its own directly below: us-central1-aiplatform.googleapis.com.
    host_suffixes=(".googleapis.com",),
    environment=(
        "CLOUDSDK_CONFIG",
        "CLOUDSDK_CONTEXT_AWARE_CERTIFICATE_CONFIG_FILE_PATH",
        "CLOUDSDK_CONTEXT_AWARE_USE_CLIENT_CERTIFICATE",
        "CLOUDSDK_CORE_PROJECT",
        "GCE_METADATA_HOST",
        "GCE_METADATA_IP",
        "GCE_METADATA_MTLS_MODE",
        "GCE_METADATA_ROOT",
        "GCLOUD_PROJECT",
        "GEMINI_API_BASE",
        "GEMINI_API_KEY",
        "GOOGLE_API_CERTIFICATE_CONFIG",
        "GOOGLE_API_ENABLE_RUNTIME_BOUND_TOKEN",
        "GOOGLE_API_KEY",
        "GOOGLE_API_PREVENT_AGENT_TOKEN_SHARING_FOR_GCP_SERVICES",
        "GOOGLE_API_USE_CLIENT_CERTIFICATE",
        "GOOGLE_API_USE_MTLS_ENDPOINT",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_AUTH_TRUST_BOUNDARY_ENABLED",
        "GOOGLE_CLOUD_LOCATION",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_QUOTA_PROJECT",
        "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
        "VERTEXAI_API_BASE",
        "VERTEXAI_CREDENTIALS",
        "VERTEXAI_LOCATION",
        "VERTEXAI_PROJECT",
        "VERTEX_API_BASE",
        "VERTEX_CREDENTIALS",
        "VERTEX_LOCATION",
        "VERTEX_PROJECT",
    ),
    gateway_parameters=("vertex_credentials", "vertex_location", "vertex_project"),
    links={
        "Service accounts": "https://console.cloud.google.com/iam-admin/serviceaccounts",
        "Model Garden": "https://console.cloud.google.com/vertex-ai/model-garden",
    },
)


@hookimpl
def provider_info() -> ProviderInfo:
    """Return the name card."""
    return INFO


@hookimpl
def credential_schema() -> type[VertexCredentials]:
    """Return the key file, and where to call."""
    return VertexCredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    """Choose the LiteLLM route by the publisher's form."""
    from bonito_gcp_vertex import gateway

    return gateway.entry(_own(credentials), deployment)


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    """Reach, authenticate, see whether the API is enabled and models may be called."""
    from bonito_gcp_vertex import check

    return await check.report(connection)


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    """List Model Garden's models of all publishers."""
    from bonito_gcp_vertex import models

    return await models.listing(connection)


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """List what needs nothing but a call, and the project's own endpoints."""
    from bonito_gcp_vertex import deployments

    return await deployments.listing(connection)


@hookimpl
async def plan_deployment(connection: Connection, request: DeploymentRequest) -> DeploymentPlan:
    """Plan a served model, an endpoint, or the adoption of one that stands already."""
    from bonito_gcp_vertex import adoption, management

    if request.adopt:
        return await adoption.plan(connection, request)
    return await management.plan(connection, request)


@hookimpl
async def deploy(connection: Connection, plan: DeploymentPlan) -> Deployment:
    """Deploy what the plan says, or adopt what it names."""
    from bonito_gcp_vertex import adoption, management

    if plan.request.adopt:
        return await adoption.adopt(connection, plan)
    return await management.deploy(connection, plan)


@hookimpl
async def get_deployment(connection: Connection, ref: DeploymentRef) -> Deployment:
    """Look the deployment up, in the catalogue or among the endpoints."""
    from bonito_gcp_vertex import deployments

    return await deployments.get(connection, ref)


@hookimpl
async def delete_deployment(
    connection: Connection, ref: DeploymentRef, include_unowned: bool
) -> Deployment:
    """Delete an endpoint and its model, if they are this project's own or the caller insists."""
    from bonito_gcp_vertex import removal

    return await removal.delete(connection, ref, include_unowned=include_unowned)


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call the model once, in its publisher's form."""
    from bonito_gcp_vertex import invoke

    return await invoke.invoke(connection, deployment, request)


def _own(credentials: Credentials) -> VertexCredentials:
    if not isinstance(credentials, VertexCredentials):
        message = f"{type(credentials).__name__} are not the credentials of gcp_vertex"
        raise TypeError(message)
    return credentials
