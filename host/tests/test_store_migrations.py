"""The store's tables: from nothing, from before there were migrations, and from the future."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bonito_host.store import migrations
from bonito_host.store.errors import StoreUnusable
from bonito_host.store.migrating import NEWEST
from bonito_host.store.schema import metadata
from bonito_host.store.store import Store

OLD = """
CREATE TABLE stores (
    id INTEGER NOT NULL, schema_version INTEGER NOT NULL, key_id VARCHAR NOT NULL, PRIMARY KEY (id)
);
CREATE TABLE connections (
    id VARCHAR NOT NULL, provider VARCHAR NOT NULL, cloud VARCHAR NOT NULL, title VARCHAR NOT NULL,
    created_at VARCHAR NOT NULL, checked_at VARCHAR, report JSON, credentials BLOB NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE plans (
    id VARCHAR NOT NULL, connection VARCHAR NOT NULL, name VARCHAR NOT NULL, ref JSON NOT NULL,
    "plan" JSON NOT NULL, status VARCHAR NOT NULL, reason TEXT NOT NULL, deployment JSON,
    operation BLOB, created_at VARCHAR NOT NULL, updated_at VARCHAR NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(connection) REFERENCES connections (id) ON DELETE CASCADE
);
CREATE INDEX ix_plans_connection ON plans (connection);
CREATE INDEX ix_plans_status ON plans (status);
"""
"""As SQLite shows the tables of the last version without migrations."""
CREDENTIALS = {"key": "canary-9f8e7d6c5b4a39281706"}


def save(store: Store) -> None:
    store.connections.save(
        "one", provider="acme", cloud="sky", title="Acme", credentials=CREDENTIALS, report={}
    )


def make_old(path: Path) -> None:
    """Make a store with a connection, and take away what later versions brought."""
    save(Store(path))
    new = sqlite3.connect(path)
    rows = {
        table: new.execute(f"SELECT * FROM {table}").fetchall()
        for table in ("stores", "connections")
    }
    new.close()
    for each in path.parent.glob(f"{path.name}*"):
        if not each.name.endswith(".key"):
            each.unlink()
    old = sqlite3.connect(path)
    old.executescript(OLD)
    for table, found in rows.items():
        marks = ", ".join("?" * len(found[0]))
        old.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
    old.commit()
    old.close()


def tables(path: Path) -> list[str]:
    """Everything that stands in a database."""
    database = sqlite3.connect(path)
    found = list(database.iterdump())
    database.close()
    return found


def differences(path: Path) -> list[object]:
    """What the tables lack, and have too many, by the program's own description."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    return found


def test_the_steps_lead_to_the_tables_the_program_describes(tmp_path: Path) -> None:
    Store(tmp_path / "bonito.db")
    assert differences(tmp_path / "bonito.db") == []


def test_a_store_from_before_the_steps_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    make_old(path)
    store = Store(path)
    assert store.connections.credentials("one") == CREDENTIALS
    assert differences(path) == []
    assert store.callers.recognise(store.callers.create("somebody").key) is not None


def test_the_newest_step_is_the_one_the_program_knows() -> None:
    (folder,) = migrations.__path__
    assert ScriptDirectory(folder).get_current_head() == NEWEST


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    save(Store(path))
    database = sqlite3.connect(path)
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    with pytest.raises(StoreUnusable, match="revision 9999"):
        Store(path)


def test_a_wrong_key_is_noticed_before_anything_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    make_old(path)
    before = tables(path)
    path.with_name("bonito.db.key").unlink()
    with pytest.raises(StoreUnusable, match="missing"):
        Store(path)
    assert tables(path) == before
