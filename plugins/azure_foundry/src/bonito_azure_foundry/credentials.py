"""The two fields of a Foundry connection, and the optional group that lets it deploy."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator

from bonito_azure_arm.access import GROUP, ManagementAccess, ServicePrincipal
from bonito_azure_foundry.endpoint import Endpoint, parse_endpoint
from bonito_providers.credentials import Capability, Credentials, FieldGroup

# What Azure's own clients check (azure-mgmt-cognitiveservices 14.1).
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{1,253}$")]
ResourceGroup = Annotated[str, StringConstraints(pattern=r"^[\w().-]{1,90}$")]
AccountName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}$")]


class FoundryCredentials(Credentials):
    """An API key and the address of a Foundry resource; a service principal to deploy with."""

    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - {Capability.DEPLOY}
    field_groups: ClassVar[tuple[FieldGroup, ...]] = (
        GROUP.model_copy(update={"replaces": ("api_key",)}),
    )

    azure_mode: Literal["foundry"] = Field(
        default="foundry", title="Azure service", description="Which Azure service this is."
    )
    endpoint: str = Field(
        title="Endpoint",
        description="The resource's address, in any form the portal shows: Foundry portal > your "
        "resource > Overview.",
        examples=["https://contoso.services.ai.azure.com"],
        max_length=2048,
        json_schema_extra={"format": "uri"},
    )
    api_key: SecretStr | None = Field(
        default=None,
        title="API key",
        description="Key 1 or key 2: Foundry portal > your resource > Overview, or "
        "`az cognitiveservices account keys list`. Where keys are disabled, leave it out and give "
        "a service principal with the role Cognitive Services User.",
        min_length=16,
        max_length=512,
    )
    tenant_id: Identifier | None = Field(
        default=None,
        title="Tenant ID",
        description="Directory of the service principal: Entra admin center > Overview, or "
        "`az account show --query tenantId`.",
        examples=["11111111-2222-3333-4444-555555555555"],
    )
    client_id: Identifier | None = Field(
        default=None,
        title="Client ID",
        description="Application ID of the service principal, from `az ad sp create-for-rbac`.",
        examples=["66666666-7777-8888-9999-000000000000"],
    )
    client_secret: SecretStr | None = Field(
        default=None,
        title="Client secret",
        description="The secret's value, not its ID.",
        min_length=8,
        max_length=512,
    )
    subscription_id: Identifier | None = Field(
        default=None,
        title="Subscription ID",
        description="Of the Foundry resource: `az account show --query id`.",
        examples=["00000000-1111-2222-3333-444444444444"],
    )
    resource_group: ResourceGroup | None = Field(
        default=None,
        title="Resource group",
        description="Of the Foundry resource: shown on its page in the Azure portal.",
        examples=["ai-production"],
    )
    account_name: AccountName | None = Field(
        default=None,
        title="Account name",
        description="The Foundry resource's name in Azure. May be left out: it is found by the "
        "endpoint.",
        examples=["contoso"],
    )

    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        return str(parse_endpoint(text))

    @field_validator("api_key", "client_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value() if secret is not None else ""
        if not text.isascii() or not text.isprintable() or " " in text:
            message = "must be the value alone, without spaces or line breaks"
            raise ValueError(message)
        return secret

    @model_validator(mode="after")
    def _account_belongs_to_the_group(self) -> Self:
        if self.account_name is not None and self.tenant_id is None:
            message = f"account_name means something only with {GROUP.title.lower()}"
            raise ValueError(message)
        return self

    @property
    def management(self) -> ManagementAccess | None:
        """The service principal and its account, if they are given."""
        if self.tenant_id is None:
            return None
        return ManagementAccess.model_validate(
            {name: getattr(self, name) for name in (*GROUP.fields, "account_name")}
        )

    @property
    def principal(self) -> ServicePrincipal:
        """The service principal; there is one wherever there is no key."""
        fields = ("tenant_id", "client_id", "client_secret")
        return ServicePrincipal.model_validate({name: getattr(self, name) for name in fields})

    @property
    def address(self) -> Endpoint:
        """The endpoint, taken apart."""
        return parse_endpoint(self.endpoint)
