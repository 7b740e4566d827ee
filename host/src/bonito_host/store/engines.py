"""Database engines: SQLite in one file, or PostgreSQL by URL; one writer at a time on both."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from bonito_host.store.errors import StoreUnusable

_PATIENCE_MILLISECONDS = 30_000
"""How long one process waits for another's write; each is a few milliseconds."""
_LOCK = 0x626F6E69746F
"""The advisory lock every transaction on PostgreSQL takes: any number that nobody else uses."""


def is_url(location: Path | str) -> bool:
    """Tell whether a store is named by a database's URL."""
    return isinstance(location, str) and "://" in location


def engine_of(location: Path | str) -> Engine:
    """Return the engine for a store; a file is made where it is missing, with its folder.

    Raises:
        StoreUnusable: The URL is of no database that is known here, or lacks its driver.
        OSError: The file cannot be made.
    """
    if is_url(location):
        return _postgresql(str(location))
    path = Path(location)
    _create_file(path)
    return _sqlite(path)


def _create_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the mode of the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _sqlite(path: Path) -> Engine:
    # Parameters stay out of logs and errors; a connection each, since calls come from any thread.
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(raw: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        raw.isolation_level = None  # SQLAlchemy begins transactions, not the driver
        raw.execute(f"PRAGMA busy_timeout = {_PATIENCE_MILLISECONDS}")
        _keep_a_log(raw)
        raw.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once where another process
        # has written in between; taking the lock first, it waits.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _keep_a_log(raw: sqlite3.Connection) -> None:
    """Let readers and a writer not wait for each other.

    SQLite does not wait by itself where two make a new database so at once, since each might wait
    for the other.
    """
    patience = time.monotonic() + _PATIENCE_MILLISECONDS / 1000
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)
        else:
            return


def _postgresql(url: str) -> Engine:
    try:
        parts = make_url(url)
    except ArgumentError:
        parts = None
    if parts is None or parts.get_backend_name() not in {"postgres", "postgresql"}:
        # The URL itself stays unsaid: it may hold a password.
        raise StoreUnusable(
            "The store's URL names no database that is known here.",
            hint="Write a path for SQLite, or postgresql://user@host/database.",
        )
    try:
        engine = create_engine(
            parts.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True
        )
    except ImportError:
        raise StoreUnusable(
            "The driver for PostgreSQL is not installed.",
            hint="Try: pip install 'bonito-host[postgresql]'",
        ) from None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # As SQLite has it: whoever reads and then writes is alone meanwhile.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine
