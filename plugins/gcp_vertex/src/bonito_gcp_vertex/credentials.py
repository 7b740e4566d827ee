"""The fields of a Vertex AI connection: a key file, and where to call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, SecretStr, field_validator

from bonito_gcp_vertex import key_file, locations
from bonito_gcp_vertex.key_file import ServiceAccountKey
from bonito_providers.credentials import Capability, Credentials


def _key_file(given: object) -> str:
    return key_file.normalised(given)


class VertexCredentials(Credentials):
    """A service account's key file; project and location have defaults."""

    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)

    service_account_json: Annotated[SecretStr, BeforeValidator(_key_file)] = Field(
        title="Service account key",
        description="The JSON key file, whole, as text or as an object: Google Cloud console > "
        "IAM & Admin > Service accounts > Keys. The account needs the role Vertex AI User.",
        json_schema_extra={"contentMediaType": "application/json"},
    )
    project_id: str | None = Field(
        default=None,
        title="Project ID",
        description="Where models are called and billed, if not in the key file's own project: "
        "Google Cloud console > project picker.",
        examples=["acme-prod-123"],
    )
    location: str = Field(
        default=locations.GLOBAL,
        title="Location",
        description="Where models answer: `global`, `us`, `eu` or a region. Some models are "
        "served in `global` alone; a region keeps data there.",
        examples=["global", "europe-west4"],
    )
    endpoint_region: str | None = Field(
        default=None,
        title="Region for endpoints",
        description="Where models of your own stand, which are billed by the hour. Left out, it "
        "is the location, if that is a region.",
        examples=["us-central1"],
    )

    @field_validator("project_id")
    @classmethod
    def _is_a_project(cls, text: str | None) -> str | None:
        problem = key_file.project_problem(text) if text is not None else ""
        if problem:
            raise ValueError(problem)
        return text

    @field_validator("location")
    @classmethod
    def _is_a_location(cls, text: str) -> str:
        if not locations.is_location(text):
            message = "must be global, us, eu or a region like europe-west4"
            raise ValueError(message)
        return text

    @field_validator("endpoint_region")
    @classmethod
    def _is_a_region(cls, text: str | None) -> str | None:
        if text is not None and not locations.is_region(text):
            message = "must be a region like us-central1; endpoints do not stand in global"
            raise ValueError(message)
        return text

    @property
    def key(self) -> ServiceAccountKey:
        """The key file, read."""
        return key_file.read(self.service_account_json.get_secret_value())

    @property
    def project(self) -> str:
        """The project that is called: the one given, else the key file's."""
        return self.project_id or self.key.project_id

    @property
    def region(self) -> str | None:
        """Where endpoints stand; None where no region is known."""
        if self.endpoint_region is not None:
            return self.endpoint_region
        return self.location if locations.is_region(self.location) else None

    def secrets(self) -> Iterator[SecretStr]:
        """Yield the key file, and the private key, which may be quoted without it."""
        yield from super().secrets()
        yield self.key.private_key
