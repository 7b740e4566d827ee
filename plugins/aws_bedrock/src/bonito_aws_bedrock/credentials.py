"""What a user gives: a region, and one of three ways to authenticate there."""

from __future__ import annotations

import re
import secrets
from typing import ClassVar, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from bonito_aws_bedrock.regions import regions
from bonito_providers.credentials import Capabilities, Capability, Credentials, FieldGroup

_REGIONS = regions()
_EXTERNAL_ID = re.compile(r"bonito-[0-9a-f]{32}")
Scope = Literal["geo", "global", "on_demand"]

KEYS = FieldGroup(
    name="access_key",
    title="Access key",
    summary="An IAM user's access key, instead of a Bedrock API key.",
    fields=("access_key_id", "secret_access_key"),
    replaces=("api_key",),
)


def new_external_id() -> str:
    """Return an external id that no other connection has.

    Roles are told apart by it: with one id for all, a customer could name another's role.
    """
    return f"bonito-{secrets.token_hex(16)}"


class BedrockCredentials(Credentials):
    """A region with a Bedrock API key, an access key, or a role to assume with an access key.

    With a role an API key may be given too: LiteLLM routes by that.
    """

    field_groups: ClassVar[tuple[FieldGroup, ...]] = (KEYS,)

    region: str = Field(
        title="Region",
        description="The AWS region whose models are used. Profiles may route to its neighbours.",
        examples=["eu-west-1"],
        max_length=64,
    )
    api_key: SecretStr | None = Field(
        default=None,
        title="Bedrock API key",
        description="Bedrock console, API keys. A short-term key works in its own region only. "
        "With a role it serves the gateway's routes.",
        min_length=8,
        max_length=4096,
    )
    access_key_id: str | None = Field(
        default=None,
        title="Access key ID",
        description="IAM console, the user, Security credentials.",
        examples=["AKIAIOSFODNN7EXAMPLE"],
        pattern=r"^[A-Z0-9]{16,128}$",
    )
    secret_access_key: SecretStr | None = Field(
        default=None,
        title="Secret access key",
        description="Shown once, when the access key was made.",
        min_length=8,
        max_length=512,
    )
    session_token: SecretStr | None = Field(
        default=None,
        title="Session token",
        description="Only with temporary credentials, whose access key ID begins with ASIA.",
        min_length=8,
        max_length=16384,
    )
    role_arn: str | None = Field(
        default=None,
        title="Role to assume",
        description="The ARN of a role in the account to be used; its trust policy names the "
        "access key's user and the external ID.",
        examples=["arn:aws:iam::123456789012:role/bonito"],
        pattern=r"^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$",
        max_length=600,
    )
    # Before `external_id`, whose rule looks at the role: pydantic reads fields in their order.
    external_id: str | None = Field(
        default=None,
        validate_default=True,
        title="External ID",
        description="Made for this connection alone: leave it out to be given one, write it into "
        "the role's trust policy (sts:ExternalId), and give it here.",
        examples=["bonito-00000000000000000000000000000000"],
        max_length=64,
    )
    prefer: Scope = Field(
        default="geo",
        title="Preferred routing",
        description="geo keeps to a geography, global goes anywhere, on_demand stays in the "
        "region. The others are used where a model does not have it.",
    )
    allowed_regions: str | None = Field(
        default=None,
        title="Allowed regions",
        description="Regions to which requests may be routed, with commas. Left out: any.",
        examples=["eu-west-1, eu-central-1, eu-north-1, eu-west-3"],
        max_length=1024,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _stripped(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("region")
    @classmethod
    def _known_region(cls, region: str) -> str:
        return _require_regions(region)[0]

    @field_validator("allowed_regions")
    @classmethod
    def _known_regions(cls, text: str | None) -> str | None:
        return None if text is None else ", ".join(_require_regions(text))

    @field_validator("external_id")
    @classmethod
    def _own_external_id(cls, value: str | None, info: object) -> str | None:
        data = getattr(info, "data", {})
        if value is None and data.get("role_arn"):
            message = (
                "a role needs one. This one is new: write it into the role's trust policy and "
                f"give it here: {new_external_id()}"
            )
            raise ValueError(message)
        if value is not None and not _EXTERNAL_ID.fullmatch(value):
            message = "is not of the form bonito-<32 hexadecimal digits>; leave it out to get one"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _one_way(self) -> BedrockCredentials:
        if self.api_key and self.access_key_id and not self.role_arn:
            message = "api_key: give it or an access key, not both; a role alone takes both"
            raise ValueError(message)
        needing = ("session_token", "role_arn")
        given = [name for name in needing if getattr(self, name) is not None]
        if given and self.access_key_id is None:
            message = f"access_key_id: {given[0]} goes with an access key"
            raise ValueError(message)
        if self.external_id is not None and self.role_arn is None:
            message = "role_arn: an external_id goes with a role"
            raise ValueError(message)
        return self

    def capabilities(self) -> Capabilities:
        """Say what these credentials allow; a role does not let LiteLLM route."""
        everything = super().capabilities()
        if self.role_arn is None or self.api_key is not None:
            return everything
        return Capabilities(
            available=everything.available - {Capability.ROUTE},
            missing={Capability.ROUTE: ("api_key",)},
        )

    @property
    def signs(self) -> bool:
        """Whether requests are signed with an access key; an API key then serves routes alone."""
        return self.access_key_id is not None

    @property
    def destinations(self) -> frozenset[str] | None:
        """Regions to which requests may be routed; None is any."""
        if self.allowed_regions is None:
            return None
        return frozenset(self.allowed_regions.split(", "))


def _require_regions(text: str) -> list[str]:
    given = [part.strip().lower() for part in text.split(",")]
    unknown = [part for part in given if part not in _REGIONS]
    if unknown:
        # What is no region may be a key in the wrong field; it is not repeated.
        message = f"Bedrock is not in such a region; it is in {', '.join(_REGIONS)}"
        raise ValueError(message)
    return given
