"""The fields of an Azure OpenAI connection: an endpoint, and a key or a service principal."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from bonito_azure_arm.access import ManagementAccess, ServicePrincipal
from bonito_azure_openai.endpoint import Endpoint, parse_endpoint
from bonito_providers.credentials import (
    Capabilities,
    Capability,
    Credentials,
    FieldGroup,
)

_MANAGEMENT = ("tenant_id", "client_id", "client_secret", "subscription_id", "resource_group")
_IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,253}$"
"""What may stand in an address below the management and sign-in hosts without leading elsewhere."""


class OpenAICredentials(Credentials):
    """An endpoint with a key or a service principal; with more fields, the right to deploy."""

    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - {Capability.DEPLOY}
    field_groups: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            name="service_principal",
            title="Service principal",
            summary="An app registration that signs in instead of the key, or manages beside it.",
            fields=("tenant_id", "client_id", "client_secret"),
        ),
    )

    azure_mode: Literal["openai"] = Field(
        default="openai", title="Azure service", description="Which Azure service this is."
    )
    endpoint: str = Field(
        title="Endpoint",
        description="The resource's address: Azure portal > your resource > Keys and Endpoint.",
        examples=["https://contoso.openai.azure.com"],
        max_length=2048,
        json_schema_extra={"format": "uri"},
    )
    api_key: SecretStr | None = Field(
        default=None,
        title="API key",
        description="Key 1 or key 2: Azure portal > your resource > Keys and Endpoint. Not needed "
        "with a service principal.",
        min_length=16,
        max_length=512,
    )
    tenant_id: str | None = Field(
        default=None,
        title="Tenant ID",
        description="Directory of the service principal: an id or a domain.",
        examples=["contoso.onmicrosoft.com"],
        pattern=_IDENTIFIER,
    )
    client_id: str | None = Field(
        default=None,
        title="Client ID",
        description="Application id of the service principal.",
        examples=["11111111-2222-4333-8444-555555555555"],
        pattern=_IDENTIFIER,
    )
    client_secret: SecretStr | None = Field(
        default=None,
        title="Client secret",
        description="The secret's value, not its id.",
        min_length=8,
        max_length=512,
    )
    subscription_id: str | None = Field(
        default=None,
        title="Subscription ID",
        description="Subscription of the resource. Needed to deploy.",
        examples=["11111111-2222-4333-8444-555555555555"],
        pattern=_IDENTIFIER,
    )
    resource_group: str | None = Field(
        default=None,
        title="Resource group",
        description="Resource group of the resource. Needed to deploy.",
        examples=["production"],
        pattern=r"^[-\w.()]{0,89}[-\w()]$",
    )
    account_name: str | None = Field(
        default=None,
        title="Resource name",
        description="Only where the resource cannot be found by its endpoint.",
        examples=["contoso"],
        pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,63}$",
    )

    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        return str(parse_endpoint(text))

    @field_validator("api_key", "client_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value() if secret else ""
        if not text.isascii() or not text.isprintable() or " " in text:
            message = "must be the value alone, without spaces or line breaks"
            raise ValueError(message)
        return secret

    @model_validator(mode="after")
    def _can_authenticate(self) -> Self:
        if self.api_key is None and self.client_secret is None:
            message = "give api_key, or tenant_id, client_id and client_secret"
            raise ValueError(message)
        return self

    def capabilities(self) -> Capabilities:
        """Say what these credentials allow; deploying takes the management fields, all of them."""
        missing = tuple(name for name in _MANAGEMENT if getattr(self, name) is None)
        if not missing:
            return Capabilities(available=frozenset(Capability), missing={})
        return Capabilities(available=self.base_capabilities, missing={Capability.DEPLOY: missing})

    @property
    def address(self) -> Endpoint:
        """The endpoint, taken apart."""
        return parse_endpoint(self.endpoint)

    @property
    def principal(self) -> ServicePrincipal | None:
        """The service principal, if one is given."""
        if self.tenant_id is None or self.client_id is None or self.client_secret is None:
            return None
        return ServicePrincipal(
            tenant_id=self.tenant_id, client_id=self.client_id, client_secret=self.client_secret
        )

    @property
    def access(self) -> ManagementAccess | None:
        """The service principal with the place of the account, if all of it is given."""
        principal = self.principal
        if principal is None or self.subscription_id is None or self.resource_group is None:
            return None
        return ManagementAccess(
            **dict(principal),
            subscription_id=self.subscription_id,
            resource_group=self.resource_group,
            account_name=self.account_name,
        )
