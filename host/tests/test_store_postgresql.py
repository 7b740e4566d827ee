"""The store on a real PostgreSQL, which keeps the same promises as on SQLite."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr

from bonito_host.store.calls import Call
from bonito_host.store.engines import engine_of
from bonito_host.store.errors import (
    RecordExists,
    RecordInUse,
    RecordMissing,
    StoreUnusable,
    WrongKey,
)
from bonito_host.store.rotation import rotate
from bonito_host.store.schema import metadata
from bonito_host.store.status import PlanStatus
from bonito_host.store.store import Store
from bonito_providers import (
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
)
from host.tests.postgresql import binaries, postgresql
from host.tests.test_store_locks import (
    IMPATIENT,
    must_be_read_while_somebody_writes,
    must_not_write_for_ever,
    must_refuse_to_write_while_reading,
)

pytestmark = pytest.mark.slow

SECRET = "canary-9f8e7d6c5b4a39281706"
OPERATION = "https://cloud.example/operations/1?signature=canary-0a1b2c3d4e5f"
NOW = datetime.now(UTC)
REF = DeploymentRef(provider="acme", resource="r", name="mine")
CALL = Call(
    at=NOW.isoformat(),
    caller="c",
    model="m",
    connection=None,
    deployment=None,
    kind="chat",
    streamed=True,
    status=200,
    failure=None,
    seconds=0.5,
    input_tokens=None,
    output_tokens=3,
    cost=None,
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed: apt-get install postgresql")
    with postgresql(programs) as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """An empty database."""
    engine = engine_of(server)
    name = f"db_{secrets.token_hex(6)}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def save(store: Store, id: str = "one", *, secret: str = SECRET, replace: bool = False) -> None:
    store.connections.save(
        id,
        provider="acme",
        cloud="sky",
        title="Acme",
        credentials={"key": secret},
        report={"usable": True},
        replace=replace,
    )


def plan() -> DeploymentPlan:
    request = DeploymentRequest(model="m")
    return DeploymentPlan(
        ref=REF, request=request, created_at=NOW, expires_at=NOW + timedelta(minutes=15)
    ).sealed()


def seen(state: State, operation: str | None = None) -> Deployment:
    secret = SecretStr(operation) if operation else None
    return Deployment(ref=REF, state=state, observed_at=NOW, operation=secret)


def test_connections_plans_and_operations_come_back_as_they_were_kept(url: str) -> None:
    key = new_key()
    store = Store(url, key=key)
    save(store)
    with pytest.raises(RecordExists):
        save(store)
    stored = store.plans.add("one", plan())
    store.plans.start(stored.id)
    store.plans.seen(stored.id, seen(State.PROVISIONING, OPERATION))
    again = Store(url, key=key)
    assert again.connections.credentials("one") == {"key": SECRET}
    assert again.connections.get("one").report == {"usable": True}
    operation = again.plans.operation(stored.id)
    assert operation is not None
    assert operation.get_secret_value() == OPERATION
    (opened,) = again.plans.unsettled("one")
    assert opened.plan == plan().model_copy(update={"digest": opened.plan.digest})
    again.plans.seen(stored.id, seen(State.READY))
    assert again.plans.get(stored.id).status is PlanStatus.DONE
    with pytest.raises(RecordInUse):
        again.connections.remove("one")
    again.connections.remove("one", forget=True)
    with pytest.raises(RecordMissing):
        again.plans.get(stored.id)


def test_what_the_gateway_keeps_comes_back(url: str) -> None:
    store = Store(url, key=new_key())
    save(store)
    made = store.callers.create("somebody")
    assert store.callers.recognise(made.key) == made.caller
    store.callers.revoke(made.caller.id)
    assert store.callers.recognise(made.key) is None
    store.calls.add([CALL, CALL])
    assert store.calls.recent() == [CALL, CALL]
    store.listings.put("one", seen(State.READY))
    store.listings.replace("one", [seen(State.READY)])
    assert store.listings.of("one") == [seen(State.READY)]
    with pytest.raises(RecordMissing):
        store.listings.put("another", seen(State.READY))


def test_the_tables_are_those_the_program_describes(url: str) -> None:
    Store(url, key=new_key())
    engine = engine_of(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_another_key_opens_nothing(url: str) -> None:
    Store(url, key=new_key())
    with pytest.raises(WrongKey):
        Store(url, key=new_key())
    with pytest.raises(StoreUnusable, match="no key file"):
        Store(url)


def test_a_new_key_takes_the_place_of_the_old_one(url: str) -> None:
    old, new = new_key(), new_key()
    early = Store(url, key=old)
    save(early)
    assert rotate(url, key=old, new_key=new).resealed == 1
    assert Store(url, key=new).connections.credentials("one") == {"key": SECRET}
    with pytest.raises(WrongKey):
        save(early, "two")


def test_many_who_open_and_write_at_once_lose_nothing(url: str) -> None:
    key = new_key()

    def write(number: int) -> None:
        store = Store(url, key=key)
        save(store, f"own-{number}", secret=f"secret-{number}")
        save(store, "shared", secret=f"secret-{number}", replace=True)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    store = Store(url, key=key)
    found = {each.id: store.connections.credentials(each.id) for each in store.connections.all()}
    assert {found[f"own-{number}"]["key"] for number in range(16)} == {
        f"secret-{number}" for number in range(16)
    }
    assert found["shared"]["key"].startswith("secret-")


def test_readers_wait_for_no_writer_and_a_writer_not_for_ever(url: str) -> None:
    key = new_key()
    store = Store(url, key=key)
    caller = store.callers.create("somebody").key
    engine, impatient = engine_of(url), engine_of(url, patience=IMPATIENT)
    with engine.begin():
        must_be_read_while_somebody_writes(store, caller)
        must_be_read_while_somebody_writes(Store(url, key=key), caller)
        must_not_write_for_ever(impatient)
    must_refuse_to_write_while_reading(engine)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnusable) as refused:
        Store("postgresql://bonito:canary-password@127.0.0.1:1/none", key=new_key())
    assert "canary-password" not in f"{refused.value} {refused.value.hint}"
    with pytest.raises(StoreUnusable, match="no database that is known"):
        Store("mysql://bonito:canary-password@host/none", key=new_key())
