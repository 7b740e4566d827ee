"""Endpoints of one's own are reached by the operator's word, name and network each."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator, Sequence

import pytest

from bonito_emulators import Emulation
from bonito_providers import NetworkSettings, Provider
from bonito_providers.errors import HostRefused
from plugins.openai_compatible.tests.resources import OWN

pytestmark = pytest.mark.anyio

LISTED = json.dumps({"object": "list", "data": [{"id": "llama3.2:latest"}]})


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(LISTED)}\r\nconnection: close\r\n\r\n"
    writer.write(f"{head}{LISTED}".encode())
    writer.close()
    await writer.wait_closed()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server of one's own, by plain http on a port of its own, as Ollama is."""
    async with await asyncio.start_server(_answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def _here(host: str, port: int) -> Sequence[tuple[str, int]]:
    return [("127.0.0.1", port)]


async def test_a_host_that_nobody_named_is_refused_with_the_setting_that_allows_it(
    provider: Provider, network: NetworkSettings, emulation: Emulation
) -> None:
    async with provider.connect(OWN, network=network) as connection:
        report = await provider.check_credentials(connection)
        with pytest.raises(HostRefused) as caught:
            await provider.list_models(connection)
    assert "BONITO_EXTRA_HOSTS" in caught.value.hint
    assert not report.usable
    assert "BONITO_EXTRA_HOSTS" in report.items[0].reason
    assert emulation.log.requests == []
    assert emulation.log.refused_names == []


async def test_a_host_that_the_operator_named_is_reached(
    provider: Provider, network: NetworkSettings
) -> None:
    allowed = dataclasses.replace(network, extra_hosts=(".example.com",))
    async with provider.connect(OWN, network=allowed) as connection:
        assert (await provider.check_credentials(connection)).usable


@pytest.mark.parametrize("host", ["models.internal", "localhost", "127.0.0.1"])
async def test_plain_http_on_a_private_network_takes_the_origin_and_the_range(
    provider: Provider, port: int, host: str
) -> None:
    origin = f"http://{host}:{port}"
    settings = NetworkSettings(
        extra_hosts=(origin,), trusted_networks=("127.0.0.0/8",), resolver=_here
    )
    async with provider.connect({"base_url": origin}, network=settings) as connection:
        listing = await provider.list_deployments(connection)
        assert (await provider.check_credentials(connection)).usable
    assert [each.ref.name for each in listing.items] == ["llama3.2:latest"]
    assert {each.endpoint for each in listing.items} == {f"{origin}/v1"}


@pytest.mark.parametrize(
    ("hosts", "networks", "says"),
    [
        ((), ("127.0.0.0/8",), "BONITO_EXTRA_HOSTS"),
        (("models.internal",), ("127.0.0.0/8",), "BONITO_EXTRA_HOSTS"),
        (("http://models.internal",), ("127.0.0.0/8",), "BONITO_EXTRA_HOSTS"),
        (("http://models.internal:{port}",), (), "BONITO_TRUSTED_NETWORKS"),
        (("http://models.internal:{port}",), ("10.0.0.0/8",), "BONITO_TRUSTED_NETWORKS"),
    ],
)
async def test_less_than_that_is_refused_and_names_what_is_missing(
    provider: Provider, port: int, hosts: Sequence[str], networks: tuple[str, ...], says: str
) -> None:
    settings = NetworkSettings(
        extra_hosts=tuple(each.format(port=port) for each in hosts),
        trusted_networks=networks,
        resolver=_here,
    )
    address = {"base_url": f"http://models.internal:{port}"}
    async with provider.connect(address, network=settings) as connection:
        with pytest.raises(HostRefused) as caught:
            await provider.list_models(connection)
    assert says in caught.value.hint
