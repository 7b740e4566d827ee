"""Bringing a database's tables up to date, by Alembic's migrations beside this module."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from bonito_host.store import schema
from bonito_host.store.errors import StoreUnusable

NEWEST = "0004"
"""The revision this program knows. Alembic takes a while to import, and is seldom needed."""
_FIRST = "0001"
_REVISIONS = "alembic_version"


def is_up_to_date(connection: Connection) -> bool:
    """Tell whether the tables are what this version of the program needs."""
    return _revision(connection) == NEWEST


def bring_up_to_date(connection: Connection) -> None:
    """Make the tables what this version of the program needs, within the caller's transaction.

    Raises:
        StoreUnusable: A newer version of the program has been there.
    """
    if is_up_to_date(connection):
        return
    revision = _revision(connection)
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "bonito_host.store:migrations")
    config.attributes["connection"] = connection
    try:
        if revision is None and inspect(connection).has_table(schema.stores.name):
            # From before there were migrations: it holds what the first of them makes.
            command.stamp(config, _FIRST)
        command.upgrade(config, "head")
    except CommandError:
        raise StoreUnusable(
            f"The store has tables of revision {revision}; this program knows {NEWEST}.",
            hint="Use the version of bonito that wrote it, or name another store.",
        ) from None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_REVISIONS):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_REVISIONS}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)
