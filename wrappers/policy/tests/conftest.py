"""Fixtures: a policy file, and Aviary called through the policy, over real TLS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bonito_aviary.emulator import AviaryService
from bonito_aviary.plugin import Aviary
from bonito_emulators import Emulation
from bonito_policy import Policy
from bonito_providers import Connection, NetworkSettings, Provider
from tests.third_party.aviary.tests.resources import managing
from tests.virtual_time import VirtualClock

Write = Callable[[str | None], None]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the policy is; each test writes its own."""
    return tmp_path / "policy.toml"


@pytest.fixture
def write(path: Path) -> Write:
    """Writes the policy, or takes it away."""

    def written(content: str | None) -> None:
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_text(content, encoding="utf-8")

    return written


@pytest.fixture
def service() -> AviaryService:
    return AviaryService()


@pytest.fixture
def emulation(service: AviaryService) -> Iterator[Emulation]:
    with Emulation(service) as running:
        yield running
        assert running.log.violations == []


@pytest.fixture
async def connection(
    service: AviaryService, emulation: Emulation, path: Path
) -> AsyncIterator[Connection]:
    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    network = NetworkSettings(
        tls=emulation.client_context(),
        resolver=resolver,
        trusted_networks=("127.0.0.0/8",),
        clock=VirtualClock(),
    )
    provider = Provider(Aviary(), wrappers=(Policy(path),))
    async with provider.connect(managing(service), id="acme", network=network) as opened:
        yield opened
