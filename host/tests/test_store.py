"""The store: whole records, sealed secrets, and files for their owner alone."""

from __future__ import annotations

import base64
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bonito_host.store.errors import (
    RecordExists,
    RecordInUse,
    RecordMissing,
    SealBroken,
    StoreUnusable,
    WrongKey,
)
from bonito_host.store.plans import StoredPlan, newest
from bonito_host.store.status import PlanStatus
from bonito_host.store.store import Store
from bonito_providers import (
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
)

SECRET = "canary-9f8e7d6c5b4a39281706"
OPERATION = "https://cloud.example/operations/1?signature=canary-0a1b2c3d4e5f"
NOW = datetime.now(UTC)
REF = DeploymentRef(provider="acme", resource="r", name="mine")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "bonito.db"


@pytest.fixture
def store(path: Path) -> Store:
    store = Store(path)
    save(store, "one")
    return store


def save(store: Store, id: str, *, secret: str = SECRET, replace: bool = False) -> None:
    store.connections.save(
        id,
        provider="acme",
        cloud="sky",
        title="Acme",
        credentials={"url": "https://acme.example", "key": secret},
        report={"usable": True},
        replace=replace,
    )


def plan() -> DeploymentPlan:
    request = DeploymentRequest(model="m", consents=frozenset({"b", "a"}), fields={"x": "y"})
    made = DeploymentPlan(
        ref=REF, request=request, created_at=NOW, expires_at=NOW + timedelta(minutes=15)
    )
    return made.sealed()


def deployment(state: State, *, operation: str | None = None) -> Deployment:
    secret = SecretStr(operation) if operation else None
    return Deployment(ref=REF, state=state, observed_at=NOW, operation=secret)


def add(store: Store) -> StoredPlan:
    return store.plans.add("one", plan())


def test_a_connection_comes_back_as_it_was_saved(store: Store, path: Path) -> None:
    again = Store(path)
    assert again.connections.credentials("one") == {"url": "https://acme.example", "key": SECRET}
    record = again.connections.get("one")
    assert (record.id, record.provider, record.cloud, record.title) == (
        "one",
        "acme",
        "sky",
        "Acme",
    )
    assert record.report == {"usable": True}
    assert [each.id for each in again.connections.all()] == ["one"]


def test_a_secret_that_would_be_stored_as_its_mask_is_not_stored(store: Store) -> None:
    credentials = {"key": SecretStr(SECRET)}
    with pytest.raises(TypeError, match="SecretStr"):
        store.connections.save(
            "two", provider="acme", cloud="sky", title="Acme", credentials=credentials, report={}
        )
    assert [each.id for each in store.connections.all()] == ["one"]


def test_an_id_is_taken_until_it_is_replaced_on_purpose(store: Store) -> None:
    with pytest.raises(RecordExists):
        save(store, "one", secret="other")
    assert store.connections.credentials("one")["key"] == SECRET
    add(store)
    save(store, "one", secret="other", replace=True)
    assert store.connections.credentials("one")["key"] == "other"
    assert len(store.plans.named("one", "mine")) == 1


def test_a_connection_with_standing_deployments_is_not_forgotten_by_accident(store: Store) -> None:
    stored = add(store)
    store.plans.start(stored.id)
    with pytest.raises(RecordInUse):
        store.connections.remove("one")
    store.connections.remove("one", forget=True)
    with pytest.raises(RecordMissing):
        store.plans.get(stored.id)
    with pytest.raises(RecordMissing):
        store.connections.remove("one")
    with pytest.raises(RecordMissing):
        add(store)


def test_a_plan_comes_back_intact(store: Store, path: Path) -> None:
    stored = add(store)
    again = Store(path).plans.get(stored.id)
    assert again == stored
    assert again.plan == plan()
    assert again.plan.intact


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.QUEUED, PlanStatus.STARTED),
        (State.PROVISIONING, PlanStatus.STARTED),
        (State.READY, PlanStatus.DONE),
        (State.NEEDS_ACTION, PlanStatus.FAILED),
        (State.FAILED, PlanStatus.FAILED),
    ],
)
def test_what_is_seen_settles_a_plan_once_it_is_final(
    store: Store, state: State, status: PlanStatus
) -> None:
    stored = add(store)
    store.plans.start(stored.id)
    store.plans.seen(stored.id, deployment(state, operation=OPERATION))
    found = store.plans.get(stored.id)
    assert found.status is status
    assert found.deployment == deployment(state)
    running = status is PlanStatus.STARTED
    assert (store.plans.operation(stored.id) is not None) is running
    assert [each.id for each in store.plans.unsettled("one")] == [stored.id] * running


