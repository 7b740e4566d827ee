"""A new key for the store: everything opens with it, nothing with the old one, whenever killed."""

from __future__ import annotations

import base64
import secrets
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bonito_host.store.errors import StoreUnusable, WrongKey
from bonito_host.store.rotation import rotate
from bonito_host.store.store import Store
from bonito_providers import (
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
)
from host.tests.running import Bonito

CREDENTIALS = {"url": "https://acme.example", "key": "canary-9f8e7d6c5b4a39281706"}
OPERATION = "https://cloud.example/operations/1?signature=canary-0a1b2c3d4e5f"
PROGRAM = Path(__file__).with_name("programs") / "rotation_kills.py"


def fill(path: Path, *, key: str | None = None) -> str:
    """Make a store with a connection and a running operation; return the plan's id."""
    store = Store(path, key=key)
    store.connections.save(
        "one", provider="acme", cloud="sky", title="Acme", credentials=CREDENTIALS, report={}
    )
    now = datetime.now(UTC)
    ref = DeploymentRef(provider="acme", resource="r", name="mine")
    request = DeploymentRequest(model="m")
    made = DeploymentPlan(
        ref=ref, request=request, created_at=now, expires_at=now + timedelta(minutes=15)
    )
    stored = store.plans.add("one", made.sealed())
    store.plans.start(stored.id)
    running = Deployment(
        ref=ref, state=State.PROVISIONING, observed_at=now, operation=SecretStr(OPERATION)
    )
    store.plans.seen(stored.id, running)
    return stored.id


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def test_everything_opens_with_the_new_key_file_and_the_old_one_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    plan = fill(path)
    file = path.with_name("bonito.db.key")
    before = file.read_bytes()
    done = rotate(path, key=None, new_key=None)
    assert done.resealed == 2
    assert done.old != done.new
    assert file.read_bytes() != before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.glob("*.key*")) == ["bonito.db.key"]
    store = Store(path)
    assert store.connections.credentials("one") == CREDENTIALS
    operation = store.plans.operation(plan)
    assert operation is not None
    assert operation.get_secret_value() == OPERATION
    with pytest.raises(WrongKey):
        Store(path, key=before.decode())


def test_an_operators_key_is_followed_by_the_operators_next(tmp_path: Path) -> None:
    path, old, new = tmp_path / "bonito.db", new_key(), new_key()
    fill(path, key=old)
    with pytest.raises(StoreUnusable, match="next key"):
        rotate(path, key=old, new_key=None)
    rotate(path, key=old, new_key=new)
    assert Store(path, key=new).connections.credentials("one") == CREDENTIALS
    with pytest.raises(WrongKey):
        Store(path, key=old)
    assert list(tmp_path.glob("*.key*")) == []


def test_a_store_with_a_key_file_takes_no_key_of_the_operators(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    fill(path)
    with pytest.raises(StoreUnusable, match="key file"):
        rotate(path, key=None, new_key=new_key())
    assert Store(path).connections.credentials("one") == CREDENTIALS


def test_whoever_opened_the_store_before_goes_on_with_the_new_key_file(tmp_path: Path) -> None:
    path = tmp_path / "bonito.db"
    plan = fill(path)
    readers, writer = [Store(path), Store(path)], Store(path)
    for reader in readers:
        rotate(path, key=None, new_key=None)
        assert reader.connections.credentials("one") == CREDENTIALS
        operation = reader.plans.operation(plan)
        assert operation is not None
        assert operation.get_secret_value() == OPERATION
    writer.connections.save(
        "two", provider="acme", cloud="sky", title="Acme", credentials=CREDENTIALS, report={}
    )
    assert Store(path).connections.credentials("two") == CREDENTIALS


def test_whoever_opened_the_store_before_writes_no_secret_with_the_old_key(tmp_path: Path) -> None:
    path, old, new = tmp_path / "bonito.db", new_key(), new_key()
    fill(path, key=old)
    early = Store(path, key=old)
    rotate(path, key=old, new_key=new)
    with pytest.raises(WrongKey):
        early.connections.save(
            "two", provider="acme", cloud="sky", title="Acme", credentials=CREDENTIALS, report={}
        )
    assert [each.id for each in Store(path, key=new).connections.all()] == ["one"]


def test_the_command_rotates_and_says_what_to_do_next(tmp_path: Path) -> None:
    path, old, new = tmp_path / "bonito.db", new_key(), new_key()
    fill(path, key=old)
    bonito = Bonito(tmp_path, {"BONITO_STORE": str(path), "BONITO_KEY": old})
    refused = bonito.run("keys", "rotate")
    assert refused.code == 2
    assert "BONITO_NEW_KEY" in refused.stderr
    done = bonito.run("keys", "rotate", BONITO_NEW_KEY=new)
    assert done.code == 0, done.stderr
    assert "2 sealed" in done.stdout
    assert "BONITO_KEY must hold the new key" in done.stderr
    assert old not in done.stdout + done.stderr
    assert new not in done.stdout + done.stderr
    assert bonito.run("connections", BONITO_KEY=new).code == 0


@pytest.mark.slow
def test_a_rotation_killed_at_any_step_leaves_a_store_that_opens(tmp_path: Path) -> None:
    template = tmp_path / "template"
    template.mkdir()
    plan = fill(template / "bonito.db")
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, str(PROGRAM), str(template), str(folder), "one", plan]
    done = Bonito(tmp_path).program(*command)
    assert done.code == 0, done.stderr
    outcomes = done.document
    assert len(outcomes) > 20
    for left in outcomes:
        assert left["credentials"] == left["after"] == CREDENTIALS
        assert left["operation"] == OPERATION
        assert left["again"] == 2
    # Some died before the new key was in use, some after, some between: all three were met.
    assert any(left["next"] and not left["adopted"] for left in outcomes)
    assert any(left["adopted"] for left in outcomes)
    assert not outcomes[-1]["next"]
