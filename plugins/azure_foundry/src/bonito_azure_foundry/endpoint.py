"""What people paste as an endpoint, and what it means.

A Foundry resource answers on three hosts, and its documentation shows a dozen addresses below
them. All of them name the same resource; anything else is refused with the reason. One anchored
expression decides, so that no second reading of the text can differ from the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bonito_azure_arm.endpoints import reason_of_host, reason_of_text

SERVICES = ".services.ai.azure.com"
OPENAI = ".openai.azure.com"
COGNITIVE = ".cognitiveservices.azure.com"
HOST_SUFFIXES = (SERVICES, OPENAI, COGNITIVE)
"""The three hosts of a resource in the public cloud (microsoft/mcp EndpointValidator)."""


_RESOURCE = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])"
_PROJECT = r"[A-Za-z0-9][A-Za-z0-9_.-]{1,63}"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
_V1 = r"/openai(?:/v1(?:/(?:chat/completions|responses|embeddings|models))?)?"
_PATHS = "|".join(
    (
        r"/models(?:/(?:chat/completions|embeddings|images/embeddings|info))?",
        _V1,
        rf"/openai/deployments/{_NAME}/(?:chat/completions|completions|embeddings)",
        r"/anthropic(?:/v1(?:/messages)?)?",
        rf"/api/projects/(?P<project>{_PROJECT})(?:{_V1})?",
    )
)
_ACCEPTED = re.compile(
    rf"(?i:https)://(?P<resource>(?i:{_RESOURCE}))(?P<suffix>(?i:"
    + "|".join(re.escape(suffix) for suffix in HOST_SUFFIXES)
    + rf"))(?::443)?(?:{_PATHS})?/?(?:\?api-version=[0-9A-Za-z.-]{{1,40}})?",
    re.ASCII,
)

EXAMPLE = "https://contoso.services.ai.azure.com"


@dataclass(frozen=True)
class Endpoint:
    """A resource, and the project the address named, if it did.

    Attributes:
        resource: The resource's host label, in lower case.
        suffix: Which of the three hosts was given.
        project: The Foundry project.
    """

    resource: str
    suffix: str
    project: str | None = None

    @property
    def base(self) -> str:
        """The bare address of the given host; every surface's path goes right behind it."""
        return f"https://{self.resource}{self.suffix}"

    @property
    def services(self) -> Endpoint:
        """The same resource on the host that serves every surface."""
        return Endpoint(self.resource, SERVICES, self.project)

    @property
    def is_services(self) -> bool:
        """Whether the given host serves every surface."""
        return self.suffix == SERVICES

    def __str__(self) -> str:
        return f"{self.base}/api/projects/{self.project}" if self.project else self.base


def parse_endpoint(text: str) -> Endpoint:
    """Return what an address means.

    Args:
        text: As pasted: the bare host, or one of the addresses below it that the service's
            documentation and portal show, with or without `api-version`.

    Raises:
        ValueError: Says which part is wrong, without repeating the text.
    """
    match = _ACCEPTED.fullmatch(text)
    if match is None:
        raise ValueError(_reason(text))
    return Endpoint(
        resource=match["resource"].lower(),
        suffix=match["suffix"].lower(),
        project=match["project"],
    )


def _reason(text: str) -> str:
    """Say what is wrong with an address that was not accepted; decides nothing."""
    if reason := reason_of_text(text, example=EXAMPLE):
        return reason
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return f"is not an address; it should look like {EXAMPLE}"
    return _reason_of_parts(
        parts.scheme.lower(), parts.netloc, (parts.hostname or "").lower()
    ) or _reason_of_rest(text, parts.path, parts.query)


def _reason_of_parts(scheme: str, netloc: str, host: str) -> str:
    if scheme != "https":
        return "must begin with https://: the key would travel unencrypted"
    if "@" in netloc:
        return "must not contain a user name or password"
    if re.search(r":(?!443$)\d*$", netloc):
        return "must not name a port"
    if host.endswith(".models.ai.azure.com"):
        return (
            "is a serverless endpoint of a single model; use the endpoint of the Foundry "
            f"resource, like {EXAMPLE}"
        )
    return reason_of_host(host, suffixes=HOST_SUFFIXES, example=EXAMPLE)


def _reason_of_rest(text: str, path: str, query: str) -> str:
    if "#" in text:
        return "must not contain a # part"
    if "?" in text and not re.fullmatch(r"api-version=[0-9A-Za-z.-]{1,40}", query):
        return "may carry no other query than one api-version"
    if not re.fullmatch(rf"(?:{_PATHS})?/?", path):
        return "has a path that no Foundry address has; paste the address up to the host"
    return (
        "has no valid resource name before the host suffix: 2 to 63 letters, digits and "
        f"hyphens, without xn-- in front, as in {EXAMPLE}"
    )
