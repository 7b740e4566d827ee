"""Connections lent by id: opened once, renewed, bounded, and closed when idle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bonito_providers import Connection, Connections, Credentials, NetworkSettings, Provider
from tests.core.plugins import CANARY, provider_with
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio


class Store:
    """The host's own store of credentials, as far as this matters."""

    def __init__(self) -> None:
        self.provider = provider_with()
        self.keys: dict[str, str] = {}
        self.looked_up: list[str] = []

    async def find(self, identity: str) -> tuple[Provider, Credentials]:
        self.looked_up.append(identity)
        await asyncio.sleep(0)
        key = self.keys.get(identity, CANARY)
        return self.provider, self.provider.read_credentials({"api_key": key})


@pytest.fixture
def store() -> Store:
    return Store()


def opened(store: Store, clock: VirtualClock, *, limit: int = 100, idle: float = 60) -> Connections:
    network = NetworkSettings(clock=clock)
    return Connections(store.find, network=network, limit=limit, idle=idle)


def is_open(connection: Connection) -> bool:
    try:
        _ = connection.http
    except RuntimeError:
        return False
    return True


async def made(connection: Connection) -> Connection:
    """Give a connection something that takes a moment to close."""

    async def make() -> str:
        return "made"

    async def release(_: str) -> None:
        await asyncio.sleep(0)

    await connection.once("something", make, close=release)
    return connection


async def borrowed(connections: Connections, identity: str) -> Connection:
    async with connections.use(identity) as connection:
        return await made(connection)


async def test_one_id_is_one_connection_however_many_ask(store: Store, clock: VirtualClock) -> None:
    async with opened(store, clock) as connections:
        found = await asyncio.gather(*(borrowed(connections, "one") for _ in range(10)))
        assert len(set(map(id, found))) == 1
        assert await borrowed(connections, "other") not in found
        assert found[0].id == "one"


async def test_changed_credentials_renew_it_and_who_holds_the_old_one_finishes(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock) as connections:
        async with connections.use("one") as old:
            store.keys["one"] = "a-new-key"
            async with connections.use("one") as new:
                assert new is not old
                assert is_open(old)
                assert new.credentials.reveal() == {"api_key": "a-new-key"}
            assert is_open(new)
        assert not is_open(old)
        assert await borrowed(connections, "one") is new


async def test_changed_credentials_close_an_old_one_nobody_holds(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock) as connections:
        old = await borrowed(connections, "one")
        store.keys["one"] = "a-new-key"
        async with connections.use("one"):
            assert not is_open(old)


async def test_another_provider_behind_the_same_id_renews_it_too(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock) as connections:
        old = await borrowed(connections, "one")
        card = store.provider.info.model_copy(update={"name": "renamed"})
        store.provider = provider_with(provider_info=lambda: card)
        assert await borrowed(connections, "one") is not old


async def test_what_is_idle_for_too_long_is_closed(store: Store, clock: VirtualClock) -> None:
    async with opened(store, clock, idle=60) as connections:
        idle, busy = await borrowed(connections, "idle"), await borrowed(connections, "busy")
        clock.elapsed += 60
        await borrowed(connections, "busy")
        assert is_open(idle)
        clock.elapsed += 1
        await borrowed(connections, "busy")
        assert not is_open(idle)
        assert is_open(busy)


async def test_what_is_lent_is_never_idle(store: Store, clock: VirtualClock) -> None:
    connections = opened(store, clock, idle=60, limit=1)
    async with connections, connections.use("one") as lent:
        clock.elapsed += 1000
        await borrowed(connections, "other")
        assert is_open(lent)


async def test_at_the_limit_the_one_unused_for_longest_is_closed(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock, limit=2) as connections:
        found = {}
        for name in ("first", "second", "first"):
            clock.elapsed += 1
            found[name] = await borrowed(connections, name)
        async with connections.use("third"):
            assert is_open(found["first"])
            assert not is_open(found["second"])


async def test_more_than_the_limit_are_opened_only_while_all_are_lent(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock, limit=1) as connections:
        async with connections.use("one") as one, connections.use("two") as two:
            assert is_open(one)
            assert is_open(two)
        assert [is_open(one), is_open(two)].count(True) == 1


async def test_two_that_finish_at_once_close_each_idle_one_once(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock, idle=60) as connections:
        idle = [await borrowed(connections, f"idle-{number}") for number in range(5)]
        both = asyncio.Barrier(2)

        async def work(name: str) -> None:
            async with connections.use(name):
                await both.wait()
                clock.elapsed = 61
                await both.wait()

        await asyncio.gather(work("one"), work("other"))
        assert not any(map(is_open, idle))


async def test_who_borrows_while_others_are_closed_gets_an_open_one(
    store: Store, clock: VirtualClock
) -> None:
    async with opened(store, clock, limit=1, idle=0) as connections:

        async def work(name: str) -> bool:
            async with connections.use(name) as connection:
                clock.elapsed += 1
                await asyncio.sleep(0)
                await made(connection)
                return is_open(connection)

        names = ["a", "b", "c", "a", "b", "c"] * 5
        assert all(await asyncio.gather(*map(work, names)))


async def test_closing_closes_all_and_lends_no_more(store: Store, clock: VirtualClock) -> None:
    connections = opened(store, clock)
    found = await borrowed(connections, "one")
    await connections.aclose()
    assert not is_open(found)
    with pytest.raises(RuntimeError, match="these connections are closed"):
        await borrowed(connections, "one")


async def test_closing_while_one_is_being_opened_leaves_none_open(
    store: Store, clock: VirtualClock
) -> None:
    connections = opened(store, clock)
    opening = asyncio.create_task(borrowed(connections, "one"))
    await asyncio.sleep(0)
    assert store.looked_up == ["one"]
    await connections.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await opening


async def test_a_lookup_that_fails_leaves_nothing_behind(store: Store, clock: VirtualClock) -> None:
    find: Callable[[str], Awaitable[tuple[Provider, Credentials]]] = store.find
    broken = True

    async def lookup(identity: str) -> tuple[Provider, Credentials]:
        if broken:
            raise KeyError(identity)
        return await find(identity)

    async with Connections(lookup, network=NetworkSettings(clock=clock)) as connections:
        with pytest.raises(KeyError):
            await borrowed(connections, "one")
        broken = False
        assert (await borrowed(connections, "one")).id == "one"
