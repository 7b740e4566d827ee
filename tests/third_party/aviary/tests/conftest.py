"""Fixtures: Aviary over real TLS, virtual time, and connections to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from bonito_aviary.emulator import AviaryService
from bonito_aviary.plugin import Aviary
from bonito_emulators import Emulation
from bonito_providers import Connection, NetworkSettings, Provider
from tests.third_party.aviary.tests.resources import fields, managing
from tests.virtual_time import VirtualClock


@pytest.fixture
def service() -> AviaryService:
    return AviaryService()


@pytest.fixture
def emulation(service: AviaryService) -> Iterator[Emulation]:
    """What the service would not know is a violation, whatever a test is about."""
    with Emulation(service) as running:
        yield running
        assert running.log.violations == []


@pytest.fixture
def network(emulation: Emulation, clock: VirtualClock) -> NetworkSettings:
    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    return NetworkSettings(
        tls=emulation.client_context(),
        resolver=resolver,
        trusted_networks=("127.0.0.0/8",),
        clock=clock,
    )


@pytest.fixture
def provider() -> Provider:
    return Provider(Aviary())


@pytest.fixture
async def connection(
    provider: Provider, network: NetworkSettings, service: AviaryService
) -> AsyncIterator[Connection]:
    """May call and manage."""
    async with provider.connect(managing(service), network=network) as opened:
        yield opened


@pytest.fixture
async def key_only(
    provider: Provider, network: NetworkSettings, service: AviaryService
) -> AsyncIterator[Connection]:
    """May call, and not manage."""
    async with provider.connect(fields(service), network=network) as opened:
        yield opened
