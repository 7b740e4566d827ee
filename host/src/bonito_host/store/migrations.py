"""From one version of the tables to the next: a store is brought up to date when it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import update

from bonito_host.store import schema
from bonito_host.store.errors import StoreUnusable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

CURRENT = 2
"""The version of the tables as `schema` has them."""


def _add_groups(connection: Connection) -> None:
    # Another process, making the tables anew, may have been a moment faster.
    schema.groups.create(connection, checkfirst=True)


_STEPS: Mapping[int, Callable[[Connection], None]] = {1: _add_groups}
"""A version to what makes the next one of it. Steps are kept for good: any store may be opened."""


def migrate(connection: Connection, version: int) -> None:
    """Bring the tables from a version to the current one, within the caller's transaction.

    Raises:
        StoreUnusable: The store was written by a later version of this program.
    """
    if not 1 <= version <= CURRENT:
        raise StoreUnusable(
            f"The store has schema {version}; this program knows {CURRENT}.",
            hint="Use the version of bonito that wrote it, or name another store.",
        )
    for each in range(version, CURRENT):
        _STEPS[each](connection)
    if version != CURRENT:
        connection.execute(update(schema.stores).values(schema_version=CURRENT))
