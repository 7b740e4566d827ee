"""The gateway while the world around it changes: nothing is dropped, and nothing stale answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bonito_emulators import Drip, Emulation, Fault, RequestLog, Respond
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_host.gateway.service import require_watched
from bonito_host.store.rotation import rotate
from bonito_host.store.store import Store
from host.tests.gateway.serving import Gateway, serving

pytestmark = pytest.mark.slow

FIRST, SECOND = "contoso", "fabrikam"
KEYS = ("canary-1c7f4e0b9a6d4c58a3f2e1d0c9b8a7f6", "canary-2d8a5f1c0b7e5d69b4a3f2e1d0c9b8a7")
CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "hello"}]}


@dataclass
class World:
    """Two accounts, and a gateway over a connection to each."""

    gateway: Gateway
    emulation: Emulation
    cloud: AzureCloud

    @property
    def log(self) -> RequestLog:
        return self.emulation.log

    def account(self, name: str) -> Account:
        return self.cloud.account(name)

    def ask(self, model: str) -> Any:
        return self.gateway.post("/v1/chat/completions", json={"model": model, **CHAT})

    def refresh(self) -> None:
        assert self.gateway.post("/refresh").status_code == 200

    def connect(self, name: str, *, key: str = KEYS[0]) -> None:
        save(self.gateway.store, name, key=key)
        self.refresh()


def save(store: Store, name: str, *, key: str = KEYS[0]) -> None:
    endpoint = f"https://{name}.services.ai.azure.com"
    store.connections.save(
        name,
        provider="azure_foundry",
        cloud="azure",
        title="Azure AI Foundry",
        credentials={"azure_mode": "foundry", "endpoint": endpoint, "api_key": key},
        report={"usable": True},
        replace=True,
    )


@contextmanager
def world(folder: Path, *, sealed_with: str | None = None) -> Iterator[World]:
    accounts = [
        Account(name=name, keys=KEYS, deployments=[Deployment(name="chat", model="DeepSeek-V3.1")])
        for name in (FIRST, SECOND)
    ]
    cloud = AzureCloud(accounts)
    path = folder / "bonito.db"
    with Emulation(cloud) as emulation:
        save(Store(path, key=sealed_with), FIRST)
        with serving(path, emulation.environment(), sealed_with=sealed_with) as gateway:
            assert gateway.post("/refresh").status_code == 200
            yield World(gateway, emulation, cloud)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture
def here(shared: World) -> World:
    """The world as every test finds it."""
    shared.cloud.faults.clear()
    for name in (FIRST, SECOND):
        shared.account(name).keys = KEYS
    for each in shared.gateway.store.connections.all():
        if each.id != FIRST:
            shared.gateway.store.connections.remove(each.id)
    shared.gateway.store.path.with_name("groups.json").unlink(missing_ok=True)  # type: ignore[union-attr] # a file
    shared.connect(FIRST)
    shared.gateway.post("/regroup")
    shared.log.clear()
    return shared


def test_a_connection_made_while_it_runs_is_routed_and_one_removed_is_not(here: World) -> None:
    assert here.ask(f"{SECOND}/chat").status_code == 404
    here.connect(SECOND)
    assert here.ask(f"{SECOND}/chat").status_code == 200
    assert here.ask(f"{FIRST}/chat").status_code == 200
    here.gateway.store.connections.remove(SECOND)
    here.refresh()
    assert here.ask(f"{SECOND}/chat").status_code == 404
    assert here.ask(f"{FIRST}/chat").status_code == 200
    assert here.gateway.state()["problems"] == {}


def test_a_deployment_made_and_deleted_in_the_cloud_comes_and_goes(here: World) -> None:
    here.account(FIRST).add(Deployment(name="new", model="DeepSeek-V3.1"))
    here.refresh()
    assert here.ask(f"{FIRST}/new").status_code == 200
    here.account(FIRST).remove("new")
    here.refresh()
    assert here.ask(f"{FIRST}/new").status_code == 404


def test_new_credentials_are_used_from_the_next_call_on(here: World) -> None:
    assert here.ask(f"{FIRST}/chat").status_code == 200
    here.account(FIRST).keys = (KEYS[1], KEYS[1][::-1])
    assert here.ask(f"{FIRST}/chat").status_code == 502
    here.connect(FIRST, key=KEYS[1])
    here.log.clear()
    assert here.ask(f"{FIRST}/chat").status_code == 200
    (call,) = here.log.select(method="POST")
    assert call.header("api-key") == KEYS[1]


def test_a_stream_under_way_goes_on_while_its_route_is_changed_and_removed(here: World) -> None:
    slowly = Drip(bytes_at_once=1500, seconds_between=0.5)
    here.cloud.faults.add(Fault(action=slowly, method="POST"))
    client = here.gateway.client()
    stream = client.chat.completions.create(model=f"{FIRST}/chat", stream=True, **CHAT)
    pieces = iter(stream)
    first = next(pieces)
    here.connect(FIRST, key=KEYS[1])
    here.account(FIRST).remove("chat")
    here.refresh()
    assert here.ask(f"{FIRST}/chat").status_code == 404
    chunks = [first, *pieces]
    here.account(FIRST).add(Deployment(name="chat", model="DeepSeek-V3.1"))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "hello" in text
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_a_cloud_that_is_away_keeps_its_routes_and_says_so(here: World) -> None:
    away = Fault(action=Respond(503, {}, "away"), method="GET", times=None)
    here.cloud.faults.add(away)
    here.refresh()
    state = here.gateway.state()
    assert FIRST in state["problems"]
    assert f"{FIRST}/chat" in state["names"]
    here.cloud.faults.clear()
    assert here.ask(f"{FIRST}/chat").status_code == 200


@pytest.mark.parametrize("seen_by", ["/regroup", "/refresh"])
def test_a_group_moves_on_to_the_next_cloud_within_the_call(here: World, seen_by: str) -> None:
    here.connect(SECOND)
    group = {"name": "anywhere", "members": [f"{FIRST}/chat", f"{SECOND}/chat"]}
    here.gateway.path.with_name("groups.json").write_text(json.dumps([group]))
    here.gateway.post(seen_by)
    host = f"{FIRST}.services.ai.azure.com"
    busy = Respond(429, {"retry-after": "7"}, {"error": {"code": "429", "message": "slow down"}})
    here.cloud.faults.add(Fault(action=busy, host=host, method="POST"))
    here.log.clear()
    answer = here.ask("anywhere")
    assert answer.status_code == 200
    assert answer.json()["model"] == "anywhere"
    asked = [(call.host.partition(".")[0], call.status) for call in here.log.select(method="POST")]
    assert asked == [(FIRST, 429), (SECOND, 200)]
    assert here.gateway.last_call()["connection"] == SECOND
    # Recovered, the first of the order is the first that is asked again.
    here.log.clear()
    assert here.ask("anywhere").status_code == 200
    assert [call.host for call in here.log.select(method="POST")] == [host]


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_that_failed_everywhere_is_recorded_with_the_last_place(
    here: World, *, stream: bool
) -> None:
    here.connect(SECOND)
    group = {"name": "anywhere", "members": [f"{SECOND}/chat", f"{FIRST}/chat"]}
    here.gateway.path.with_name("groups.json").write_text(json.dumps([group]))
    here.gateway.post("/regroup")
    busy = Respond(429, {"retry-after": "7"}, {"error": {"code": "429", "message": "slow down"}})
    here.cloud.faults.add(Fault(action=busy, method="POST", times=None))
    here.log.clear()
    asked = {"model": "anywhere", "stream": stream, **CHAT}
    assert here.gateway.post("/v1/chat/completions", json=asked).status_code == 429
    tried = [call.host.partition(".")[0] for call in here.log.select(method="POST")]
    assert tried == [SECOND, FIRST]
    call = here.gateway.last_call()
    assert (call["connection"], call["deployment"]) == (FIRST, "chat")


def test_a_new_key_file_is_followed_while_it_runs(tmp_path: Path) -> None:
    with world(tmp_path) as there:
        rotate(there.gateway.path, key=None, new_key=None)
        there.connect(SECOND)
        assert there.gateway.state()["problems"] == {}
        for name in (FIRST, SECOND):
            assert there.ask(f"{name}/chat").status_code == 200
        assert there.gateway.get("/ready").status_code == 200


def test_a_new_key_that_it_was_not_given_takes_no_route_away_and_is_told(tmp_path: Path) -> None:
    old, new = "0a" * 32, "1b" * 32
    with world(tmp_path, sealed_with=old) as there:
        rotate(there.gateway.path, key=old, new_key=new)
        there.refresh()
        state = there.gateway.state()
        assert state["readiness"] == "outdated"
        assert "sealed with the key" in state["failure"]
        assert FIRST in state["problems"]
        assert there.ask(f"{FIRST}/chat").status_code == 200
        ready = there.gateway.get("/ready")
        assert ready.status_code == 503
        assert ready.json()["status"] == "outdated"
        assert "another key" in ready.json()["reason"]


def test_an_event_loop_that_the_process_guard_cannot_watch_is_refused() -> None:
    class Loop(asyncio.SelectorEventLoop):
        """As of another library."""

    loop = Loop()
    with pytest.raises(RuntimeError, match="process guard"):
        require_watched(loop)
    loop.close()
    asyncio.run(watched())


async def watched() -> None:
    require_watched(asyncio.get_running_loop())


def test_it_starts_without_the_clouds_from_what_was_last_seen(tmp_path: Path) -> None:
    with world(tmp_path) as before:
        path = before.gateway.path
    cloud = AzureCloud([Account(name=FIRST, keys=KEYS)])
    away = Fault(action=Respond(503, {}, "away"), method="GET", times=None)
    cloud.faults.add(away)
    with Emulation(cloud) as emulation, serving(path, emulation.environment()) as gateway:
        # The very first call comes while everything is still loading, and waits.
        answer = gateway.post("/v1/chat/completions", json={"model": f"{FIRST}/chat", **CHAT})
        assert answer.json()["error"]["code"] == "model_not_found"
        assert f"{FIRST}/chat" in gateway.state()["names"]
        assert emulation.log.select(method="POST")
