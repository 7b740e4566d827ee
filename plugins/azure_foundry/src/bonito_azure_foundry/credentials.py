"""The two fields of a Foundry connection."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, SecretStr, field_validator

from bonito_azure_foundry.endpoint import Endpoint, parse_endpoint
from bonito_providers.credentials import Capability, Credentials


class FoundryCredentials(Credentials):
    """An API key and the address of a Foundry resource."""

    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - {Capability.DEPLOY}

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
    api_key: SecretStr = Field(
        title="API key",
        description="Key 1 or key 2: Foundry portal > your resource > Overview, or "
        "`az cognitiveservices account keys list`.",
        min_length=16,
        max_length=512,
    )

    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        return str(parse_endpoint(text))

    @field_validator("api_key")
    @classmethod
    def _sendable(cls, key: SecretStr) -> SecretStr:
        text = key.get_secret_value()
        if not text.isascii() or not text.isprintable() or " " in text:
            message = "must be the key alone, without spaces or line breaks"
            raise ValueError(message)
        return key

    @property
    def address(self) -> Endpoint:
        """The endpoint, taken apart."""
        return parse_endpoint(self.endpoint)
