"""Checking credentials and storing them only if they are accepted, for pages and API alike."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bonito_host.lending import stored_credentials
from bonito_host.saving import ID_RULE, accepted, fits_as_id, save_checked, summary
from bonito_host.store.connections import taken
from bonito_host.web.fields import addresses, secret_names
from bonito_host.web.services import Services
from bonito_providers.connection import Connection
from bonito_providers.credentials import Capabilities
from bonito_providers.errors import InvalidCredentials
from bonito_providers.provider import Provider
from bonito_providers.report import CredentialReport, FieldChange
from bonito_providers.telling import Progress

Result = TypeVar("Result")


@dataclass(frozen=True)
class Checked:
    """What became of credentials.

    Attributes:
        id: What the connection is called.
        report: What the check found.
        capabilities: What the credentials allow.
        saved: Whether they were stored.
        changes: What was stored in place of what was given, since a call proved it.
    """

    id: str
    report: CredentialReport
    capabilities: Capabilities
    saved: bool
    changes: tuple[FieldChange, ...]


async def connection_of(
    services: Services,
    provider: Provider,
    fields: Mapping[str, Any],
    *,
    id: str = "",
    replace: bool = False,
) -> Connection:
    """Return what is to be checked; nothing is called yet.

    Args:
        services: The host's.
        provider: Whose credentials.
        fields: As given; the selector field need not be among them.
        id: What to call the connection; empty takes the provider's name, or one made from it.
        replace: Whether it is a stored connection that gets other credentials.

    Raises:
        InvalidCredentials: Fields, or the id, are missing, unknown or wrong.
        RecordExists: The id is taken.
    """
    id = id or await asyncio.to_thread(_free_id, services, provider.info.name)
    if not fits_as_id(id):
        raise InvalidCredentials({"id": f"must be {ID_RULE}"}, provider=provider.info.name)
    if not replace and await asyncio.to_thread(services.store.connections.exists, id):
        # Said before anybody's credentials are sent anywhere; storing looks again.
        raise taken(id)
    network = services.application.settings.network()
    given = {**provider.info.selector, **fields}
    return provider.connect(given, id=id, network=network)


async def check_and_save(
    services: Services,
    connection: Connection,
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Checked:
    """Check credentials item by item, and store them if the service accepts them.

    Args:
        services: The host's.
        connection: By `connection_of`; closed at the end.
        replace: As there.
        progress: Told of each item as soon as it is known.

    Raises:
        ProviderError: The check came to no report.
        RecordExists: The id was taken meanwhile.
    """
    changes: tuple[FieldChange, ...] = ()
    async with connection:
        report = await connection.provider.check_credentials(connection, progress=progress)
        saved = accepted(report)
        if saved:
            changes = await _whole(_save(services, connection, report, replace=replace))
    capabilities = connection.credentials.capabilities()
    return Checked(connection.id, report, capabilities, saved, changes)


async def check_again(
    services: Services, id: str, *, progress: Progress | None = None
) -> CredentialReport:
    """Check a stored connection and keep what was found.

    Raises:
        RecordMissing: There is none of that id.
    """
    async with services.connections.use(id) as connection:
        report = await connection.provider.check_credentials(connection, progress=progress)
    await asyncio.to_thread(services.store.connections.checked, id, summary(report))
    return report


async def with_stored(
    services: Services, id: str, fields: Mapping[str, Any]
) -> tuple[Provider, dict[str, Any]]:
    """Return what a stored connection would be with other fields: secrets left out stay.

    They do not stay where an address changes, since a stored secret goes only where it was meant
    to; nor in a group of fields that was emptied.

    Raises:
        RecordMissing: There is none of that id.
        InvalidCredentials: The address changed, and a secret is not given anew; or it is none.
    """
    provider, credentials = await asyncio.to_thread(stored_credentials, services.application, id)
    stored = credentials.reveal()
    secrets = secret_names(provider, stored)
    kept = secrets - frozenset(fields) - _emptied(provider, fields)
    moved = _moved(provider, stored, fields)
    if moved and kept:
        text = f"is required again, since {', '.join(moved)} changed"
        raise InvalidCredentials(dict.fromkeys(sorted(kept), text), provider=provider.info.name)
    return provider, {**{name: stored[name] for name in kept}, **fields}


async def _save(
    services: Services, connection: Connection, report: CredentialReport, *, replace: bool
) -> tuple[FieldChange, ...]:
    changes: list[FieldChange] = []
    await asyncio.to_thread(
        save_checked, services.store, connection, report, replace=replace, tell=changes.append
    )
    await services.changed(connection.id)
    return tuple(changes)


async def _whole(work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work to its end, though who waits for it may leave: half of it helps nobody."""
    return await asyncio.shield(asyncio.ensure_future(work))


def _moved(provider: Provider, stored: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """Return the addresses that mean another place than the stored ones, however written."""
    given = {name: fields[name] for name in addresses(provider) if name in fields}
    understood = provider.read_credentials({**stored, **given}).reveal()
    return [name for name in given if understood.get(name) != stored.get(name)]


def _emptied(provider: Provider, fields: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields of groups of which nothing but secrets could be left."""
    groups = [frozenset(group.fields) for group in provider.schema.field_groups]
    shown = [group - secret_names(provider, dict.fromkeys(group)) for group in groups]
    gone = [
        group
        for group, visible in zip(groups, shown, strict=True)
        if visible and not visible & set(fields)
    ]
    return frozenset().union(*gone)


def _free_id(services: Services, wanted: str) -> str:
    known = {each.id for each in services.store.connections.all()}
    number, id = 1, wanted
    while id in known:
        number += 1
        id = f"{wanted}-{number}"
    return id
