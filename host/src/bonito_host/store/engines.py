"""Database engines: SQLite in one file, or PostgreSQL by URL; one writer at a time on both.

Readers wait for nobody and nobody waits for them: whoever could only read, such as a caller whose
key is looked up, holds no writer back. A writer waits for another one, and not for ever.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from bonito_host.store.errors import StoreBusy, StoreUnusable

PATIENCE = 30.0
"""Seconds that one process waits for another's write; each is a few milliseconds."""
_LIMITED = {"connect_timeout": 10}
"""Seconds that a server may take to answer at all, unless the URL says so itself."""
_LOCK = 0x626F6E69746F
"""The advisory lock every write on PostgreSQL takes: any number that nobody else uses."""
_READS = "bonito_reads"
_LOCK_NOT_AVAILABLE = "55P03"
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")


def is_url(location: Path | str) -> bool:
    """Tell whether a store is named by a database's URL."""
    return isinstance(location, str) and "://" in location


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that locks nothing and cannot write."""
    with engine.connect() as connection, connection.execution_options(**{_READS: True}).begin():
        yield connection


def engine_of(location: Path | str, *, patience: float = PATIENCE) -> Engine:
    """Return the engine for a store; a file is made where it is missing, with its folder.

    Its transactions write, one at a time, and raise `StoreBusy` where another one takes longer
    than the patience; `reading` begins those that do not.

    Args:
        location: A file for SQLite, or a URL.
        patience: Seconds that a write waits for another's.

    Raises:
        StoreUnusable: The URL is of no database that is known here, or lacks its driver.
        OSError: The file cannot be made.
    """
    if is_url(location):
        return _postgresql(str(location), patience)
    path = Path(location)
    _create_file(path)
    return _sqlite(path, patience)


def _create_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the mode of the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _sqlite(path: Path, patience: float) -> Engine:
    # Parameters stay out of logs and errors; a connection each, since calls come from any thread.
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _configure(raw: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        raw.isolation_level = None  # SQLAlchemy begins transactions, not the driver
        raw.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        _keep_a_log(raw, patience)
        raw.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if _only_reads(connection):
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.exec_driver_sql("BEGIN")
            return
        # A transaction that reads first and writes later would fail at once where another process
        # has written in between; taking the lock first, it waits.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "handle_error")
    def _name(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _busy(patience) from None

    return engine


def _only_reads(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_READS))


def _busy(patience: float) -> StoreBusy:
    return StoreBusy(
        f"Another process has been writing to the store for {patience:g} seconds. Nothing was "
        "changed.",
        hint="Try again; if it stays, find the process that holds the database and end it.",
    )


def _keep_a_log(raw: sqlite3.Connection, patience: float) -> None:
    """Let readers and a writer not wait for each other.

    SQLite does not wait by itself where two make a new database so at once, since each might wait
    for the other.
    """
    end = time.monotonic() + patience
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _postgresql(url: str, patience: float) -> Engine:
    parts = _read(url).set(drivername="postgresql+psycopg")
    try:
        engine = create_engine(
            parts,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={} if "connect_timeout" in parts.query else _LIMITED,
        )
    except ImportError:
        raise StoreUnusable(
            "The driver for PostgreSQL is not installed.",
            hint="Try: pip install 'bonito-host[postgresql]'",
        ) from None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if _only_reads(connection):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            return
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(patience * 1000)}")
        # As SQLite has it: whoever reads and then writes is alone meanwhile.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    @event.listens_for(engine, "handle_error")
    def _name(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise _busy(patience) from None

    return engine


def _read(url: str) -> URL:
    """Read a URL; what is wrong with it is said without a part of it, which may be a password."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise _malformed("cannot be read") from None
    if parts.get_backend_name() not in {"postgres", "postgresql"}:
        raise _malformed("names no database that is known here")
    if url.count("@") > 1 or (parts.host is not None and not _HOST.fullmatch(parts.host)):
        raise _malformed("names no host")
    return parts


def _malformed(what: str) -> StoreUnusable:
    return StoreUnusable(
        f"The store's URL, given by --store or BONITO_STORE, {what}.",
        hint="Write a path for SQLite, or postgresql://user:password@host:5432/database, with "
        "@ : / ? # and % in the password as %40 %3A %2F %3F %23 and %25.",
    )
