"""Thousands of hostile endpoints through the real client: none is looked up, none connected to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import given, settings

from bonito_providers import Connection, NetworkSettings, Provider
from bonito_providers.errors import BonitoError
from tests.conftest import FIELDS
from tests.core.hostile import GOOD, endpoints
from tests.fake_provider import plugin as fake_provider
from tests.virtual_time import VirtualClock

EXAMPLES = 5_100


class Lookups:
    """A resolver that knows no name, and remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        self.seen.append((host, port))
        raise OSError(host)


@contextmanager
def client(lookups: Lookups) -> Iterator[tuple[asyncio.Runner, Connection]]:
    """Yield one event loop and one connection for many examples."""
    network = NetworkSettings(
        resolver=lookups, trusted_networks=("0.0.0.0/0", "::/0"), clock=VirtualClock()
    )
    connection = Provider(fake_provider).connect(FIELDS, network=network)
    with asyncio.Runner() as runner:
        yield runner, connection
        runner.run(connection.aclose())


async def asked(connection: Connection, url: str) -> None:
    """Ask for a URL by the real client; what is refused is refused by one of the two."""
    try:
        await connection.http.post(url, headers={"x-toy-key": "a-key"})
    except (BonitoError, httpx.InvalidURL, ValueError):
        return
    pytest.fail(f"{url!r} was answered")


def test_no_hostile_endpoint_is_looked_up_or_connected_to() -> None:
    lookups, tried = Lookups(), 0
    with client(lookups) as (runner, connection):

        @settings(max_examples=EXAMPLES)
        @given(endpoints)
        def ask(url: str) -> None:
            nonlocal tried
            tried += 1
            lookups.seen.clear()
            runner.run(asked(connection, url))
            assert lookups.seen == [], url

        ask()
    assert tried >= 5_000


def test_a_good_endpoint_is_looked_up_by_the_same_means() -> None:
    lookups = Lookups()
    with client(lookups) as (runner, connection):
        runner.run(asked(connection, f"https://{GOOD}/v1/models"))
    assert set(lookups.seen) == {(GOOD, 443)}
