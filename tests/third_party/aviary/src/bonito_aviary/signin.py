"""Tokens for the management host: fetched once, renewed before they expire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from pydantic import SecretStr

from bonito_aviary import errors
from bonito_aviary.credentials import LOGIN, MANAGE
from bonito_aviary.rows import TokenRow, require_row
from bonito_providers.answers import json_object

if TYPE_CHECKING:
    from bonito_aviary.credentials import AviaryCredentials
    from bonito_providers.connection import Connection

RENEWED_BEFORE = 60.0
"""Seconds before its end at which a token is replaced."""


class SignIn:
    """A connection's token. `Connection.once` keeps this, since it keeps for ever."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._token: SecretStr | None = None
        self._renew_at = 0.0

    async def token(self, connection: Connection) -> SecretStr:
        """Return a token that is still good; callers at the same time share one call.

        Raises:
            ProviderError: The client is refused, or the token host cannot be reached.
        """
        async with self._lock:
            if self._token is None or connection.clock.monotonic() >= self._renew_at:
                asked_at = connection.clock.monotonic()
                row = await _fetch(connection)
                self._token = SecretStr(row.access_token)
                self._renew_at = asked_at + max(row.expires_in - RENEWED_BEFORE, 0)
                connection.redact.add(self._token)
            return self._token


async def _fetch(connection: Connection) -> TokenRow:
    credentials = cast("AviaryCredentials", connection.credentials)
    secret = credentials.client_secret
    response = await connection.http.post(
        f"https://{LOGIN}/token",
        data={
            "grant_type": "client_credentials",
            "client_id": credentials.client_id or "",
            "client_secret": secret.get_secret_value() if secret is not None else "",
            "audience": f"https://{MANAGE}",
        },
        # Asking twice gives two tokens and changes nothing.
        extensions={"idempotent": True},
    )
    if not response.is_success:
        raise errors.refusal(response, now=connection.clock.now())
    return require_row(TokenRow, json_object(response), response)
