"""What was last seen callable in each account, kept so that a start waits for no cloud."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bonito_host.store.connections import missing
from bonito_host.store.engines import reading
from bonito_host.store.schema import listings
from bonito_providers.deployment import Deployment


class StoredListings:
    """The deployments last seen, by connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, connection: str) -> list[Deployment]:
        """Return what was last seen there, by name."""
        mine = select(listings.c.deployment).where(listings.c.connection == connection)
        with reading(self._engine) as database:
            found = database.execute(mine.order_by(listings.c.name)).scalars().all()
        return [Deployment.model_validate(each) for each in found]

    def named(self, connection: str, names: Collection[str]) -> list[Deployment]:
        """Return those of these names that were last seen there."""
        mine = (listings.c.connection == connection, listings.c.name.in_(names))
        with reading(self._engine) as database:
            found = database.execute(select(listings.c.deployment).where(*mine)).scalars().all()
        return [Deployment.model_validate(each) for each in found]

    def replace(self, connection: str, deployments: Iterable[Deployment]) -> None:
        """Keep these in place of what was kept before.

        Raises:
            RecordMissing: The connection has been removed.
        """
        rows = {each.ref.name: _row(connection, each) for each in deployments}
        with self._engine.begin() as database:
            database.execute(delete(listings).where(listings.c.connection == connection))
            if rows:
                _insert(database, connection, list(rows.values()))

    def put(self, connection: str, deployment: Deployment) -> None:
        """Keep one as it is now.

        Raises:
            RecordMissing: The connection has been removed.
        """
        with self._engine.begin() as database:
            _delete(database, connection, deployment.ref.name)
            _insert(database, connection, [_row(connection, deployment)])

    def drop(self, connection: str, name: str) -> None:
        """Forget one; nothing happens where it is not kept."""
        with self._engine.begin() as database:
            _delete(database, connection, name)


def _row(connection: str, deployment: Deployment) -> dict[str, object]:
    # An operation's address may be signed; it is no business of a listing.
    written = deployment.model_dump(mode="json", exclude={"operation"})
    return {"connection": connection, "name": deployment.ref.name, "deployment": written}


def _delete(database: Connection, connection: str, name: str) -> None:
    mine = (listings.c.connection == connection, listings.c.name == name)
    database.execute(delete(listings).where(*mine))


def _insert(database: Connection, connection: str, rows: list[dict[str, object]]) -> None:
    try:
        database.execute(insert(listings), rows)
    except IntegrityError:
        raise missing(connection) from None
