"""Broken credential schemas."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, Field, SecretStr, field_validator, model_validator

from bonito_aviary.credentials import GROUP, AviaryCredentials
from bonito_aviary.plugin import Aviary
from bonito_providers import Credentials, FieldGroup, hookimpl
from contract_tests.tests.gallery.broken import broken

ALLOWED = "monolith: onboarding.py and _ALLOWED_FIELDS, aws_gcp row 12"
OBJECT = "monolith: schemas GCPCredentials, a string while the page sends an object, row 20"
MASKED = "peers 1c: mask_value shows the first four and last four characters"


class OtherSchema(Aviary):
    """Honest so far; its children have a schema of their own."""

    fields: ClassVar[type[AviaryCredentials]] = AviaryCredentials

    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return self.fields


class _Undescribed(AviaryCredentials):
    account_id: str | None = Field(default=None, title="Account ID", examples=["acc-1001"])


@broken(
    "SCHEMA-01",
    incident="A field came without a hint, and people pasted the wrong identifier.",
    source="peers 1c: labels without text beside 107 fields",
)
class FieldWithoutHint(OtherSchema):
    fields = _Undescribed


class _TitledTwice(AviaryCredentials):
    client_secret: SecretStr | None = Field(
        default=None, title="API key", description="The secret's value.", min_length=8
    )


@broken(
    "SCHEMA-01",
    incident="Two fields had one title, and each secret was typed into the other's.",
    source="peers 1c: labels without htmlFor",
)
class OneTitleForTwo(OtherSchema):
    fields = _TitledTwice


class _WithoutExample(AviaryCredentials):
    client_id: str | None = Field(
        default=None, title="Client ID", description="Of the client: Console > Clients."
    )


@broken(
    "SCHEMA-02",
    incident="Nobody could tell from the form whether a name or an id was wanted.",
    source="peers 2.2: what a form needs",
)
class FieldWithoutExample(OtherSchema):
    fields = _WithoutExample


class _StaleExample(AviaryCredentials):
    endpoint: str = Field(
        title="Endpoint",
        description="The account's address.",
        examples=["https://api.birds.example/v1"],
    )


@broken(
    "SCHEMA-03",
    incident="The example had the old host, which the validator refused.",
    source="peers 1c: the resolver does not know the new suffix that documents show",
)
class ExampleThatIsRefused(OtherSchema):
    fields = _StaleExample


class _Open(AviaryCredentials):
    model_config = ConfigDict(extra="ignore")


@broken(
    "SCHEMA-04",
    incident="The form's schema was open, so that generated clients sent anything.",
    source=ALLOWED,
)
class OpenForm(OtherSchema):
    fields = _Open


class _Plain(AviaryCredentials):
    client_secret: str | None = Field(  # type: ignore[assignment]  # the fault
        default=None, title="Client secret", description="The secret's value.", min_length=8
    )

    @field_validator("api_key", "client_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        return secret


@broken(
    "SCHEMA-05",
    incident="The secret was an ordinary text: shown while typed, and printed in logs.",
    source="peers 1c: plain-text credentials, known issue 17",
)
class SecretInPlainText(OtherSchema):
    fields = _Plain


class _Shown(AviaryCredentials):
    api_key: SecretStr = Field(
        title="API key",
        description="Either of the account's keys.",
        examples=["avk-acme-first-0123456789abcdef"],
        min_length=16,
    )


@broken("SCHEMA-05", incident="A real key stood in the form as the example of one.", source=MASKED)
class KeyAsAnExample(OtherSchema):
    fields = _Shown


class _Printed(AviaryCredentials):
    def __repr__(self) -> str:
        return f"AviaryCredentials(endpoint={self.endpoint!r}, api_key={self._masked()})"

    def _masked(self) -> str:
        return self.api_key.get_secret_value()


@broken("SCHEMA-05", incident="Printing credentials printed the key.", source=MASKED)
class PrintsItsKey(OtherSchema):
    fields = _Printed


class _Forgetful(AviaryCredentials):
    def reveal(self) -> dict[str, Any]:
        kept = super().reveal()
        kept.pop("account_id", None)
        return kept


@broken(
    "SCHEMA-06",
    incident="A field was validated, then dropped when saved; the record could not be read.",
    source=ALLOWED,
)
class DropsAFieldWhenStored(OtherSchema):
    fields = _Forgetful


class _Random(AviaryCredentials):
    session: str = Field(
        default_factory=lambda: uuid.uuid4().hex,
        title="Session",
        description="Tells one session from another.",
        examples=["s-1"],
    )


@broken(
    "SCHEMA-06",
    incident="Reading gave other credentials each time, and every connection was renewed.",
    source="peers 1c: sync in four workers, known issue 28",
)
class DifferentAtEachReading(OtherSchema):
    fields = _Random


@broken(
    "SCHEMA-07",
    incident="A misspelt field was swallowed, and the default was used in its stead.",
    source=ALLOWED,
)
class SwallowsUnknownFields(OtherSchema):
    fields = _Open


class _KeptWhenBlank(AviaryCredentials):
    @classmethod
    def read(cls, raw: Mapping[str, Any], *, provider: str) -> Self:
        given = {name: value if value != "" else "x" * 16 for name, value in raw.items()}
        return super().read(given, provider=provider)


@broken(
    "SCHEMA-07",
    incident="An empty secret was taken for 'unchanged' and saved as its mask.",
    source=MASKED,
)
class EmptyMeansUnchanged(OtherSchema):
    fields = _KeptWhenBlank


class _KeyLess(AviaryCredentials):
    api_key: SecretStr = Field(
        default=SecretStr(""), title="API key", description="Either of the account's keys."
    )


@broken(
    "SCHEMA-08",
    incident="A connection without a key was saved, and failed at the first call.",
    source="monolith: KeyError at every sync, known issue 25",
)
class KeyMayBeMissing(OtherSchema):
    fields = _KeyLess


class _HalfGroup(AviaryCredentials):
    field_groups: ClassVar[tuple[FieldGroup, ...]] = (
        GROUP.model_copy(update={"fields": ("client_id", "account_id")}),
    )


@broken(
    "SCHEMA-09",
    incident="A group lacked a field: half of it was saved and said to be enough.",
    source="peers 1c: key-only mode asks for a token with an empty tenant",
)
class GroupLacksASecret(OtherSchema):
    fields = _HalfGroup


class _Loose(AviaryCredentials):
    @model_validator(mode="after")
    def _groups_are_whole(self) -> Self:
        return self


@broken(
    "SCHEMA-09",
    incident="Half a group was accepted and silently did nothing.",
    source="peers 1c: an empty subscription id in the cache's key",
)
class HalfAGroupIsAccepted(OtherSchema):
    fields = _Loose


class _Stringified(AviaryCredentials):
    @field_validator("api_key", "client_id", "client_secret", "account_id", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return value if value is None or isinstance(value, str | SecretStr) else f"{value}-as-text"


@broken(
    "SCHEMA-10",
    incident="An object of JSON was turned into its Python text and saved.",
    source=OBJECT,
)
class TurnsObjectsIntoText(OtherSchema):
    fields = _Stringified
