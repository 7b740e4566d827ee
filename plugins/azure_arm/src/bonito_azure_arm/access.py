"""Who manages what: a service principal, and the account it manages."""

from __future__ import annotations

from pydantic import SecretStr

from bonito_providers.credentials import Capability, FieldGroup
from bonito_providers.values import StrictValue

ARM_HOST = "management.azure.com"
LOGIN_HOST = "login.microsoftonline.com"
HOSTS = (ARM_HOST, LOGIN_HOST)
"""The public cloud's management and sign-in hosts; nothing else is ever asked."""

ARM_SCOPE = "https://management.azure.com/.default"
COGNITIVE_SCOPE = "https://cognitiveservices.azure.com/.default"
FOUNDRY_SCOPE = "https://ai.azure.com/.default"
INFERENCE_SCOPE = "https://ml.azure.com/.default"
"""Audiences: one for management, one for each data plane. A token for one never goes to another."""

GROUP = FieldGroup(
    name="management",
    title="Deployment permissions",
    summary="A service principal with the role Cognitive Services Contributor on the resource. "
    "Needed to see SKUs and quota, and to deploy models.",
    fields=("tenant_id", "client_id", "client_secret", "subscription_id", "resource_group"),
    enables=frozenset({Capability.DEPLOY}),
)
"""The fields that make a connection able to deploy; all of them or none."""


class ServicePrincipal(StrictValue):
    """An application that signs in with a secret.

    Attributes:
        tenant_id: Directory id or domain.
        client_id: Application id.
        client_secret: The secret's value, not its id.
    """

    tenant_id: str
    client_id: str
    client_secret: SecretStr


class ManagementAccess(ServicePrincipal):
    """A service principal, and where the account it manages is.

    Attributes:
        subscription_id: Subscription of the account.
        resource_group: Resource group of the account.
        account_name: The account; found by its endpoint where it is not given.
    """

    subscription_id: str
    resource_group: str
    account_name: str | None = None

    @property
    def group_path(self) -> str:
        """The resource group's path below the management host."""
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"


ENVIRONMENT = (
    "ANTHROPIC_API_BASE",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "AZURE_AD_TOKEN",
    "AZURE_AI_API_BASE",
    "AZURE_AI_API_KEY",
    "AZURE_API_BASE",
    "AZURE_API_KEY",
    "AZURE_API_TYPE",
    "AZURE_API_VERSION",
    "AZURE_AUTHORITY_HOST",
    "AZURE_CERTIFICATE_PASSWORD",
    "AZURE_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CREDENTIAL",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_IDENTITY_DISABLE_MULTITENANTAUTH",
    "AZURE_OPENAI_AD_TOKEN",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_PASSWORD",
    "AZURE_REGIONAL_AUTHORITY_NAME",
    "AZURE_SCOPE",
    "AZURE_SDK_CLOUD_CONF",
    "AZURE_TENANT_ID",
    "AZURE_TOKEN_CREDENTIALS",
    "AZURE_USERNAME",
    "MSAL_FORCE_REGION",
    "OPENAI_ADMIN_KEY",
    "OPENAI_API_BASE",
    "OPENAI_API_KEY",
    "OPENAI_API_VERSION",
    "OPENAI_BASE_URL",
    "OPENAI_CUSTOM_HEADERS",
    "OPENAI_ORGANIZATION",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT",
    "OPENAI_PROJECT_ID",
    "OPENAI_WEBHOOK_SECRET",
)
"""What azure-identity, msal, the openai SDK and LiteLLM's azure, azure_ai, openai and anthropic
routes would read from the environment; a host removes it, so that it never fills in."""
