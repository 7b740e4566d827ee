"""The hooks: what `bonito_providers.hookspecs` asks for, each in a line.

Every host imports this module when it starts, so nothing here loads a client or an SDK.
"""

from __future__ import annotations

from typing import cast

from bonito_openai_compatible.credentials import OpenAICompatibleCredentials
from bonito_openai_compatible.services import SERVICES
from bonito_providers.hookspecs import hookimpl
from bonito_providers.info import ProviderInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bonito_providers.catalog import Listing, Model
    from bonito_providers.connection import Connection
    from bonito_providers.credentials import Credentials
    from bonito_providers.deployment import Deployment
    from bonito_providers.gateway import GatewayEntry
    from bonito_providers.invocation import Invocation, InvocationRequest
    from bonito_providers.report import CredentialReport

INFO = ProviderInfo(
    name="openai_compatible",
    cloud="openai_compatible",
    title="OpenAI-compatible endpoint",
    summary="Any endpoint that speaks the OpenAI API: OpenAI, Groq, OpenRouter, DeepSeek, or what "
    "you run yourself with vLLM, Ollama or a LiteLLM Proxy.",
    host_suffixes=tuple(service.host for service in SERVICES),
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
    links={
        "OpenAI's keys": "https://platform.openai.com/api-keys",
        "Groq's keys": "https://console.groq.com/keys",
        "OpenRouter's keys": "https://openrouter.ai/keys",
        "DeepSeek's keys": "https://platform.deepseek.com/api_keys",
    },
)


@hookimpl
def provider_info() -> ProviderInfo:
    """Return the name card."""
    return INFO


@hookimpl
def credential_schema() -> type[OpenAICompatibleCredentials]:
    """Return the address and the key."""
    return OpenAICompatibleCredentials


@hookimpl
def build_gateway_entry(credentials: Credentials, deployment: Deployment) -> GatewayEntry:
    """Route by `openai/`."""
    from bonito_openai_compatible import gateway

    return gateway.entry(cast("OpenAICompatibleCredentials", credentials), deployment)


@hookimpl
async def check_credentials(connection: Connection) -> CredentialReport:
    """Reach, and authenticate."""
    from bonito_openai_compatible import check

    return await check.report(connection)


@hookimpl
async def list_models(connection: Connection) -> Listing[Model]:
    """List what the endpoint lists."""
    from bonito_openai_compatible import models

    return await models.listing(connection)


@hookimpl
async def list_deployments(connection: Connection) -> Listing[Deployment]:
    """List the same: whatever is listed can be called."""
    from bonito_openai_compatible import deployments

    return await deployments.listing(connection)


@hookimpl
async def invoke_model(
    connection: Connection, deployment: Deployment, request: InvocationRequest
) -> Invocation:
    """Call a model once."""
    from bonito_openai_compatible import invoke

    return await invoke.invoke(connection, deployment, request)
