"""A new key for the store: everything sealed anew, in one transaction.

The new key is on the disk before anything is sealed with it, the old one is there until nothing
is sealed with it any more. Killed at any moment, the store opens: with the old key before the
transaction is through, with the new one after.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, select, update

from bonito_host.store import schema
from bonito_host.store.connections import place_of_credentials
from bonito_host.store.database import key_file, open_database
from bonito_host.store.engines import is_url
from bonito_host.store.errors import StoreUnusable
from bonito_host.store.keys import adopt_next_key, parse_key, write_next_key
from bonito_host.store.plans import place_of_operation
from bonito_host.store.sealing import Sealer, require_key


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """What a rotation did.

    Attributes:
        old: The id of the key before.
        new: The id of the key now.
        resealed: How many values were sealed anew.
    """

    old: str
    new: str
    resealed: int


def rotate(location: Path | str, *, key: str | None, new_key: str | None) -> Rotation:
    """Seal everything in a store with a new key.

    Args:
        location: The store.
        key: The operator's own key; None is the key file beside the store.
        new_key: The operator's next key; a key file gets one that is generated.

    Raises:
        StoreUnusable: The operator's key can only be followed by one the operator gives.
        WrongKey: The key is not the store's, or another process has just rotated it.
    """
    if key is None and new_key is not None:
        raise StoreUnusable(
            "BONITO_NEW_KEY follows a key in BONITO_KEY; this store has a key file.",
            hint="Leave it out: the next key file is made by itself.",
        )
    engine, old = open_database(location, key=key)
    if key is not None:
        if new_key is None:
            raise StoreUnusable(
                "The next key must come from where the old one does.",
                hint="Give it in BONITO_NEW_KEY; make one with: openssl rand -base64 32",
            )
        return _resealed(engine, old, Sealer(parse_key(new_key, source="BONITO_NEW_KEY")))
    if is_url(location):  # opening it without a key has been refused already
        raise StoreUnusable("A store on a server has no key file beside it.")
    return _with_key_file(engine, old, key_file(Path(location)))


def _with_key_file(engine: Engine, old: Sealer, file: Path) -> Rotation:
    with engine.begin() as database:
        # Under the database's lock, so that two rotations never write the file in turns.
        require_key(database, old)
        new = Sealer(write_next_key(file))
        done = _reseal(database, old, new)
    adopt_next_key(file, known=new.key_id)
    return done


def _resealed(engine: Engine, old: Sealer, new: Sealer) -> Rotation:
    with engine.begin() as database:
        require_key(database, old)
        return _reseal(database, old, new)


def _reseal(database: Connection, old: Sealer, new: Sealer) -> Rotation:
    count = 0
    sealed = [
        (schema.connections, schema.connections.c.credentials, place_of_credentials),
        (schema.plans, schema.plans.c.operation, place_of_operation),
    ]
    for table, column, place_of in sealed:
        rows = database.execute(select(table.c.id, column).where(column.is_not(None))).all()
        for id, value in rows:
            place = place_of(id)
            fresh = new.seal(old.open(value, place=place), place=place)
            database.execute(update(table).where(table.c.id == id).values({column: fresh}))
        count += len(rows)
    database.execute(update(schema.stores).values(key_id=new.key_id))
    return Rotation(old=old.key_id, new=new.key_id, resealed=count)
