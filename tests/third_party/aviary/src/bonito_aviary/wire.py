"""The calls: the one module that knows hosts, paths, headers and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit

from bonito_aviary import errors
from bonito_aviary.credentials import GROUP, MANAGE, AviaryCredentials
from bonito_aviary.rows import AccountRow, require_row
from bonito_providers.answers import json_list, json_object
from bonito_providers.errors import CapabilityUnavailable, HostRefused, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from bonito_aviary.signin import SignIn
    from bonito_providers.connection import Connection
    from bonito_providers.errors import ProviderError

API_VERSION = "2026-01-01"
PAGES = 200
"""A listing goes no further; the largest account seen has a dozen pages."""


@dataclass(frozen=True)
class Rows:
    """The rows of all pages of a listing; a note says why some are missing."""

    items: tuple[Any, ...]
    note: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """The note, if there is one."""
        return (self.note,) if self.note else ()


class Wire:
    """Aviary's HTTP."""

    def headers(self, connection: Connection) -> Mapping[str, str]:
        """Return what authenticates a call to the account."""
        return {"x-aviary-key": own(connection).api_key.get_secret_value()}

    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        """Return what authenticates a call to management."""

        async def make() -> SignIn:
            from bonito_aviary.signin import SignIn

            return SignIn()

        sign_in: SignIn = await connection.once("aviary.sign_in", make)
        token = await sign_in.token(connection)
        return {"authorization": f"Bearer {token.get_secret_value()}"}

    async def call(
        self,
        connection: Connection,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Send one call to the account and return its answer if it is a success.

        Raises:
            ProviderError: As `refusal`, and as the network does.
        """
        response = await connection.http.request(
            method,
            f"{own(connection).endpoint}{path}",
            json=body,
            headers=self.headers(connection),
        )
        return self.accepted(connection, response)

    async def manage(
        self,
        connection: Connection,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Send one call to management and return its answer if it is a success.

        Args:
            connection: Whose.
            method: GET, PUT or DELETE.
            url: A whole address, also one that management has given.
            body: Sent as JSON.

        Raises:
            HostRefused: The address is not management's; the token was not sent there.
            ProviderError: As `refusal`, and as the network does.
        """
        if not is_management(url):
            raise HostRefused(
                "Aviary named an address that is not its management's; nothing was sent there.",
                hint="Report it: something may answer in the place of the service.",
            )
        headers = await self.management_headers(connection)
        response = await connection.http.request(method, url, json=body, headers=headers)
        return self.accepted(connection, response)

    def accepted(self, connection: Connection, response: httpx.Response) -> httpx.Response:
        """Return an answer that is a success.

        Raises:
            ProviderError: As `refusal`.
        """
        if not response.is_success:
            raise self.refusal(connection, response)
        return response

    def refusal(self, connection: Connection, response: httpx.Response) -> ProviderError:
        """Return the error that a refused answer stands for."""
        return errors.refusal(response, now=connection.clock.now())

    async def account(self, connection: Connection, path: str = "") -> str:
        """Return the address of something of the account, once it is known to be the right one.

        Raises:
            CapabilityUnavailable: The connection has no management credentials.
            InvalidRequest: The account is not the one behind the endpoint.
        """
        if not own(connection).manages:
            raise CapabilityUnavailable("deploy", missing=GROUP.fields)
        base = f"https://{MANAGE}/accounts/{own(connection).account_id}"

        async def make() -> str:
            response = await self.manage(connection, "GET", f"{base}?version={API_VERSION}")
            row = require_row(AccountRow, json_object(response), response)
            if row.host != own(connection).host:
                raise InvalidRequest(
                    f"The account {own(connection).account_id} is not the one behind the endpoint.",
                    hint="Give the account ID and the endpoint from the same page of the console.",
                )
            return base

        checked: str = await connection.once("aviary.account", make)
        return f"{checked}{path}?version={API_VERSION}"

    async def deployment_address(self, connection: Connection, name: str) -> str:
        """Return the address of a deployment."""
        return await self.account(connection, f"/deployments/{quote(name, safe='')}")

    async def pages(self, connection: Connection, first: str) -> Rows:
        """Return the rows of a listing, page after page as management names them.

        Raises:
            MalformedAnswer: A page is none.
        """
        rows: list[Any] = []
        url, seen = first, {first}
        for _ in range(PAGES):
            response = await self.manage(connection, "GET", url)
            page = json_object(response)
            rows += json_list(page, "items", response)
            following = page.get("next")
            if not following:
                return Rows(tuple(rows))
            if not isinstance(following, str) or not is_management(following):
                note = "A further page was named at another address; no token was sent there."
                return Rows(tuple(rows), note)
            if following in seen:
                return Rows(tuple(rows), "The listing leads back to a page already read.")
            url = following
            seen.add(url)
        return Rows(tuple(rows), f"The listing has more than {PAGES} pages; the rest is not read.")

    async def listed(self, connection: Connection, path: str) -> tuple[Any, ...]:
        """Return the rows that the account lists to a key.

        Raises:
            MalformedAnswer: The answer is no list.
        """
        response = await self.call(connection, "GET", path)
        return tuple(json_list(json_object(response), "data", response))


def is_management(url: str) -> bool:
    """Whether a token may go to an address."""
    if not (url.startswith(f"https://{MANAGE}/") and url.isascii() and url.isprintable()):
        return False
    return urlsplit(url).netloc == MANAGE and ".." not in url and "\\" not in url


def own(connection: Connection) -> AviaryCredentials:
    """Return the connection's credentials as what they are."""
    return cast("AviaryCredentials", connection.credentials)
