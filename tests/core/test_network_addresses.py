"""The way out: whichever address a name leads to, only what the policy allows is reached."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bonito_emulators import Emulation, Fault, Reset
from bonito_providers import HostPolicy, NetworkSettings, Provider
from bonito_providers.errors import HostRefused, HostUnreachable
from bonito_providers.network import GuardedBackend
from tests.conftest import FIELDS
from tests.core.calls import get
from tests.toy_service import HOST, ToyService

pytestmark = pytest.mark.anyio


async def test_a_name_that_turns_to_a_private_address_is_not_followed_there(
    provider: Provider, network: NetworkSettings, emulation: Emulation, toy: ToyService
) -> None:
    answers = [[emulation.resolve(HOST, 443)], [("10.0.0.7", 443)]]

    async def rebinding(host: str, port: int) -> Sequence[tuple[str, int]]:
        return answers.pop(0)

    async with provider.connect(FIELDS, network=replace(network, resolver=rebinding)) as connection:
        assert (await get(connection)).status_code == 200
        toy.faults.add(Fault(action=Reset()))
        with pytest.raises(HostRefused, match=r"leads to 10\.0\.0\.7"):
            await get(connection)
    assert answers == []


async def test_one_private_address_among_public_ones_refuses_the_name(
    provider: Provider, network: NetworkSettings, emulation: Emulation
) -> None:
    async def mixed(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port), ("::ffff:169.254.169.254", 443)]

    async with provider.connect(FIELDS, network=replace(network, resolver=mixed)) as connection:
        with pytest.raises(HostRefused, match=r"169\.254\.169\.254"):
            await get(connection)
    assert emulation.log.requests == []


async def test_a_private_address_is_reached_only_by_the_operators_word(
    provider: Provider, network: NetworkSettings, emulation: Emulation
) -> None:
    async with provider.connect(
        FIELDS, network=replace(network, trusted_networks=())
    ) as connection:
        with pytest.raises(HostRefused, match="not a public address") as caught:
            await get(connection)
    assert "operator" in caught.value.hint
    assert emulation.log.requests == []


async def test_further_hosts_are_the_operators_to_add(
    provider: Provider, network: NetworkSettings
) -> None:
    more = replace(network, extra_hosts=("login.example",))
    async with provider.connect(FIELDS, network=more) as connection:
        with pytest.raises(HostUnreachable):
            await get(connection, "https://login.example/")
        with pytest.raises(HostRefused):
            await get(connection, "https://x.login.example/")


async def test_plain_http_on_another_port_is_the_operators_to_allow_origin_by_origin(
    provider: Provider, network: NetworkSettings
) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello")
        writer.close()
        await writer.wait_closed()

    async def here(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [("127.0.0.1", port)]

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        origin = f"http://models.internal:{server.sockets[0].getsockname()[1]}"
        more = replace(network, resolver=here, extra_hosts=(origin,))
        async with provider.connect(FIELDS, network=more) as connection:
            assert (await get(connection, f"{origin}/v1")).text == "hello"
            with pytest.raises(HostRefused):
                await get(connection, "http://models.internal/v1")
            with pytest.raises(HostRefused):
                await get(connection, origin.replace("http:", "https:"))


async def test_the_layer_that_connects_checks_the_name_by_itself() -> None:
    async def nobody(host: str, port: int) -> Sequence[tuple[str, int]]:
        raise AssertionError(host)

    backend = GuardedBackend(HostPolicy((".toy.example",)), nobody)
    with pytest.raises(HostRefused):
        await backend.connect_tcp("evil.example", 443)
