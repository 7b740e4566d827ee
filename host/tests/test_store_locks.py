"""Who waits for whom: readers for nobody, a writer for another one, and never for ever."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import DBAPIError

from bonito_host.store import schema
from bonito_host.store.engines import engine_of, reading
from bonito_host.store.errors import StoreBusy, StoreUnusable
from bonito_host.store.store import Store
from host.tests.running import Bonito

ROW = {"id": "c", "name": "n", "digest": "d", "created_at": "now"}
IMPATIENT = 0.2


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "bonito.db")


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Somebody else is in the midst of a write, and does not come to its end."""
    engine = engine_of(path)
    with engine.begin():
        yield
    engine.dispose()


def must_be_read_while_somebody_writes(store: Store, key: str) -> None:
    assert store.callers.recognise(key) is not None
    assert store.callers.recognise("bonito-nobody-secret") is None
    assert len(store.callers.all()) == 1
    for found in (store.connections.all(), store.groups.all(), store.calls.recent()):
        assert len(found) == 0
    assert not store.connections.exists("one")
    for seen in (store.plans.unsettled("one"), store.listings.of("one")):
        assert len(seen) == 0


def must_not_write_for_ever(engine: Engine) -> None:
    with pytest.raises(StoreBusy, match=r"for 0\.2 seconds"), engine.begin():
        pass
    with reading(engine) as database:
        assert database.execute(select(schema.callers.c.id)).first() is not None


def must_refuse_to_write_while_reading(engine: Engine) -> None:
    with pytest.raises(DBAPIError), reading(engine) as database:
        database.execute(insert(schema.callers).values(ROW))
    with engine.begin() as database:  # and nothing of it stays behind
        database.execute(insert(schema.callers).values(ROW))


def test_reading_and_opening_wait_for_no_writer(store: Store, tmp_path: Path) -> None:
    key = store.callers.create("somebody").key
    with writing(tmp_path / "bonito.db"):
        must_be_read_while_somebody_writes(store, key)
        must_be_read_while_somebody_writes(Store(tmp_path / "bonito.db"), key)


def test_a_write_that_waits_too_long_says_so(store: Store, tmp_path: Path) -> None:
    store.callers.create("somebody")
    with writing(tmp_path / "bonito.db"):
        must_not_write_for_ever(engine_of(tmp_path / "bonito.db", patience=IMPATIENT))


def test_what_only_reads_cannot_write(store: Store, tmp_path: Path) -> None:
    must_refuse_to_write_while_reading(engine_of(tmp_path / "bonito.db"))


PASSWORDS = st.text(st.sampled_from("ab1@:/?#%[] "), min_size=6, max_size=12)


@given(PASSWORDS)
@example("p@ss:word/1")
@example("12345/abcdef")
@example("pa[ss]word")
def test_no_url_that_cannot_be_used_tells_its_password(password: str) -> None:
    url = f"postgresql://bonito:{password}@127.0.0.1:1/none"
    with pytest.raises(StoreUnusable) as refused:
        Store(url, key="00" * 32)
    told = f"{refused.value} {refused.value.hint}".replace("postgresql://user:password@host", "")
    pieces = [each for each in password.replace("@", " ").replace(":", " ").split() if each]
    assert password not in told
    assert not [each for each in pieces if len(each) > 3 and each in told]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bonito:canary@pass@127.0.0.1:1/none",
        "postgresql://bonito:canary@127.0.0.1:canary/none",
        "postgresql://bonito:canary/none",
        "mysql://bonito:canary@127.0.0.1/none",
        "://canary",
    ],
)
def test_the_command_names_the_option_and_not_the_url(tmp_path: Path, url: str) -> None:
    key = "00" * 32
    for given_ in (("--store", url), ()):
        variables = {"BONITO_KEY": key} | ({} if given_ else {"BONITO_STORE": url})
        done = Bonito(tmp_path).run("connections", *given_, **variables)
        assert done.code not in (0, 1, 70), done.stderr
        assert "--store or BONITO_STORE" in done.stderr
        assert "canary" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
