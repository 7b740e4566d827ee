"""From a command's options to an open connection, and a coroutine run to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from bonito_host.application import Application
from bonito_host.credentials_input import select_provider
from bonito_host.logs import redact_unhandled
from bonito_host.options import ConnectionChoice
from bonito_host.settings import CREDENTIAL_PREFIX
from bonito_providers.connection import Connection
from bonito_providers.errors import InvalidCredentials

Result = TypeVar("Result")


def with_connection(
    application: Application,
    choice: ConnectionChoice,
    work: Callable[[Connection], Awaitable[Result]],
) -> Result:
    """Open the chosen connection, do the work, close it.

    Raises:
        UnknownProvider: As `select_provider`.
        InvalidCredentials: Fields are missing, unknown or wrong.
        ProviderError: Whatever the work ran into.
    """
    return run_connected(connect(application, choice), work)


def run_connected(
    connection: Connection, work: Callable[[Connection], Awaitable[Result]]
) -> Result:
    """Do the work with an opened connection, and close it."""
    redact_unhandled()
    return asyncio.run(_with_connection(connection, work))


def connect(application: Application, choice: ConnectionChoice) -> Connection:
    """Return the chosen connection; nothing is called yet."""
    if choice.stored:
        return connect_stored(application, choice.stored)
    selection = select_provider(application, choice)
    info = selection.provider.info
    application.output.progress(f"{info.title} ({selection.reason})")
    network = application.settings.network()
    try:
        return selection.provider.connect(selection.fields, id=info.name, network=network)
    except InvalidCredentials as error:
        error.hint = error.hint or _where_to_give(error.problems)
        raise


def _where_to_give(problems: Mapping[str, str]) -> str:
    missing = [name for name, text in problems.items() if text.startswith("is required")]
    if not missing:
        return ""
    variables = ", ".join(f"{CREDENTIAL_PREFIX}{name.upper()}" for name in missing)
    return f"Give it as {variables}, or in a file: --credentials FILE (- for stdin)."


def connect_stored(application: Application, id: str) -> Connection:
    """Return a stored connection; nothing is called yet.

    A record from before the selector field existed goes to the provider that predates it.

    Raises:
        RecordMissing: Nothing of that id is stored.
        UnknownProvider: Its provider is not installed any more.
    """
    record, fields = application.store.connections.opened(id)
    selection = application.registry.select(record.cloud, fields, stored=True)
    network = application.settings.network()
    application.output.progress(f"{selection.provider.info.title} ({id})")
    return selection.provider.connect(selection.fields, id=id, network=network)


async def _with_connection(
    connection: Connection, work: Callable[[Connection], Awaitable[Result]]
) -> Result:
    async with connection:
        return await work(connection)
