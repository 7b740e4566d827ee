"""Opening the database: the right key, the newest schema, shared by as many as like to."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from bonito_host.store import schema
from bonito_host.store.engines import engine_of, is_url, reading
from bonito_host.store.errors import StoreUnusable
from bonito_host.store.keys import adopt_next_key, create_key_file, parse_key, read_key_file
from bonito_host.store.migrating import bring_up_to_date, is_up_to_date
from bonito_host.store.sealing import SCHEMA_VERSION, Renew, Sealer, wrong_key


def open_database(location: Path | str, *, key: str | None) -> tuple[Engine, Sealer]:
    """Open the store's database, made at first use, and check that the key is its own.

    A database of an older version is brought up to date, in one transaction.

    Args:
        location: A file for SQLite, made with its folder where it is missing; or a URL.
        key: The operator's key; None reads the key file beside the database, generating it for
            a store that holds nothing yet.

    Raises:
        StoreUnusable: It cannot be opened, is no store or a later program's, or its key is missing
            or exposed.
        WrongKey: The key is another one; nothing was changed.
    """
    try:
        engine = engine_of(location)
        with reading(engine) as connection:
            known, newest = _known_key(connection), is_up_to_date(connection)
        renew = None if key or is_url(location) else _renewal(key_file(Path(location)))
        sealer = Sealer(_key(location, key, known=known), renew=renew)
        if known is None:
            known = _initialised(engine, sealer)
        if known != sealer.key_id:
            raise wrong_key(known, sealer.key_id)
        if not newest:
            with engine.begin() as connection:
                bring_up_to_date(connection)
    except OSError as error:
        message = f"The store {_named(location)} cannot be opened: {error.strerror}."
        raise StoreUnusable(message, hint="Name another with --store or BONITO_STORE.") from None
    except DatabaseError as error:
        message = f"The store {_named(location)} cannot be used: {error.orig}."
        raise StoreUnusable(message, hint="Name another with --store or BONITO_STORE.") from None
    return engine, sealer


def _named(location: Path | str) -> str:
    # A URL may hold a password.
    return "on PostgreSQL" if is_url(location) else str(location)


def _known_key(connection: Connection) -> str | None:
    """Return the id of the store's key, or None for a database that holds nothing yet."""
    if not inspect(connection).has_table(schema.stores.name):
        return None
    row = connection.execute(select(schema.stores)).first()
    if row is None:
        return None
    if row.schema_version != SCHEMA_VERSION:
        raise StoreUnusable(
            f"The store has schema {row.schema_version}; this program knows {SCHEMA_VERSION}.",
            hint="Use the version of bonito that wrote it, or name another store.",
        )
    return str(row.key_id)


def _key(location: Path | str, given: str | None, *, known: str | None) -> bytes:
    if given:
        return parse_key(given, source="BONITO_KEY")
    if is_url(location):
        raise StoreUnusable(
            "A store on a server has no key file beside it.",
            hint="Give its key in BONITO_KEY; make one with: openssl rand -base64 32",
        )
    file = key_file(Path(location))
    if known is not None:
        adopt_next_key(file, known=known)
    found = read_key_file(file)
    if found is not None:
        return found
    if known is not None:
        raise StoreUnusable(
            f"The store {location} is sealed with the key {known}, and its key file {file} is "
            "missing.",
            hint="Put the key file back, or give the key in BONITO_KEY.",
        )
    return create_key_file(file)


def _renewal(file: Path) -> Renew:
    """Return how a process that has the store open takes a new key over from its file."""

    def renew(known: str) -> bytes | None:
        adopt_next_key(file, known=known)
        return read_key_file(file)

    return renew


def key_file(path: Path) -> Path:
    """Return where the key of a store in a file lies."""
    return path.with_name(f"{path.name}.key")


def _initialised(engine: Engine, sealer: Sealer) -> str:
    """Make the tables and note the key; another process may have been faster with its own."""
    row = {"id": 1, "schema_version": SCHEMA_VERSION, "key_id": sealer.key_id}
    with engine.begin() as connection:
        bring_up_to_date(connection)
        if (known := _known_key(connection)) is not None:
            return known
        connection.execute(insert(schema.stores), row)
    return sealer.key_id
