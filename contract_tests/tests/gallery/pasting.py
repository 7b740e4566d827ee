"""Broken readings of what is given: fingerprints, forms, pasted and hostile values."""

from __future__ import annotations

import hashlib

from pydantic import Field, SecretStr, field_validator

from bonito_aviary.credentials import AviaryCredentials, normalised_endpoint
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.schema import OtherSchema

ENDPOINTS = "peers 1c: the endpoint's resolver does not know all forms"


class _OfTheAccount(AviaryCredentials):
    def fingerprint(self, key: bytes) -> str:
        return hashlib.sha256(key + self.endpoint.encode()).hexdigest()


@broken(
    "SCHEMA-11",
    incident="A replaced key was not noticed: the old connection went on being used.",
    source="peers 1c: the cache's key is the subscription id, empty in key-only mode",
)
class FingerprintWithoutTheKey(OtherSchema):
    fields = _OfTheAccount


class _Unkeyed(AviaryCredentials):
    def fingerprint(self, key: bytes) -> str:
        return hashlib.sha256(repr(sorted(self.reveal().items())).encode()).hexdigest()


@broken(
    "SCHEMA-11",
    incident="Fingerprints were plain digests, by which short secrets can be searched.",
    source="peers 1c: the encryption key is a single SHA-256",
)
class FingerprintWithoutAKey(OtherSchema):
    fields = _Unkeyed


class _StricterForm(AviaryCredentials):
    endpoint: str = Field(
        title="Endpoint",
        description="The account's address.",
        examples=["https://acme.aviary.example"],
        json_schema_extra={"pattern": r"^https://[a-z0-9-]+\.aviary\.example$"},
    )


@broken(
    "SCHEMA-12",
    incident="The page refused what the API took: two rules for one field.",
    source="peers 1c: provider list drift between form, regex and backend, known issue 19",
)
class FormStricterThanTheApi(OtherSchema):
    fields = _StricterForm


class _AsPasted(AviaryCredentials):
    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        normalised_endpoint(text)
        return text


@broken(
    "SCHEMA-13",
    incident="An address pasted with its path got the path twice, and every call 404.",
    source=ENDPOINTS,
)
class EndpointAsPasted(OtherSchema):
    fields = _AsPasted


class _AnyHost(AviaryCredentials):
    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        try:
            return normalised_endpoint(text)
        except ValueError:
            return text


@broken(
    "SCHEMA-13",
    incident="Whatever was pasted was saved as the endpoint, another's host included.",
    source=ENDPOINTS,
)
class AnyEndpointWillDo(OtherSchema):
    fields = _AnyHost


class _WithLineBreak(AviaryCredentials):
    @field_validator("api_key", "client_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        return secret


@broken(
    "SCHEMA-14",
    incident="A key copied with its line break was saved, and every call failed on the header.",
    source="peers 3: keys pasted with white space are the commonest wrong keys",
)
class KeyWithALineBreak(OtherSchema):
    fields = _WithLineBreak


class _Quoting(AviaryCredentials):
    @field_validator("account_id")
    @classmethod
    def _known(cls, text: str | None) -> str | None:
        if text is not None and not text.startswith("acc-"):
            message = f"{text!r} is no account"
            raise ValueError(message)
        return text


@broken(
    "SCHEMA-15",
    incident="The refusal quoted what was typed, and a key in the wrong field went into logs.",
    source="anchors 0.2: key leaks in messages survived a well-known suite",
)
class QuotesWhatItRefuses(OtherSchema):
    fields = _Quoting


class _Crashing(AviaryCredentials):
    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        return f"https://{text.split('//', 1)[1].partition('/')[0].lower()}"


@broken(
    "SCHEMA-15",
    incident="An address without slashes crashed the form with an IndexError.",
    source="monolith: KeyError while reading credentials, known issue 25",
)
class CrashesOnAnAddress(OtherSchema):
    fields = _Crashing
