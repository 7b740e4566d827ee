"""The fields of a connection, and what a pasted endpoint means."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, field_validator

from bonito_providers.credentials import Capability, Credentials, FieldGroup

SUFFIX = ".aviary.example"
MANAGE, LOGIN = f"manage{SUFFIX}", f"login{SUFFIX}"
_EXAMPLE = f"https://acme{SUFFIX}"
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PATHS = ("", "/v1", "/v1/models", "/v1/deployments", "/v1/chat/completions", "/v1/embeddings")
_LONGEST = 2048

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{1,99}$")]

GROUP = FieldGroup(
    name="management",
    title="Management",
    summary="A client of the account, so that models can be deployed and not only called.",
    fields=("client_id", "client_secret", "account_id"),
    enables=frozenset({Capability.DEPLOY}),
)


class AviaryCredentials(Credentials):
    """A key and the address of an account; a client of it to deploy with."""

    base_capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability) - {Capability.DEPLOY}
    field_groups: ClassVar[tuple[FieldGroup, ...]] = (GROUP,)

    endpoint: str = Field(
        title="Endpoint",
        description="The account's address, in any form the console shows: Console > Account.",
        examples=[_EXAMPLE],
        max_length=_LONGEST,
        json_schema_extra={"format": "uri"},
    )
    api_key: SecretStr = Field(
        title="API key",
        description="Either of the account's keys: Console > Account > Keys.",
        min_length=16,
        max_length=512,
    )
    client_id: Identifier | None = Field(
        default=None,
        title="Client ID",
        description="Of the client that manages the account: Console > Clients.",
        examples=["client-acme"],
    )
    client_secret: SecretStr | None = Field(
        default=None,
        title="Client secret",
        description="The secret's value, shown once when it is made.",
        min_length=8,
        max_length=512,
    )
    account_id: Identifier | None = Field(
        default=None,
        title="Account ID",
        description="Of the account behind the endpoint: Console > Account.",
        examples=["acc-1001"],
    )

    @field_validator("endpoint")
    @classmethod
    def _normalised(cls, text: str) -> str:
        return normalised_endpoint(text)

    @field_validator("api_key", "client_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value() if secret is not None else ""
        if not text.isascii() or not text.isprintable() or " " in text:
            message = "must be the value alone, without spaces or line breaks"
            raise ValueError(message)
        return secret

    @property
    def host(self) -> str:
        """The account's own host."""
        return self.endpoint.removeprefix("https://")

    @property
    def account(self) -> str:
        """The account's name: the first label of its host."""
        return self.host.removesuffix(SUFFIX)

    @property
    def manages(self) -> bool:
        """Whether these credentials can manage the account."""
        return self.client_id is not None


def normalised_endpoint(text: str) -> str:
    """Return the address of an account, ``https://`` and its host.

    Args:
        text: As pasted: in any case, with a trailing slash or one of the documented paths.

    Raises:
        ValueError: Says which part is wrong, without repeating the text.
    """
    problem = _problem(text)
    if problem:
        raise ValueError(problem)
    return f"https://{urlsplit(text).netloc.lower()}"


def _problem(text: str) -> str:  # noqa: PLR0911 - one sentence for each thing people get wrong
    if re.search(r"[\s\\]", text) or not text.isascii() or not text.isprintable():
        return "contains a space or a character that no endpoint has; paste the address alone"
    if not text.lower().startswith("https://"):
        return f"must begin with https://, like {_EXAMPLE}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return f"is not an address; it should look like {_EXAMPLE}"
    host = parts.netloc.lower()
    if "@" in host:
        return "must not contain a user name or password"
    if ":" in host:
        return "must not name a port"
    if host in (MANAGE, LOGIN):
        return f"is a host that all accounts share; paste the account's own, like {_EXAMPLE}"
    if not host.endswith(SUFFIX) or not _LABEL.fullmatch(host.removesuffix(SUFFIX)):
        return f"must be the host of an account, like {_EXAMPLE}"
    if "?" in text or "#" in text:
        return "must end with the host or the path; take off what follows ? or #"
    if parts.path.rstrip("/") not in _PATHS:
        return "has a path that no account has; paste the address up to the host"
    return ""
