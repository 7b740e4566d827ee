"""Stored connections, opened at first use and lent to many callers of one process."""

from __future__ import annotations

import asyncio

from bonito_host.application import Application
from bonito_providers.connections import Connections
from bonito_providers.credentials import Credentials
from bonito_providers.provider import Provider


def lend_connections(application: Application) -> Connections:
    """Return the store's connections by id; nothing is opened yet.

    Whoever asks for one that is not stored gets `RecordMissing`, and `UnknownProvider` where its
    plugin is not installed any more.
    """

    async def look_up(id: str) -> tuple[Provider, Credentials]:
        return await asyncio.to_thread(stored_credentials, application, id)

    return Connections(look_up, network=application.settings.network())


def stored_credentials(application: Application, id: str) -> tuple[Provider, Credentials]:
    """Return what a stored connection is made of.

    A record from before the selector field existed goes to the provider that predates it.

    Raises:
        RecordMissing: Nothing of that id is stored.
        UnknownProvider: Its provider is not installed any more.
    """
    record, fields = application.store.connections.opened(id)
    selection = application.registry.select(record.cloud, fields, stored=True)
    return selection.provider, selection.provider.read_credentials(selection.fields)
