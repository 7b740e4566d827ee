"""The way out through a proxy: the same names, and its password for it alone."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bonito_emulators import Emulation
from bonito_providers import NetworkSettings, Provider
from bonito_providers.errors import HostRefused, HostUnreachable
from tests.conftest import FIELDS
from tests.core.calls import get

pytestmark = pytest.mark.anyio


async def test_a_proxy_is_taken_for_every_request_and_to_the_same_names_only(
    provider: Provider, network: NetworkSettings, emulation: Emulation
) -> None:
    async def nobody(host: str, port: int) -> Sequence[tuple[str, int]]:
        raise AssertionError(host)

    proxied = replace(network, proxy=emulation.proxy_url, resolver=nobody)
    async with provider.connect(FIELDS, network=proxied) as connection:
        assert (await get(connection)).status_code == 200
        with pytest.raises(HostRefused):
            await get(connection, "https://evil.example/")
        with pytest.raises(HostUnreachable):
            await connection.http.post("https://nobody.toy.example/")
    assert len(emulation.log.requests) == 1
    assert set(emulation.log.refused_names) == {"nobody.toy.example"}


async def test_a_proxy_that_does_not_answer_is_unreachable(
    provider: Provider, network: NetworkSettings, unused_port: int
) -> None:
    proxied = replace(network, proxy=f"http://127.0.0.1:{unused_port}")
    async with provider.connect(FIELDS, network=proxied) as connection:
        with pytest.raises(HostUnreachable):
            await get(connection)


async def test_a_proxys_user_name_and_password_go_to_the_proxy(
    provider: Provider, network: NetworkSettings
) -> None:
    seen: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    proxied = replace(network, proxy=f"http://bonito:s%40cret@127.0.0.1:{port}")
    async with server, provider.connect(FIELDS, network=proxied) as connection:
        with pytest.raises(HostUnreachable) as caught:
            await get(connection)
    assert b"Basic " + b64encode(b"bonito:s@cret") in seen[0]
    assert "s@cret" not in str(caught.value)
    assert "407" in caught.value.message
