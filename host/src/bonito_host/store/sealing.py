"""Secrets at rest: AES-256-GCM under a key of each record's own, bound to its place.

A sealed value is a version byte, the key's id, a nonce, and the ciphertext with its tag. Its place
(table, record, field, and how places are written) is authenticated with it, so a value moved to
another record does not open there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, select

from bonito_host.store.errors import SealBroken, WrongKey
from bonito_host.store.schema import stores

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

    Attributes:
        key_id: Tells keys apart without telling anything of them.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._id = _derived(key, b"key id", length=_ID_BYTES)
        self.key_id = self._id.hex()

    def __repr__(self) -> str:
        return f"<Sealer {self.key_id}>"

    def seal(self, plain: bytes, *, place: Place) -> bytes:
        """Return the value encrypted and bound to its place."""
        header = _FORMAT + self._id + os.urandom(_NONCE_BYTES)
        return header + self._cipher(place).encrypt(
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
        if header[1 : 1 + _ID_BYTES] != self._id:
            raise wrong_key(header[1 : 1 + _ID_BYTES].hex(), self.key_id)
        try:
            return self._cipher(place).decrypt(
                header[-_NONCE_BYTES:], ciphertext, header + place.written()
            )
        except InvalidTag:
            raise _broken(place) from None

    def _cipher(self, place: Place) -> AESGCM:
        # A key for each place: no nonce is ever near repeating under one of them.
        return AESGCM(_derived(self._key, b"record " + place.written(), length=KEY_BYTES))


def require_key(database: Connection, sealer: Sealer) -> None:
    """Make sure, within the transaction that writes, that the store's key is still this one.

    Raises:
        WrongKey: Another process has given the store a new key: what this one sealed could never
            be opened again.
    """
    known = database.execute(select(stores.c.key_id)).scalar()
    if known != sealer.key_id:
        raise wrong_key(str(known), sealer.key_id)


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
