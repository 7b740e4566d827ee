"""What a user has to give: where the API is, and the key where it asks for one."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bonito_openai_compatible.endpoint import Endpoint, parse_endpoint
from bonito_providers.credentials import Capability, Credentials, FieldGroup

_STAND_INS = frozenset(
    {"anything", "lm-studio", "no-key-required", "not-needed", "password", "placeholder"}
    | {"sk-no-key-required", "your-api-key"}
)
"""What documentation of servers writes where a client insists on a key. Hiding such a word would
hide it in every answer."""


class OpenAICompatibleCredentials(Credentials):
    """An address and a key.

    An organisation or a project is not asked for: keys belong to one, and LiteLLM would name the
    organisation with chats and not with embeddings (measured on litellm 1.105.3).
    """

    # What is listed can be called; nothing is deployed, so there is nothing to adopt.
    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - {
        Capability.ADOPT,
        Capability.DEPLOY,
    }

    # Drawn apart, since some leave it empty; still open, since most do not.
    field_groups: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            name="key",
            title="Key",
            summary="Needed by OpenAI, Groq, OpenRouter and DeepSeek.",
            fields=("api_key",),
        ),
    )

    base_url: str = Field(
        title="Base URL",
        description="Where the API is, with or without /v1. Hosts other than those of known "
        "services are the operator's to allow.",
        examples=["https://api.openai.com/v1"],
        max_length=2048,
        json_schema_extra={"format": "uri"},
    )
    api_key: SecretStr | None = Field(
        default=None,
        title="API key",
        description="A key of the account. Leave it empty where an endpoint of your own asks for "
        "none, or takes any.",
        # Secrets are hidden wherever they turn up; a short one is a part of names and of answers.
        min_length=8,
        max_length=1024,
        validate_default=True,
    )

    @field_validator("base_url")
    @classmethod
    def _normalised(cls, text: str) -> str:
        return str(parse_endpoint(text))

    @field_validator("api_key")
    @classmethod
    def _sendable(cls, secret: SecretStr | None, given: ValidationInfo) -> SecretStr | None:
        address = given.data.get("base_url")
        if secret is None and address and parse_endpoint(address).service is not None:
            message = "is required by this service"
            raise ValueError(message)
        text = secret.get_secret_value() if secret else ""
        if not text.isascii() or not text.isprintable() or " " in text:
            message = "must be the key alone, without spaces or line breaks"
            raise ValueError(message)
        if text.lower() in _STAND_INS:
            message = "is a word that stands for no key: leave it out where any key is taken"
            raise ValueError(message)
        return secret

    @property
    def endpoint(self) -> Endpoint:
        """The address, taken apart."""
        return parse_endpoint(self.base_url)
