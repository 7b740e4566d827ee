"""Stored connections: what they are in clear, their credentials sealed as one document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bonito_host.store.engines import reading
from bonito_host.store.errors import RecordExists, RecordInUse, RecordMissing
from bonito_host.store.schema import connections, plans
from bonito_host.store.sealing import Place, Sealer, require_key
from bonito_host.store.status import BINDING


@dataclass(frozen=True, kw_only=True)
class StoredConnection:
    """A connection as it is stored, without its credentials.

    Attributes:
        id: The operator's own name for it.
        provider: The provider it was made with.
        cloud: What the provider is chosen within.
        title: The provider's title.
        created_at: When it was stored.
        checked_at: When its credentials were last checked.
        report: What that check found, in short.
    """

    id: str
    provider: str
    cloud: str
    title: str
    created_at: str
    checked_at: str | None
    report: Mapping[str, Any] | None


class StoredConnections:
    """The connections of a store."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer

    def all(self) -> list[StoredConnection]:
        """Return every connection, by id."""
        with reading(self._engine) as database:
            rows = database.execute(select(connections).order_by(connections.c.id)).all()
        return [_record(row) for row in rows]

    def get(self, id: str) -> StoredConnection:
        """Return one connection.

        Raises:
            RecordMissing: There is none of that id.
        """
        return _record(self._row(id))

    def exists(self, id: str) -> bool:
        """Tell whether the id is taken."""
        with reading(self._engine) as database:
            found = database.execute(select(connections.c.id).where(connections.c.id == id))
            return found.first() is not None

    def credentials(self, id: str) -> dict[str, Any]:
        """Return a connection's credentials in clear.

        Raises:
            RecordMissing: There is none of that id.
            SealBroken: They were altered, or belong to another record.
        """
        return self.opened(id)[1]

    def opened(self, id: str) -> tuple[StoredConnection, dict[str, Any]]:
        """Return a connection and its credentials in clear, both as they are at one moment.

        Raises:
            RecordMissing: There is none of that id.
            SealBroken: The credentials were altered, or belong to another record.
        """
        row = self._row(id)
        plain = self._sealer.open(row.credentials, place=place_of_credentials(id))
        return _record(row), json.loads(plain)

    def save(
        self,
        id: str,
        *,
        provider: str,
        cloud: str,
        title: str,
        credentials: Mapping[str, Any],
        report: Mapping[str, Any],
        replace: bool = False,
    ) -> None:
        """Store a checked connection, whole or not at all.

        Args:
            id: The operator's own name for it.
            provider: The provider it was made with.
            cloud: What the provider is chosen within.
            title: The provider's title.
            credentials: In clear, with the selector field.
            report: What the check found, in short.
            replace: Whether one of that id may be there; its plans are kept.

        Raises:
            RecordExists: The id is taken.
        """
        now = datetime.now(UTC).isoformat()
        plain = json.dumps(dict(credentials)).encode()
        values: dict[str, Any] = {
            "provider": provider,
            "cloud": cloud,
            "title": title,
            "checked_at": now,
            "report": dict(report),
        }
        with self._engine.begin() as database:
            require_key(database, self._sealer)
            values["credentials"] = self._sealer.seal(plain, place=place_of_credentials(id))
            if replace:
                changed = database.execute(
                    update(connections).where(connections.c.id == id).values(**values)
                )
                if changed.rowcount:
                    return
            try:
                database.execute(insert(connections).values(id=id, created_at=now, **values))
            except IntegrityError:
                raise taken(id) from None

    def checked(self, id: str, report: Mapping[str, Any]) -> None:
        """Keep what a later check of the stored credentials found.

        Raises:
            RecordMissing: There is none of that id.
        """
        values = {"checked_at": datetime.now(UTC).isoformat(), "report": dict(report)}
        with self._engine.begin() as database:
            mine = update(connections).where(connections.c.id == id)
            if not database.execute(mine.values(**values)).rowcount:
                raise missing(id)

    def remove(self, id: str, *, forget: bool = False) -> None:
        """Forget a connection and its plans; nothing in the cloud is touched.

        Args:
            id: Which.
            forget: Whether deployments made by it may stay behind in the cloud, unknown here.

        Raises:
            RecordMissing: There is none of that id.
            RecordInUse: Deployments made by it stand, or may stand.
        """
        binding = select(plans.c.plan).where(plans.c.connection == id, plans.c.status.in_(BINDING))
        with self._engine.begin() as database:
            found = database.execute(binding).scalars()
            # What was adopted stood before and may stay.
            standing = sum(not plan["request"]["adopt"] for plan in found)
            if standing and not forget:
                raise RecordInUse(
                    f"{id} has {standing} deployment{'' if standing == 1 else 's'} made by it.",
                    hint="Delete them first, or add --forget to leave them in the cloud.",
                )
            if not database.execute(delete(connections).where(connections.c.id == id)).rowcount:
                raise missing(id)

    def _row(self, id: str) -> Any:  # noqa: ANN401 - SQLAlchemy's row
        with reading(self._engine) as database:
            row = database.execute(select(connections).where(connections.c.id == id)).first()
        if row is None:
            raise missing(id)
        return row


def taken(id: str) -> RecordExists:
    """Return the error for an id that is taken."""
    return RecordExists(
        f"There is a connection {id} already.",
        hint="Choose another id, or add --replace to give it new credentials.",
    )


def missing(id: str) -> RecordMissing:
    """Return the error for an id that is not there."""
    return RecordMissing(
        f"There is no connection {id}.", hint="`bonito connections` lists what is stored."
    )


def place_of_credentials(id: str) -> Place:
    """Return where a connection's sealed credentials belong."""
    return Place(table=connections.name, record=id, field="credentials")


def _record(row: Any) -> StoredConnection:  # noqa: ANN401 - SQLAlchemy's row
    return StoredConnection(
        id=row.id,
        provider=row.provider,
        cloud=row.cloud,
        title=row.title,
        created_at=row.created_at,
        checked_at=row.checked_at,
        report=row.report,
    )
