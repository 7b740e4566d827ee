"""Fixtures for the tests of every provider: an emulated cloud, the way to it, and all its logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import pytest

from bonito_emulators import Cloud, Emulation
from bonito_providers import NetworkSettings
from tests.virtual_time import VirtualClock


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests run on the loop that the host runs on."""
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    """No test waits."""
    return VirtualClock()


@pytest.fixture
def emulation(cloud: Cloud) -> Iterator[Emulation]:
    """What the service would not know is a violation, whatever a test is about."""
    with Emulation(cloud) as running:
        yield running
        assert running.log.violations == []  # noqa: S101 - a test's verdict


@pytest.fixture
def network(emulation: Emulation, clock: VirtualClock) -> NetworkSettings:
    """Reaches the emulated cloud under its real names."""

    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    return NetworkSettings(
        tls=emulation.client_context(),
        resolver=resolver,
        trusted_networks=("127.0.0.0/8",),
        clock=clock,
    )


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Captures every logger at every level, those made before included."""
    caplog.set_level(1)
    named = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    before = [(logger, logger.level) for logger in named]
    for logger in named:
        logger.setLevel(1)
    yield caplog
    for logger, level in before:
        logger.setLevel(level)
