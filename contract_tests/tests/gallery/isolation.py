"""Plugins in which one customer meets another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from bonito_aviary.plugin import Aviary
from bonito_aviary.wire import own
from bonito_providers import Connection, CredentialReport, Deployment, Listing, Model
from contract_tests.tests.gallery.broken import broken
from contract_tests.tests.gallery.keeping import kept

SHARED = "monolith: aws_bedrock.py, cache bedrock:models:{region} shared by all tenants, row 10"
ONE_KEY = "peers 1c: Foundry's catalogue is cached under an empty subscription id for all tenants"
ONE_TOKEN = "peers 1c: _get_token(scope) keeps one token for all scopes and callers"


@broken("ISO-01", incident="One token served every customer of the process.", source=ONE_TOKEN)
class OneTokenForAll(Aviary):
    def __init__(self) -> None:
        self.tokens: dict[str, Mapping[str, str]] = {}

    async def management_headers(self, connection: Connection) -> Mapping[str, str]:
        if "token" not in self.tokens:
            self.tokens["token"] = await super().management_headers(connection)
        return self.tokens["token"]


@broken(
    "ISO-01",
    incident="The current customer stood in the plugin, and calls at once took another's key.",
    source="anchors 0.2: state bleeding between calls survived a well-known suite",
)
class CurrentCustomer(Aviary):
    current: Connection

    async def report(self, connection: Connection) -> CredentialReport:
        self.current = connection
        await asyncio.sleep(0)
        return await super().report(connection)

    def headers(self, connection: Connection) -> Mapping[str, str]:
        return super().headers(getattr(self, "current", connection))


@broken(
    "ISO-02",
    incident="All connections shared one client: closing one closed it for all.",
    source="monolith: one client at module level for every tenant",
)
class OneClientForAll(Aviary):
    def __init__(self) -> None:
        self.clients: list[httpx.AsyncClient] = []

    async def listed(self, connection: Connection, path: str) -> tuple[Any, ...]:
        self.clients = self.clients or [connection.http]
        address = f"{own(connection).endpoint}{path}"
        headers = dict(self.headers(connection))
        response = await self.clients[0].get(address, headers=headers)
        return tuple(self.accepted(connection, response).json()["data"])


@broken("ISO-03", incident="Deployments were cached in the plugin, by host.", source=ONE_KEY)
class ListingKeptByHost(Aviary):
    def __init__(self) -> None:
        self.listings: dict[str, Listing[Deployment]] = {}

    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        host = own(connection).host
        if host not in self.listings:
            self.listings[host] = await super().deployments(connection)
        return self.listings[host]


@broken(
    "ISO-03",
    incident="A deployment made a minute ago was not there: the list was an old one.",
    source="monolith: lists cached for five minutes, aws_gcp row 15",
)
class ListingKeptByConnection(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        place = await kept(connection)
        if "deployments" not in place:
            place["deployments"] = await super().deployments(connection)
        found: Listing[Deployment] = place["deployments"]
        return found


@broken("ISO-04", incident="The catalogue of one customer was shown to the next.", source=SHARED)
class CatalogueKeptByHost(Aviary):
    def __init__(self) -> None:
        self.catalogues: dict[str, Listing[Model]] = {}

    async def models(self, connection: Connection) -> Listing[Model]:
        host = own(connection).host
        if host not in self.catalogues:
            self.catalogues[host] = await super().models(connection)
        return self.catalogues[host]


@broken(
    "ISO-04",
    incident="What was kept for a connection's name was given to whoever had it next.",
    source="monolith: cache keys without the account, aws_gcp row 10",
)
class CatalogueKeptByName(Aviary):
    def __init__(self) -> None:
        self.catalogues: dict[str, Listing[Model]] = {}

    async def models(self, connection: Connection) -> Listing[Model]:
        if connection.id not in self.catalogues:
            self.catalogues[connection.id] = await super().models(connection)
        return self.catalogues[connection.id]


@broken(
    "ISO-05",
    incident="The last key stayed in the plugin, where any other code could read it.",
    source="anchors 4.6: the canary is searched in the plugin object as well",
)
class RemembersTheLastKey(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        headers = super().headers(connection)
        self.last = {"headers": dict(headers)}
        return headers


@cache
def _prepared(key: str) -> Mapping[str, str]:
    return {"x-aviary-key": key}


@broken(
    "ISO-05",
    incident="A cache of prepared headers kept the keys of all customers for ever.",
    source="monolith: module-level caches keyed by credentials",
)
class CachesItsHeaders(Aviary):
    def headers(self, connection: Connection) -> Mapping[str, str]:
        return _prepared(own(connection).api_key.get_secret_value())


@broken(
    "ISO-06",
    incident="The plugin filled in a field it had found out, and the host saved it.",
    source="peers 1c: the resolver takes the first account in the resource group",
)
class FillsInWhatItFound(Aviary):
    async def deployments(self, connection: Connection) -> Listing[Deployment]:
        listing = await super().deployments(connection)
        connection.credentials.__dict__["account_id"] = f"found-{own(connection).account}"
        return listing