def test_the_last_plan_of_a_name_counts(store: Store) -> None:
    first, second = add(store), add(store)
    store.plans.settle(first.id, PlanStatus.DONE)
    found = store.plans.named("one", "mine")
    assert newest(found, PlanStatus.DONE, PlanStatus.PLANNED) == store.plans.get(second.id)
    assert newest(found, PlanStatus.DONE) == store.plans.get(first.id)
    assert newest(found, PlanStatus.DELETED) is None


def test_no_secret_stands_in_clear_in_any_file(store: Store, path: Path) -> None:
    stored = add(store)
    store.plans.seen(stored.id, deployment(State.PROVISIONING, operation=OPERATION))
    operation = store.plans.operation(stored.id)
    assert operation is not None
    assert operation.get_secret_value() == OPERATION
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    for secret in (SECRET, "canary-0a1b2c3d4e5f"):
        assert secret.encode() not in written
        assert base64.b64encode(secret.encode()) not in written


def test_the_files_are_for_their_owner_alone(store: Store, path: Path) -> None:
    add(store)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_swapped_records_do_not_open(store: Store, path: Path) -> None:
    save(store, "two", secret="another secret")
    with sqlite3.connect(path) as database:
        sealed = dict(database.execute("SELECT id, credentials FROM connections"))
        for id, other in (("one", "two"), ("two", "one")):
            swap = "UPDATE connections SET credentials = ? WHERE id = ?"
            database.execute(swap, (sealed[other], id))
    database.close()
    for id in ("one", "two"):
        with pytest.raises(SealBroken) as caught:
            Store(path).connections.credentials(id)
        assert "secret" not in str(caught.value)


def test_a_wrong_key_changes_nothing(store: Store, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(WrongKey) as caught:
        Store(path, key="00" * 32)
    assert "00" * 8 not in caught.value.message
    assert path.read_bytes() == before
    assert Store(path).connections.credentials("one")["key"] == SECRET
    assert store.path == path


@pytest.mark.parametrize("text", ["", " ", "short", "zz" * 32, "00" * 31, "00" * 33, "é" * 32])
def test_what_is_no_key_is_refused_without_being_quoted(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.with_name("bonito.db.key").write_text(text)
    path.with_name("bonito.db.key").chmod(0o600)
    with pytest.raises(StoreUnusable) as caught:
        Store(path)
    assert not text.strip() or text not in caught.value.message


def test_the_operators_key_is_taken_in_every_common_form_and_leaves_no_file(path: Path) -> None:
    key = bytes(range(200, 232))
    forms = [
        key.hex(),
        key.hex().upper(),
        base64.b64encode(key).decode(),
        base64.urlsafe_b64encode(key).decode().rstrip("="),
        f"{key.hex()}\n",
    ]
    save(Store(path, key=forms[0]), "one")
    for form in forms:
        assert Store(path, key=form).connections.credentials("one")["key"] == SECRET
    assert not path.with_name("bonito.db.key").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_key_file_open_to_others_is_refused(store: Store, path: Path, mode: int) -> None:
    key = path.with_name("bonito.db.key")
    key.chmod(mode)
    with pytest.raises(StoreUnusable, match="read by others") as caught:
        Store(path)
    assert "chmod 600" in caught.value.hint
    assert store.connections.exists("one")


def test_a_missing_key_file_is_never_replaced_by_a_new_one(store: Store, path: Path) -> None:
    key = path.with_name("bonito.db.key")
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(StoreUnusable, match="is missing"):
        Store(path)
    assert not key.exists()
    key.touch(0o600)
    key.write_bytes(kept)
    assert Store(path).connections.exists("one")
    assert store.connections.exists("one")


def test_a_key_file_that_is_a_link_is_refused(store: Store, path: Path, tmp_path: Path) -> None:
    key = path.with_name("bonito.db.key")
    key.rename(tmp_path / "elsewhere")
    key.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreUnusable):
        Store(path)
    assert store.connections.exists("one")


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\x00" + b"x" * 500])
def test_a_file_that_is_no_store_is_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreUnusable):
        Store(path)
    assert path.read_bytes() == content


def test_a_store_of_another_schema_is_left_alone(store: Store, path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE stores SET schema_version = 99")
    database.close()
    with pytest.raises(StoreUnusable, match="schema 99"):
        Store(path)
    assert store.connections.exists("one")


def test_many_openers_at_once_agree_on_one_key(path: Path) -> None:
    def open_and_save(number: int) -> None:
        save(Store(path), f"c{number}")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(open_and_save, range(16)))
    store = Store(path)
    assert {store.connections.credentials(each.id)["key"] for each in store.connections.all()} == {
        SECRET
    }
    assert len(store.connections.all()) == 16
    assert {file.name for file in path.parent.iterdir()} <= {
        "bonito.db",
        "bonito.db-wal",
        "bonito.db-shm",
        "bonito.db.key",
    }
