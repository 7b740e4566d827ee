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
