"""What is pasted as an endpoint's address, and what it means.

One rule: the address ends where the API begins.

* White space around it, slashes at its end, and the path of a call (``/chat/completions``,
  ``/models`` …) are taken off.
* At a known service it then is that service's own address; a part of the path may be missing, and
  another path is a mistake.
* Elsewhere ``/v1`` is added where no part of the path is a version (``v1``, ``v1beta``, ``v4``).

Scheme, host and versions count in small letters; all else in a path stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bonito_openai_compatible.services import BY_HOST, Service

_CALL = r"/(?:chat/completions|completions|embeddings|models|responses)"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ACCEPTED = re.compile(
    rf"(?P<scheme>(?i:https?))://(?P<host>(?i:{_LABEL}(?:\.{_LABEL})*))(?::(?P<port>[0-9]{{1,5}}))?"
    rf"(?P<path>(?:/(?!\.{{1,2}}(?:/|$))[A-Za-z0-9._~-]+)*?)(?:{_CALL})?/*",
    re.ASCII,
)
_VERSION = re.compile(r"(?i:v[0-9]+(?:(?:alpha|beta)[0-9]*)?)", re.ASCII)
_HOST = re.compile(rf"(?i:{_LABEL}(?:\.{_LABEL})*)(?::[0-9]*)?")
_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535


@dataclass(frozen=True)
class Endpoint:
    """Where an API answers.

    Attributes:
        scheme: ``https``, or ``http`` where the operator allows it.
        host: In lower case.
        port: None is the scheme's own.
        path: Below which the API is, without a slash at its end.
    """

    scheme: str
    host: str
    port: int | None
    path: str

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"

    @property
    def service(self) -> Service | None:
        """The public service that answers there, if it is a known one."""
        return BY_HOST.get(self.host)


def parse_endpoint(text: str) -> Endpoint:
    """Return what an address means.

    Raises:
        ValueError: Says which part is wrong, without repeating the text.
    """
    match = _ACCEPTED.fullmatch(text.strip())
    if match is None:
        raise ValueError(_reason(text.strip()))
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not 0 < port <= _LAST_PORT:
        raise ValueError(_NO_PORT)
    own = None if port == _PORTS[scheme] else port
    return Endpoint(scheme, host, own, _path(match["path"], BY_HOST.get(host)))


def _path(path: str, service: Service | None) -> str:
    parts = [each.lower() if _VERSION.fullmatch(each) else each for each in path.split("/")]
    if service is not None:
        if service.path.split("/")[: len(parts)] != parts:
            message = f"has a path that this service has not; it is at {service.address}"
            raise ValueError(message)
        return service.path
    return "/".join(parts if any(map(_VERSION.fullmatch, parts)) else [*parts, "v1"])


_NO_PORT = "has a port that does not exist"


def _reason(text: str) -> str:
    """Say what is wrong with an address that was not accepted; decides nothing."""
    if not re.match(r"https?://", text, re.IGNORECASE):
        return "must begin with https://, as in https://api.openai.com/v1"
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return "contains a space or a character that no address has"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "is not an address"
    wrong = (
        ("@" in parts.netloc, "must not contain a user name or password; a key has its own field"),
        ("?" in text, "must not contain a ? and what follows it"),
        ("#" in text, "must not contain a # and what follows it"),
        (not _HOST.fullmatch(parts.netloc), "must have the name of a host, as in api.openai.com"),
    )
    return next((reason for so, reason in wrong if so), "has a path that no API has")
