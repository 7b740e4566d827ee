"""What was stored or is pasted as an endpoint, and what it means.

Microsoft upgrades Azure OpenAI accounts to Foundry ones and keeps their endpoints, so all three
hosts of a resource are accepted. One anchored expression decides, so that no second reading of the
text can differ from the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bonito_azure_arm.endpoints import reason_of_host, reason_of_text

HOST_SUFFIXES = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
"""The hosts of a resource in the public cloud (microsoft/mcp EndpointValidator)."""
EXAMPLE = "https://contoso.openai.azure.com"

_RESOURCE = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
_OPERATION = r"(?:chat/completions|completions|embeddings|responses|models)"
_PATH = rf"(?:/openai(?:(?:/v1)?(?:/{_OPERATION})?|/deployments(?:/{_NAME}(?:/{_OPERATION})?)?))?/?"
_QUERY = r"api-version=[0-9A-Za-z.-]{1,40}"
_ACCEPTED = re.compile(
    rf"(?i:https)://(?P<label>(?i:{_RESOURCE}))(?P<suffix>(?i:"
    + "|".join(map(re.escape, HOST_SUFFIXES))
    + rf"))(?::443)?{_PATH}(?:\?{_QUERY})?",
    re.ASCII,
)
_FOUNDRY = re.compile(r"/(?:models|anthropic|api/projects)(?:/.*)?")


@dataclass(frozen=True)
class Endpoint:
    """A resource, by one of its hosts.

    Attributes:
        label: The host's first label, in lower case; the three hosts of a resource share it.
        suffix: Which of the hosts was given.
    """

    label: str
    suffix: str

    def __str__(self) -> str:
        return f"https://{self.label}{self.suffix}"


def parse_endpoint(text: str) -> Endpoint:
    """Return what an address means.

    Args:
        text: The bare host, or an address of Azure OpenAI below it, with or without `api-version`.

    Raises:
        ValueError: Says which part is wrong, without repeating the text.
    """
    match = _ACCEPTED.fullmatch(text)
    if match is None:
        raise ValueError(_reason(text))
    return Endpoint(label=match["label"].lower(), suffix=match["suffix"].lower())


def _reason(text: str) -> str:
    """Say what is wrong with an address that was not accepted; decides nothing."""
    if reason := reason_of_text(text, example=EXAMPLE):
        return reason
    try:
        parts = urlsplit(text)
    except ValueError:
        return f"is not an address; it should look like {EXAMPLE}"
    return _reason_of_host(parts.scheme, parts.netloc.lower()) or _reason_of_rest(
        text, parts.path, parts.query
    )


def _reason_of_host(scheme: str, netloc: str) -> str:
    if scheme != "https":
        return "must begin with https://: the credentials would travel unencrypted"
    if "@" in netloc:
        return "must not contain a user name or password"
    host = netloc.removesuffix(":443")
    if ":" in host:
        return "must not name a port"
    return reason_of_host(host, suffixes=HOST_SUFFIXES, example=EXAMPLE)


def _reason_of_rest(text: str, path: str, query: str) -> str:
    if "#" in text:
        return "must not contain a # part"
    if _FOUNDRY.fullmatch(path):
        return "is an address of Foundry; choose Azure AI Foundry, or paste it up to the host"
    if "?" in text and not re.fullmatch(_QUERY, query):
        return "may carry no other query than one api-version"
    if not re.fullmatch(_PATH, path):
        return "has a path that no Azure OpenAI address has; paste the address up to the host"
    return (
        "has no valid resource name before the host suffix: 2 to 64 letters, digits and "
        f"hyphens, without xn-- in front, as in {EXAMPLE}"
    )
