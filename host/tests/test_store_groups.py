"""Accepted groups in the store, and a store from before there were any."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bonito_host.accepted_groups import AcceptedGroup
from bonito_host.store.errors import RecordExists, RecordMissing
from bonito_host.store.migrating import NEWEST
from bonito_host.store.store import Store

SECRET = "canary-9f8e7d6c5b4a39281706"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bonito.db"


def older(path: Path) -> None:
    """Make the store what the first version wrote, with a connection in it."""
    Store(path).connections.save(
        "one",
        provider="acme",
        cloud="sky",
        title="Acme",
        credentials={"key": SECRET},
        report={},
    )
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE groups")
        database.execute("UPDATE alembic_version SET version_num = '0002'")
    database.close()


def version(path: Path) -> str:
    with sqlite3.connect(path) as database:
        (found,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    database.close()
    return str(found)


def test_a_group_comes_back_in_the_order_it_was_accepted_in(path: Path) -> None:
    Store(path).groups.save("z", ["b/1", "a/1"])
    Store(path).groups.save("a", ["a/2", "b/2", "c/2"], model="bird")
    assert Store(path).groups.all() == [
        AcceptedGroup(name="a", members=("a/2", "b/2", "c/2"), model="bird"),
        AcceptedGroup(name="z", members=("b/1", "a/1")),
    ]


def test_a_name_is_taken_until_it_is_replaced_on_purpose(path: Path) -> None:
    store = Store(path)
    store.groups.save("a", ["x/1", "y/1"])
    with pytest.raises(RecordExists, match="a is an accepted group already") as refusal:
        store.groups.save("a", ["y/1", "x/1"])
    assert "Replace it" in refusal.value.hint
    assert store.groups.all()[0].members == ("x/1", "y/1")
    store.groups.save("a", ["y/1", "x/1"], replace=True)
    assert store.groups.all()[0].members == ("y/1", "x/1")
    store.groups.save("fresh", ["y/1", "x/1"], replace=True)
    assert [each.name for each in store.groups.all()] == ["a", "fresh"]


def test_a_withdrawn_group_is_gone_and_cannot_be_withdrawn_again(path: Path) -> None:
    store = Store(path)
    store.groups.save("a", ["x/1", "y/1"])
    store.groups.remove("a")
    assert store.groups.all() == []
    with pytest.raises(RecordMissing):
        store.groups.remove("a")


def test_a_store_from_before_there_were_groups_is_brought_up_to_date(path: Path) -> None:
    older(path)
    assert version(path) == "0002"
    store = Store(path)
    assert version(path) == NEWEST
    assert store.connections.credentials("one") == {"key": SECRET}
    store.groups.save("a", ["x/1", "y/1"])
    assert [each.name for each in Store(path).groups.all()] == ["a"]


def test_an_older_store_may_be_opened_by_many_at_once(path: Path) -> None:
    older(path)
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store(path), range(8)))
    assert version(path) == NEWEST
    assert {store.connections.credentials("one")["key"] for store in stores} == {SECRET}


def test_a_removed_connection_leaves_the_operators_groups_alone(path: Path) -> None:
    older(path)
    store = Store(path)
    store.groups.save("a", ["one/1", "two/1"])
    store.connections.remove("one")
    assert store.groups.all()[0].members == ("one/1", "two/1")
