"""The store, looked at without changing anything in it: nothing is made, migrated or adopted."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part
from bonito_host.store import schema
from bonito_host.store.database import key_file
from bonito_host.store.engines import engine_of, is_url
from bonito_host.store.errors import StoreUnusable
from bonito_host.store.keys import VARIABLE, next_key_file, parse_key, read_key_file
from bonito_host.store.migrating import NEWEST
from bonito_host.store.sealing import SCHEMA_VERSION, Sealer

UNSEEN = "not looked at offline"
_REVISIONS = "alembic_version"
_PATIENCE_MILLISECONDS = 500
"""Each write takes a few milliseconds; who holds the lock for longer keeps everybody waiting."""
_OWN_KEY = f"Put the store's own key file back, or give its key in {VARIABLE}."
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine(location: Path | str, *, key: str | None, offline: bool = False) -> Part:
    """Look at the database, its schema, its key and its lock.

    Args:
        location: A file, or a database's URL.
        key: The operator's key, if there is one.
        offline: Whether a database on a server is to be left alone.
    """
    named = "on PostgreSQL" if is_url(location) else str(location)
    if offline and is_url(location):
        return Part(title="store", facts={"path": named, "state": UNSEEN})
    if not is_url(location) and not Path(location).exists():
        state = "none yet; `bonito connect` makes it"
        return Part(
            title="store",
            facts={"path": named, "state": state},
            findings=tuple(_homeless(Path(location))),
        )
    try:
        with _engine(location).connect() as database:
            facts = {"path": named, **_facts(database)}
            findings = [*_schema(database), *_key(database, location, key)]
            if not is_url(location):
                # While this reader stays, who leaves next does not write a crashed one's log back.
                findings += _locked(Path(location))
    except StoreUnusable as error:
        return _unusable(named, error.message, error.hint)
    except DatabaseError as error:
        return _unusable(named, f"The store {named} cannot be read: {error.orig}.", "")
    if not is_url(location):
        findings += _exposed(Path(location))
    return Part(title="store", facts=facts, findings=tuple(findings))


def _unusable(named: str, what: str, mend: str) -> Part:
    finding = find("store-unusable", what, mend=mend)
    return Part(title="store", facts={"path": named, "state": "unusable"}, findings=(finding,))


def _homeless(path: Path) -> Iterator[Finding]:
    """Say why a store that is not there yet cannot be made."""
    nearest = next(each for each in path.parents if each.exists())
    if not nearest.is_dir():
        yield find("store-unusable", f"The store {path} cannot be made: {nearest} is no folder.")


def _engine(location: Path | str) -> Engine:
    if is_url(location):
        return engine_of(location)
    # As any reader, but one that cannot write.
    uri = f"file:{quote(Path(location).absolute().as_posix())}?mode=ro"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(uri, uri=True),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _revision(database: Connection) -> str | None:
    if not inspect(database).has_table(_REVISIONS):
        return None
    found = database.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _facts(database: Connection) -> dict[str, object]:
    if not inspect(database).has_table(schema.stores.name):
        return {"state": "empty"}
    connections = database.execute(select(schema.connections.c.id)).all()
    return {
        "state": "in use",
        "tables of revision": _revision(database) or "before there were any",
        "connections": len(connections),
    }


def _schema(database: Connection) -> Iterator[Finding]:
    if not inspect(database).has_table(schema.stores.name):
        return
    revision = _revision(database) or ""
    row = database.execute(select(schema.stores)).first()
    sealed_as = SCHEMA_VERSION if row is None else row.schema_version
    if revision > NEWEST or sealed_as > SCHEMA_VERSION:
        what = f"The store's tables are of revision {revision}; this program knows {NEWEST}."
        yield find("store-newer", what)
    elif revision != NEWEST:
        what = f"The store's tables are of revision {revision or 'none'}; newest is {NEWEST}."
        yield find("store-older", what)


def _key(database: Connection, location: Path | str, given: str | None) -> Iterator[Finding]:
    if not inspect(database).has_table(schema.stores.name):
        return
    row = database.execute(select(schema.stores)).first()
    if row is None:
        return
    known = str(row.key_id)
    try:
        found = _found_key(location, given, known)
    except StoreUnusable as error:
        # A new key, which the error's own hint offers, would open nothing here.
        exposed = not given and not is_url(location) and _is_open(key_file(Path(location)))
        yield find("key-unusable", error.message, mend=error.hint if exposed else _OWN_KEY)
        return
    if found is None:
        what = f"The store is sealed with the key {known}, and {_place(location)} is missing."
        yield find("key-missing", what)
    elif Sealer(found).key_id != known:
        source = VARIABLE if given else _place(location)
        what = f"The store is sealed with the key {known}; {source} holds {Sealer(found).key_id}."
        yield find("key-wrong", what, mend="" if given else _OWN_KEY)
    elif not given and not is_url(location) and _pending(Path(location), known) is not None:
        yield find("key-rotation-open", "The store is sealed with the next key already.")


def _found_key(location: Path | str, given: str | None, known: str) -> bytes | None:
    if given:
        return parse_key(given, source=VARIABLE)
    if is_url(location):
        return None
    return _pending(Path(location), known) or read_key_file(key_file(Path(location)))


def _pending(path: Path, known: str) -> bytes | None:
    """Return the next key where the store is sealed with it already."""
    found = read_key_file(next_key_file(key_file(path)))
    return found if found is not None and Sealer(found).key_id == known else None


def _place(location: Path | str) -> str:
    return VARIABLE if is_url(location) else f"its key file {key_file(Path(location))}"


def _locked(path: Path) -> Iterator[Finding]:
    """Take the lock that every write takes, and give it back."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as database:
            database.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE_MILLISECONDS}")
            database.exec_driver_sql("BEGIN IMMEDIATE")
            database.exec_driver_sql("ROLLBACK")
    except DatabaseError as error:
        yield find("store-locked", f"The store {path} cannot be written: {error.orig}.")


def _is_open(path: Path) -> bool:
    return bool(path.lstat().st_mode & _OPEN_TO_OTHERS)


def _exposed(path: Path) -> Iterator[Finding]:
    if _is_open(path.resolve()):
        mode = stat.S_IMODE(path.stat().st_mode)
        what = f"The store {path} is open to others (mode {mode:o})."
        yield find("store-exposed", what, mend=f"chmod 600 {path}")
