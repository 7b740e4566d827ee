"""A connection opens what it needs once, shares nothing, and closes everything."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bonito_providers import Connection, NetworkSettings, Provider
from tests.conftest import FIELDS
from tests.core.plugins import CANARY, Panic, connected

pytestmark = pytest.mark.anyio


class Maker:
    """Makes one thing after another, as slowly as a test wants."""

    def __init__(self) -> None:
        self.made = 0
        self.released: list[int] = []
        self.go = asyncio.Event()

    async def make(self) -> int:
        self.made += 1
        number = self.made
        await self.go.wait()
        return number

    async def release(self, number: int) -> None:
        self.released.append(number)


async def settled() -> None:
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_many_callers_at_once_share_one_making() -> None:
    maker = Maker()
    async with connected() as connection:
        calls = [asyncio.create_task(connection.once("token", maker.make)) for _ in range(10)]
        await settled()
        maker.go.set()
        assert await asyncio.gather(*calls) == [1] * 10
        assert await connection.once("token", maker.make) == 1


async def test_different_keys_are_made_apart() -> None:
    maker = Maker()
    maker.go.set()
    async with connected() as connection:
        assert await connection.once("one", maker.make) == 1
        assert await connection.once("other", maker.make) == 2


async def test_a_failure_reaches_all_who_waited_and_is_not_kept() -> None:
    attempts = 0

    async def make() -> str:
        nonlocal attempts
        attempts += 1
        await asyncio.sleep(0)
        if attempts == 1:
            message = "not yet"
            raise OSError(message)
        return "made"

    async with connected() as connection:
        calls = [connection.once("token", make) for _ in range(2)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert [str(each) for each in results] == ["not yet", "not yet"]
        assert await connection.once("token", make) == "made"


async def test_one_caller_that_goes_away_does_not_fail_the_others() -> None:
    maker = Maker()
    async with connected() as connection:
        leaving = asyncio.create_task(connection.once("token", maker.make))
        staying = asyncio.create_task(connection.once("token", maker.make))
        await settled()
        leaving.cancel()
        await settled()
        maker.go.set()
        assert await staying == 1
        assert leaving.cancelled()


async def test_what_hangs_ends_with_its_last_caller_and_is_made_anew() -> None:
    ended = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def make() -> str:
        return "made"

    async with connected() as connection:
        callers = [asyncio.create_task(connection.once("token", hang)) for _ in range(2)]
        await settled()
        callers[0].cancel()
        await settled()
        assert not ended.is_set()
        callers[1].cancel()
        await settled()
        assert await connection.once("token", make) == "made"
        await asyncio.gather(*callers, return_exceptions=True)
        assert ended.is_set()


async def test_closing_releases_what_was_made_and_refuses_more() -> None:
    maker = Maker()
    maker.go.set()
    async with connected() as connection:
        await connection.once("token", maker.make, close=maker.release)
        await connection.once("token", maker.make, close=maker.release)
    assert maker.released == [1]
    with pytest.raises(RuntimeError, match="the connection 'here' is closed"):
        await connection.once("token", maker.make)
    with pytest.raises(RuntimeError, match="the connection 'here' is closed"):
        _ = connection.http


async def test_closing_tells_those_who_still_wait_that_it_is_closed() -> None:
    maker = Maker()
    async with connected() as connection:
        waiting = asyncio.create_task(connection.once("token", maker.make, close=maker.release))
        await settled()
    with pytest.raises(RuntimeError, match="the connection 'here' is closed"):
        await waiting
    assert maker.released == []


@pytest.mark.parametrize("error", [OSError(CANARY), Panic(CANARY)])
async def test_one_thing_that_cannot_be_released_does_not_keep_the_rest(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    maker = Maker()
    maker.go.set()

    async def fail(_: object) -> None:
        raise error

    async with connected() as connection:
        await connection.once("first", maker.make, close=maker.release)
        await connection.once("second", maker.make, close=fail)
        client = connection.http
    assert maker.released == [1]
    assert client.is_closed
    [record] = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert "here" in record.getMessage()
    assert type(error).__name__ in record.getMessage()
    assert CANARY not in caplog.text


async def test_closing_twice_is_closing_once() -> None:
    maker = Maker()
    maker.go.set()
    async with connected() as connection:
        await connection.once("token", maker.make, close=maker.release)
        await connection.aclose()
    assert maker.released == [1]


async def test_two_connections_share_neither_client_nor_secrets_nor_what_was_made(
    provider: Provider, network: NetworkSettings
) -> None:
    maker = Maker()
    maker.go.set()
    one = provider.connect(FIELDS, id="one", network=network)
    other = provider.connect({**FIELDS, "api_key": "another-key"}, id="other", network=network)
    async with one, other:
        assert await one.once("token", maker.make) != await other.once("token", maker.make)
        assert one.http is one.http
        assert one.http is not other.http
        assert other.redact("another-key") != "another-key"
        assert one.redact("another-key") == "another-key"


async def test_two_connections_share_no_cookies(
    connection: Connection, key_only: Connection
) -> None:
    connection.http.cookies.set("session", "mine")
    assert not list(key_only.http.cookies.jar)
