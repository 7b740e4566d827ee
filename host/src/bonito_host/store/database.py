"""Opening the database: SQLite in one file, shared by as many processes as like to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from bonito_host.store import migrations, schema
from bonito_host.store.errors import StoreUnusable
from bonito_host.store.keys import create_key_file, parse_key, read_key_file
from bonito_host.store.sealing import Sealer, wrong_key

_PATIENCE_MILLISECONDS = 30_000
"""How long one process waits for another's write; each is a few milliseconds."""


def open_database(path: Path, *, key: str | None) -> tuple[Engine, Sealer]:
    """Open the store's database, made at first use, and check that the key is its own.

    Args:
        path: The file; its folder is made where it is missing.
        key: The operator's key; None reads the key file beside the database, generating it for
            a store that holds nothing yet.

    Raises:
        StoreUnusable: It cannot be opened, is no store or a later program's, or its key file is
            missing or exposed.
        WrongKey: The key is another one; nothing was changed.
    """
    try:
        _create_file(path)
        engine = _engine(path)
        with engine.begin() as connection:
            known = _known_key(connection)
        sealer = Sealer(_key(path, key, known=known))
        if known is None:
            known = _initialised(engine, sealer)
        if known != sealer.key_id:
            raise wrong_key(known, sealer.key_id)
        _brought_up_to_date(engine)
    except OSError as error:
        message = f"The store {path} cannot be opened: {error.strerror}."
        raise StoreUnusable(message, hint="Name another with --store or BONITO_STORE.") from None
    except DatabaseError as error:
        message = f"The store {path} cannot be used: {error.orig}."
        raise StoreUnusable(message, hint="Name another with --store or BONITO_STORE.") from None
    return engine, sealer


def _create_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the mode of the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _engine(path: Path) -> Engine:
    # Parameters stay out of logs and errors; a connection each, since calls come from any thread.
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(raw: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        raw.isolation_level = None  # SQLAlchemy begins transactions, not the driver
        raw.execute(f"PRAGMA busy_timeout = {_PATIENCE_MILLISECONDS}")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once where another process
        # has written in between; taking the lock first, it waits.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _known_key(connection: Connection) -> str | None:
    """Return the id of the store's key, or None for a database that holds nothing yet."""
    if not inspect(connection).has_table(schema.stores.name):
        return None
    row = connection.execute(select(schema.stores)).first()
    if row is None:
        return None
    return str(row.key_id)


def _brought_up_to_date(engine: Engine) -> None:
    """Migrate the store; of several processes one does, since each holds the write lock."""
    with engine.begin() as connection:
        version = connection.execute(select(schema.stores.c.schema_version)).scalar_one()
        migrations.migrate(connection, version)


def _key(path: Path, given: str | None, *, known: str | None) -> bytes:
    if given:
        return parse_key(given, source="BONITO_KEY")
    file = path.with_name(f"{path.name}.key")
    found = read_key_file(file)
    if found is not None:
        return found
    if known is not None:
        raise StoreUnusable(
            f"The store {path} is sealed with the key {known}, and its key file {file} is missing.",
            hint="Put the key file back, or give the key in BONITO_KEY.",
        )
    return create_key_file(file)


def _initialised(engine: Engine, sealer: Sealer) -> str:
    """Make the tables and note the key; another process may have been faster with its own."""
    row = {"id": 1, "schema_version": migrations.CURRENT, "key_id": sealer.key_id}
    with engine.begin() as connection:
        schema.metadata.create_all(connection)
        if (known := _known_key(connection)) is not None:
            return known
        connection.execute(insert(schema.stores), row)
    return sealer.key_id
