"""Stored failover groups: what the operator accepted, in the operator's order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bonito_host.accepted_groups import AcceptedGroup
from bonito_host.store.engines import reading
from bonito_host.store.errors import RecordExists, RecordMissing
from bonito_host.store.schema import groups


class StoredGroups:
    """The accepted groups of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> list[AcceptedGroup]:
        """Return every accepted group, by name."""
        with reading(self._engine) as database:
            rows = database.execute(select(groups).order_by(groups.c.name)).all()
        return [
            AcceptedGroup(name=row.name, members=tuple(row.members), model=row.model)
            for row in rows
        ]

    def save(
        self,
        name: str,
        members: Sequence[str],
        *,
        model: str | None = None,
        replace: bool = False,
    ) -> None:
        """Store a group.

        Args:
            name: What callers ask for.
            members: Names of routes, the first to be tried first.
            model: The canonical name of the model that all of them lead to.
            replace: Whether the name may have a group, which gets these members instead.

        Raises:
            RecordExists: The name is taken.
        """
        now = datetime.now(UTC).isoformat()
        values = {"members": list(members), "accepted_at": now, "model": model}
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
