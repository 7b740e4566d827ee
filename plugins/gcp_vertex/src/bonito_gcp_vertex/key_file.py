"""The key file of a service account: what of it is taken, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from bonito_providers.values import Value

TOKEN_URIS = ("https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token")
"""Where a signed assertion may be sent. google-auth and LiteLLM send it wherever the file says."""
UNIVERSE = "googleapis.com"
_NEEDED = ("client_email", "private_key", "private_key_id", "project_id", "token_uri")
_KEPT = (
    "type",
    *_NEEDED,
    "client_id",
    "auth_uri",
    "auth_provider_x509_cert_url",
    "client_x509_cert_url",
    "universe_domain",
)
_EMAIL = re.compile(r"[a-z0-9.:@-]{3,200}\.gserviceaccount\.com")
_PROJECT = re.compile(r"([a-z0-9.-]{1,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{4,100}")
_PEM = re.compile(
    r"-----BEGIN (?:RSA )?PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END (?:RSA )?PRIVATE KEY-----\s*"
)


class ServiceAccountKey(Value):
    """What of a key file is read."""

    client_email: str
    private_key: SecretStr
    private_key_id: str
    project_id: str
    token_uri: str


def normalised(given: object) -> str:
    """Return the text of a key file, as JSON on one line.

    Args:
        given: The file's text, or the object in it. Line breaks of the key may have been lost on
            the way, as a shell or a form does.

    Raises:
        ValueError: Says what is wrong, without repeating anything of it.
    """
    document = _document(given)
    if document.get("type") != "service_account":
        # Other kinds read files, call programs or other addresses on the machine they are used on.
        message = "must be the key of a service account: its `type` has to be service_account"
        raise ValueError(message)
    missing = [name for name in _NEEDED if not isinstance(document.get(name), str)]
    if missing:
        raise ValueError(f"lacks {', '.join(missing)}; paste the whole file")
    key = str(document["private_key"])
    repaired = key.replace("\\n", "\n").replace("\r\n", "\n")
    kept = {name: document[name] for name in document if name in _KEPT}
    kept["private_key"] = repaired
    problem = _problem(kept)
    if problem:
        raise ValueError(problem)
    return json.dumps(kept)


def read(text: str) -> ServiceAccountKey:
    """Return what a normalised key file says."""
    return ServiceAccountKey.model_validate(json.loads(text))


def project_problem(text: str) -> str:
    """Return why a text is no project id; nothing where it is one."""
    return "" if _PROJECT.fullmatch(text) else "is not a project's ID, like acme-prod-123"


def _document(given: object) -> Mapping[str, Any]:
    if isinstance(given, SecretStr):
        given = given.get_secret_value()
    if isinstance(given, str):
        try:
            # Not strict: line breaks within the key may have become real ones.
            given = json.loads(given, strict=False)
        except (ValueError, RecursionError):
            given = None
    if not isinstance(given, Mapping):
        message = "must be the JSON of a service account's key file"
        raise ValueError(message)  # noqa: TRY004 - pydantic turns ValueError into a problem
    return given


def _problem(document: Mapping[str, Any]) -> str:
    if document["token_uri"] not in TOKEN_URIS:
        return f"names a token_uri that is not Google's; it has to be {TOKEN_URIS[0]}"
    if document.get("universe_domain", UNIVERSE) != UNIVERSE:
        return f"belongs to another universe than {UNIVERSE}, which is not supported"
    if not _EMAIL.fullmatch(str(document["client_email"])):
        return "has a client_email that is no service account's"
    if not _KEY_ID.fullmatch(str(document["private_key_id"])):
        return "has a private_key_id that is none"
    if not _PEM.fullmatch(str(document["private_key"])):
        return "has a private_key that is no PEM block; paste the file as it was downloaded"
    problem = project_problem(str(document["project_id"]))
    return f"has a project_id that {problem}" if problem else ""
