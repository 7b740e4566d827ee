"""Stored failover groups: what the operator accepted, in the operator's order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bonito_host.store.errors import RecordExists, RecordMissing
from bonito_host.store.schema import groups
from bonito_providers.gateway import FailoverGroup


class StoredGroups:
    """The accepted groups of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[FailoverGroup]:
        """Return every accepted group, by name."""
        with self._engine.begin() as database:
            rows = database.execute(select(groups).order_by(groups.c.name)).all()
        return [FailoverGroup(name=row.name, members=tuple(row.members)) for row in rows]

    def save(self, name: str, members: Sequence[str], *, replace: bool = False) -> None:
        """Store a group.

        Args:
            name: What callers ask for.
            members: Names of routes, the first to be tried first.
            replace: Whether the name may have a group, which gets these members instead.

        Raises:
            RecordExists: The name is taken.
        """
        values = {"members": list(members), "accepted_at": datetime.now(UTC).isoformat()}
        with self._engine.begin() as database:
            if replace:
                changed = database.execute(
                    update(groups).where(groups.c.name == name).values(**values)
                )
                if changed.rowcount:
                    return
            try:
                database.execute(insert(groups).values(name=name, **values))
            except IntegrityError:
                raise taken(name) from None

    def remove(self, name: str) -> None:
        """Forget a group; its members stay routed under their own names.

        Raises:
            RecordMissing: There is none of that name.
        """
        with self._engine.begin() as database:
            if not database.execute(delete(groups).where(groups.c.name == name)).rowcount:
                raise RecordMissing(
                    f"There is no accepted group {name}.",
                    hint="`bonito gateway groups` lists what is accepted.",
                )


def taken(name: str) -> RecordExists:
    """Return the error for a name that has a group."""
    return RecordExists(
        f"{name} is an accepted group already.",
        hint="Replace it to give it this order, or choose another name.",
    )
