"""Plugins that send requests where they do not belong."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr, model_validator

from bonito_aviary.credentials import AviaryCredentials
from bonito_aviary.plugin import INFO, Aviary
from bonito_aviary.wire import Rows, own
from bonito_providers.answers import json_list, json_object
from bonito_providers.hookspecs import hookimpl
from contract_tests.tests.gallery.broken import broken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_providers.connection import Connection
    from bonito_providers.credentials import Credentials
    from bonito_providers.info import ProviderInfo


async def fetched(url: str, headers: Mapping[str, str], *, follow: bool = False) -> httpx.Response:
    """Ask by a client of one's own, which no guard stands in front of."""
    async with httpx.AsyncClient(follow_redirects=follow) as client:
        return await client.get(url, headers=headers)


@broken(
    "OUT-01",
    incident="The plugin told its author's server that it was used, and never said so.",
    source="peers: telemetry that is on by default",
)
class PhonesHome(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        with contextlib.suppress(httpx.HTTPError), httpx.Client() as client:
            client.get("https://telemetry.example/used")
        return super().headers(connection)


@broken(
    "OUT-01",
    incident="Usage was counted by a datagram to an agent on the machine, without any look-up.",
    source="peers: statsd clients in SDKs",
)
class CountsByDatagram(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
            agent.sendto(b"aviary.calls:1|c", ("127.0.0.1", 8125))
        return super().headers(connection)


@broken(
    "OUT-01",
    incident="A health check connected to an address that no name stood for.",
    source="peers: metadata services at 169.254.169.254",
)
class AsksAnAddress(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.2", 9), timeout=0.05).close()
        return super().headers(connection)


@broken(
    "OUT-01",
    incident="A host of the service was missing among those the provider names.",
    source="azure: three suffixes for one account, and one forgotten",
)
class HostNotNamed(Aviary):
    @hookimpl
    def provider_info(self) -> ProviderInfo:
        named = ("login.aviary.example", "manage.aviary.example")
        return INFO.model_copy(update={"host_suffixes": named})

    async def call(
        self,
        connection: Connection,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        url = f"{own(connection).endpoint}{path}"
        with httpx.Client() as client:
            headers = self.headers(connection)
            # Blocking is a part of the fault.
            response = client.request(method, url, json=body, headers=headers)  # noqa: ASYNC212
        return self.accepted(connection, response)


@broken(
    "OUT-02",
    incident="A redirect was followed by hand, with the key and the token.",
    source="peers: 307 repeats method, body and headers",
)
class FollowsByHand(Aviary):
    def accepted(self, connection: Connection, response: httpx.Response) -> httpx.Response:
        if not response.is_redirect:
            return super().accepted(connection, response)
        with contextlib.suppress(httpx.HTTPError), httpx.Client() as client:
            client.get(response.headers["location"], headers=self.headers(connection))
        return super().accepted(connection, response)


@broken(
    "OUT-02",
    incident="A redirect to a login page was read as an account without deployments.",
    source="monolith: providers/gcp_vertex.py, non-200 becomes an empty list",
)
class RedirectIsEmpty(Aviary):
    async def pages(self, connection: Connection, first: str) -> Rows:
        headers = await self.management_headers(connection)
        response = await connection.http.get(first, headers=headers)
        return Rows(()) if response.is_redirect else await super().pages(connection, first)


class ReadsPages(Aviary):
    """Honest so far; its children decide in ways of their own which address to follow."""

    async def following(self, connection: Connection, url: str) -> Rows:
        raise NotImplementedError

    async def pages(self, connection: Connection, first: str) -> Rows:
        response = await self.manage(connection, "GET", first)
        page = json_object(response)
        rows = tuple(json_list(page, "items", response))
        following = page.get("next")
        if not following:
            return Rows(rows)
        more = await self.following(connection, str(following))
        return Rows((*rows, *more.items), more.note)


@broken(
    "OUT-03",
    incident="The next page was fetched from wherever the answer said, token included.",
    source="anchors: foreign host in nextLink",
)
class FollowsAnyAddress(ReadsPages):
    async def following(self, connection: Connection, url: str) -> Rows:
        try:
            response = await fetched(url, await self.management_headers(connection))
        except httpx.HTTPError:
            return Rows((), "The next page could not be read.")
        return Rows(tuple(json_list(json_object(response), "items", response)), "Two pages only.")


@broken(
    "OUT-03",
    incident="An address was trusted because it began like the service's own.",
    source="peers: endpoint.startswith('https://host')",
)
class TrustsTheBeginning(ReadsPages):
    async def following(self, connection: Connection, url: str) -> Rows:
        if not url.startswith("https://manage.aviary.example"):
            return Rows((), "The next page is elsewhere.")
        try:
            response = await fetched(url, await self.management_headers(connection))
        except httpx.HTTPError:
            return Rows((), "The next page could not be read.")
        return Rows(tuple(json_list(json_object(response), "items", response)), "Two pages only.")


@broken(
    "OUT-03",
    incident="A next page at a strange address was left out, and the listing called complete.",
    source="monolith: providers/gcp_vertex.py, the first page only, row 15",
)
class StrangePagesAreTheEnd(ReadsPages):
    async def following(self, connection: Connection, url: str) -> Rows:
        if not url.startswith("https://manage.aviary.example/"):
            return Rows(())
        return await self.pages(connection, url)


class AnyAddress(AviaryCredentials):
    """Takes whatever is pasted."""

    endpoint: str

    @classmethod
    def _normalised(cls, text: str) -> str:
        return text


@broken(
    "OUT-04",
    incident="Any address was taken for an endpoint, and the key was sent there to try it out.",
    source="monolith: schemas/provider.py, the endpoint is a bare string",
)
class AnyEndpoint(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return AnyAddress

    async def listed(self, connection: Connection, path: str) -> tuple[Any, ...]:
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
            await fetched(f"{own(connection).endpoint}{path}", self.headers(connection))
        return await super().listed(connection, path)


class NamesNoField(AviaryCredentials):
    """Refuses well, and says badly what."""

    endpoint: str
    api_key: SecretStr

    @model_validator(mode="before")
    @classmethod
    def _only_good_ones(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and raw.get("endpoint") != "https://acme.aviary.example":
            raise ValueError("something is wrong with the credentials")
        return raw


@broken(
    "OUT-04",
    incident="A form said that the credentials were wrong, not which field.",
    source="monolith: onboarding, one message for all fields",
)
class NamesNothing(Aviary):
    @hookimpl
    def credential_schema(self) -> type[Credentials]:
        return NamesNoField
