"""Keys of the gateway's callers: shown once, kept as a digest only, revocable."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, select, update

from bonito_host.store.engines import reading
from bonito_host.store.errors import RecordMissing
from bonito_host.store.schema import callers

_PREFIX = "bonito"
_SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who may, or might once, call the gateway.

    Attributes:
        id: Part of the key, and no secret.
        name: What the operator calls them.
        created_at: When the key was made.
        revoked_at: When it stopped working, or None.
    """

    id: str
    name: str
    created_at: str
    revoked_at: str | None


@dataclass(frozen=True, kw_only=True)
class NewCaller:
    """A caller just made, with the key to hand over.

    Attributes:
        caller: Who.
        key: In clear, this one time.
    """

    caller: Caller
    key: str = field(repr=False)


class StoredCallers:
    """The callers of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, name: str) -> NewCaller:
        """Make a key for somebody; what is returned is the only copy of it."""
        id, secret = secrets.token_hex(6), secrets.token_urlsafe(_SECRET_BYTES)
        caller = Caller(id=id, name=name, created_at=_now(), revoked_at=None)
        values = {"id": id, "name": name, "created_at": caller.created_at}
        with self._engine.begin() as database:
            database.execute(insert(callers).values(digest=_digest(secret), **values))
        return NewCaller(caller=caller, key=f"{_PREFIX}-{id}-{secret}")

    def all(self) -> list[Caller]:
        """Return every caller, revoked ones too, the oldest first."""
        order = callers.c.created_at, callers.c.id
        with reading(self._engine) as database:
            return [_record(row) for row in database.execute(select(callers).order_by(*order))]

    def revoke(self, id: str) -> None:
        """Let a key work no more; doing it twice changes nothing.

        Raises:
            RecordMissing: There is none of that id.
        """
        mine = callers.c.id == id
        with self._engine.begin() as database:
            if database.execute(select(callers.c.id).where(mine)).first() is None:
                raise RecordMissing(f"There is no caller {id}.")
            standing = update(callers).where(mine, callers.c.revoked_at.is_(None))
            database.execute(standing.values(revoked_at=_now()))

    def recognise(self, key: str) -> Caller | None:
        """Return whose key it is, or None for one that is wrong or revoked.

        The key's own id finds the row, and digests are compared in constant time, so that how
        long it takes tells nothing of a secret.
        """
        prefix, _, rest = key.partition("-")
        id, _, secret = rest.partition("-")
        if prefix != _PREFIX or not secret:
            return None
        with reading(self._engine) as database:
            row = database.execute(select(callers).where(callers.c.id == id)).first()
        known = row.digest if row is not None else _digest("")
        same = hmac.compare_digest(known, _digest(secret))
        return _record(row) if same and row is not None and row.revoked_at is None else None


def _digest(secret: str) -> str:
    # 256 random bits cannot be guessed, so that no slow hash is needed to protect them.
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _record(row: Any) -> Caller:  # noqa: ANN401 - SQLAlchemy's row
    return Caller(id=row.id, name=row.name, created_at=row.created_at, revoked_at=row.revoked_at)
