"""Secrets at rest: AES-256-GCM under a key of each record's own, bound to its place.

A sealed value is a version byte, the key's id, a nonce, and the ciphertext with its tag. Its place
(table, record, field, and how places are written) is authenticated with it, so a value moved to
another record does not open there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, select

from bonito_host.store.errors import SealBroken, WrongKey
from bonito_host.store.schema import stores

Renew = Callable[[str], bytes | None]
"""Reads the store's key once more, given the id of the one it should be."""
KEY_BYTES = 32
SCHEMA_VERSION = 1
"""Authenticated with every place: what is sealed stays readable while tables come and go, so this
is raised only where places themselves are written in another way."""
_FORMAT = b"\x01"
_ID_BYTES, _NONCE_BYTES = 8, 12
_HEADER_BYTES = len(_FORMAT) + _ID_BYTES + _NONCE_BYTES


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a sealed value belongs."""

    table: str
    record: str
    field: str

    def written(self) -> bytes:
        """Return the place unambiguously, with the version of this form."""
        parts = ["bonito-host", SCHEMA_VERSION, self.table, self.record, self.field]
        return json.dumps(parts).encode()


class Sealer:
    """Seals and opens values with the store's key.

    Args:
        key: 32 random bytes.
        renew: Reads the key anew where the store has another one by now; None where it cannot
            be read again, as with a key that the operator gave this process.
    """

    def __init__(self, key: bytes, *, renew: Renew | None = None) -> None:
        self._renew = renew
        # One attribute, so that other threads see the key and its id change together.
        self._known = key, _derived(key, b"key id", length=_ID_BYTES)

    @property
    def key_id(self) -> str:
        """What tells keys apart without telling anything of them."""
        return self._known[1].hex()

    def __repr__(self) -> str:
        return f"<Sealer {self.key_id}>"

    def seal(self, plain: bytes, *, place: Place) -> bytes:
        """Return the value encrypted and bound to its place."""
        key, id = self._known
        header = _FORMAT + id + os.urandom(_NONCE_BYTES)
        return header + _cipher(key, place).encrypt(
            header[-_NONCE_BYTES:], plain, header + place.written()
        )

    def open(self, sealed: bytes, *, place: Place) -> bytes:
        """Return the value in clear.

        Raises:
            WrongKey: It was sealed with another key.
            SealBroken: It was altered, or sealed for another place.
        """
        header, ciphertext = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        if header[:1] != _FORMAT or len(header) != _HEADER_BYTES:
            raise _broken(place)
        self.follow(header[1 : 1 + _ID_BYTES].hex())
        try:
            return _cipher(self._known[0], place).decrypt(
                header[-_NONCE_BYTES:], ciphertext, header + place.written()
            )
        except InvalidTag:
            raise _broken(place) from None

    def follow(self, key_id: str) -> None:
        """Take the key of this id, if it is not the one in use and can be read.

        Raises:
            WrongKey: It is neither.
        """
        if key_id == self.key_id:
            return
        fresh = self._renew(key_id) if self._renew else None
        known = None if fresh is None else (fresh, _derived(fresh, b"key id", length=_ID_BYTES))
        if known is None or known[1].hex() != key_id:
            raise wrong_key(key_id, self.key_id)
        self._known = known


def _cipher(key: bytes, place: Place) -> AESGCM:
    # A key for each place: no nonce is ever near repeating under one of them.
    return AESGCM(_derived(key, b"record " + place.written(), length=KEY_BYTES))


def require_key(database: Connection, sealer: Sealer) -> None:
    """Make sure, within the transaction that writes and before it seals, that the key is right.

    Raises:
        WrongKey: Another process has given the store a new key, which this one cannot read: what
            it sealed could never be opened again.
    """
    sealer.follow(str(database.execute(select(stores.c.key_id)).scalar()))


def wrong_key(stored: str, given: str) -> WrongKey:
    """Return the error for a key that is not the store's."""
    return WrongKey(
        f"The store was sealed with the key {stored}, and the one given is {given}. Nothing was "
        "changed.",
        hint="Set BONITO_KEY to the store's own key, put its key file back beside it, or name "
        "another store.",
    )


def _broken(place: Place) -> SealBroken:
    return SealBroken(
        f"{place.field} of {place.record} in {place.table} was altered or belongs to another "
        "record; it cannot be opened.",
        hint="Connect again with --replace, or restore the store from a backup.",
    )


def _derived(key: bytes, purpose: bytes, *, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=b"bonito-host", info=purpose).derive(key)
