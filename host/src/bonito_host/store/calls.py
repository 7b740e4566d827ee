"""Calls through the gateway as they are kept: who, what, how long, how much; never the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select

from bonito_host.store.engines import reading
from bonito_host.store.schema import calls

_KEPT = 100_000
"""How many calls are kept; older ones go."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    Attributes:
        at: When it came in.
        caller: Whose key, by its id, or what page of the host.
        model: The name the caller used.
        connection: Which connection answered, or failed; None where none was asked, or where
            several might have been and nothing tells which.
        deployment: Which deployment.
        kind: ``chat`` or ``embedding``.
        streamed: Whether it was answered as it came.
        status: What the caller was answered, 499 for one who left first.
        failure: The class of the error, or None.
        seconds: From the request to the last byte.
        input_tokens: As the service counted them; None is unknown.
        output_tokens: The same.
        cost: In USD at list prices; None is unknown, never free.
    """

    at: str
    caller: str
    model: str
    connection: str | None
    deployment: str | None
    kind: str
    streamed: bool
    status: int
    failure: str | None
    seconds: float
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None


_NAMES = [each.name for each in fields(Call)]


class StoredCalls:
    """The calls of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, made: Sequence[Call]) -> None:
        """Keep these, and let the oldest go."""
        with self._engine.begin() as database:
            database.execute(insert(calls), [asdict(each) for each in made])
            newest = database.execute(select(func.max(calls.c.id))).scalar() or 0
            database.execute(delete(calls).where(calls.c.id <= newest - _KEPT))

    def recent(self, limit: int = 100) -> list[Call]:
        """Return the last calls, the newest first."""
        newest = select(calls).order_by(calls.c.id.desc()).limit(limit)
        with reading(self._engine) as database:
            return [_record(row) for row in database.execute(newest)]


def _record(row: Any) -> Call:  # noqa: ANN401 - SQLAlchemy's row
    return Call(**{name: getattr(row, name) for name in _NAMES})
