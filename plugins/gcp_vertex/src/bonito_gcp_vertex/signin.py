"""Access tokens: signed for in a thread, fetched once, renewed before they expire."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bonito_gcp_vertex import errors
from bonito_gcp_vertex.key_file import TOKEN_URIS
from bonito_gcp_vertex.rows import TokenRow, require_row
from bonito_providers.answers import json_object
from bonito_providers.errors import CredentialsRejected

if TYPE_CHECKING:
    from bonito_gcp_vertex.credentials import VertexCredentials
    from bonito_providers.connection import Connection

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
LIFETIME = 3600
"""Seconds that an assertion may live at most."""
RENEWED_BEFORE = 120.0
"""Seconds before its end at which a token is replaced."""


class SignIn:
    """A connection's token. `Connection.once` keeps this, since it keeps for ever."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._token: SecretStr | None = None
        self._renew_at = 0.0

    async def token(self, connection: Connection, credentials: VertexCredentials) -> SecretStr:
        """Return a token that is still good; callers at the same time share one call.

        Raises:
            CredentialsRejected: The key is unreadable, wrong or revoked.
            ProviderError: The token endpoint cannot be reached, or fails.
        """
        async with self._lock:
            if self._token is None or connection.clock.monotonic() >= self._renew_at:
                asked_at = connection.clock.monotonic()
                row = await _fetch(connection, credentials)
                self._token = SecretStr(row.access_token)
                self._renew_at = asked_at + max(row.expires_in - RENEWED_BEFORE, 0)
            return self._token

    def forget(self, token: SecretStr) -> None:
        """Use a token no more that the service has refused."""
        if self._token == token:
            self._token = None


async def _fetch(connection: Connection, credentials: VertexCredentials) -> TokenRow:
    document = credentials.service_account_json
    # Importing google-auth and signing take tens of milliseconds each.
    assertion = await asyncio.to_thread(_signed, document)
    connection.redact.add(SecretStr(assertion))
    response = await connection.http.post(
        credentials.key.token_uri,
        data={
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion,
        },
        # Asking twice gives two tokens and changes nothing.
        extensions={"idempotent": True},
    )
    if not response.is_success:
        raise errors.token_refusal(response, now=connection.clock.now())
    row = require_row(TokenRow, json_object(response), response)
    connection.redact.add(SecretStr(row.access_token))
    return row


def _signed(document: SecretStr) -> str:
    """Return a signed assertion, which the token endpoint takes instead of a password."""
    from google.auth import crypt, jwt

    key = json.loads(document.get_secret_value())
    try:
        signer = crypt.RSASigner.from_service_account_info(key)  # type: ignore[no-untyped-call]  # google-auth has no types there
    except ValueError:
        signer = None
    if signer is None:
        raise CredentialsRejected(
            "The private key in the key file cannot be read.",
            hint="Download a new key file from the console and paste it whole.",
        )
    # The service judges it by its own clock, whatever this connection's clock says.
    now = int(time.time())
    payload = {
        "iss": key["client_email"],
        "scope": SCOPE,
        # Google's own clients name this audience whatever the file's token_uri is.
        "aud": TOKEN_URIS[0],
        "iat": now,
        "exp": now + LIFETIME,
    }
    encoded: bytes = jwt.encode(signer, payload)  # type: ignore[no-untyped-call]  # google-auth has no types there
    return encoded.decode("ascii")
