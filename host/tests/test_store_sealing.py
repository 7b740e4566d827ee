"""Sealed values open in their own place, with their own key, unaltered, and nowhere else."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.store.errors import SealBroken, WrongKey
from bonito_host.store.sealing import Place, Sealer

KEY = bytes(range(32))
PLACE = Place(table="connections", record="one", field="credentials")
texts = st.text(max_size=20)
places = st.builds(Place, table=texts, record=texts, field=texts)


@given(plain=st.binary(max_size=200), place=places)
def test_a_value_opens_where_it_was_sealed(plain: bytes, place: Place) -> None:
    sealed = Sealer(KEY).seal(plain, place=place)
    assert Sealer(KEY).open(sealed, place=place) == plain


@given(place=places, other=places)
def test_a_value_opens_in_no_other_place(place: Place, other: Place) -> None:
    sealed = Sealer(KEY).seal(b"secret", place=place)
    if place == other:
        assert Sealer(KEY).open(sealed, place=other) == b"secret"
    else:
        with pytest.raises(SealBroken):
            Sealer(KEY).open(sealed, place=other)


@given(data=st.data())
def test_a_value_altered_in_any_bit_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(Sealer(KEY).seal(b"a secret value", place=PLACE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((SealBroken, WrongKey)):
        Sealer(KEY).open(bytes(sealed), place=PLACE)


@given(length=st.integers(0, 48))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealed = Sealer(KEY).seal(b"a secret value", place=PLACE)
    with pytest.raises(SealBroken):
        Sealer(KEY).open(sealed[: min(length, len(sealed) - 1)], place=PLACE)


@given(other=st.binary(min_size=32, max_size=32).filter(lambda key: key != KEY))
def test_another_key_is_recognised_as_such(other: bytes) -> None:
    sealed = Sealer(KEY).seal(b"secret", place=PLACE)
    with pytest.raises(WrongKey):
        Sealer(other).open(sealed, place=PLACE)


def test_the_same_value_is_never_sealed_twice_alike() -> None:
    sealer = Sealer(os.urandom(32))
    assert len({sealer.seal(b"secret", place=PLACE) for _ in range(100)}) == 100


def test_neither_the_key_nor_anything_of_it_shows() -> None:
    sealer = Sealer(KEY)
    sealed = sealer.seal(b"secret", place=PLACE)
    assert KEY[:8] not in sealed
    assert KEY.hex()[:8] not in repr(sealer) + sealer.key_id
