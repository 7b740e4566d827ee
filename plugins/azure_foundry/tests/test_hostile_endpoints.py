"""Thousands of hostile addresses through the real path: none leads a key or a look-up elsewhere."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings

from bonito_providers import Connection, NetworkSettings, ProviderRegistry
from bonito_providers.errors import HostRefused, HostUnreachable, InvalidCredentials
from plugins.azure_foundry.tests.hostile_endpoints import HOSTILE
from plugins.azure_foundry.tests.resources import KEYS, SERVICES
from tests.virtual_time import VirtualClock

# Seven thousand endpoints; the core's own five thousand run in the fast tests.
pytestmark = [pytest.mark.anyio, pytest.mark.slow]

THOROUGH = settings(max_examples=5_000, suppress_health_check=list(HealthCheck))
OWN = re.compile(
    r"[a-z0-9][a-z0-9-]*[a-z0-9]\.(services\.ai|openai|cognitiveservices)\.azure\.com", re.ASCII
)
BELOW = re.compile(r"[a-z0-9.-]+\.(services\.ai|openai|cognitiveservices)\.azure\.com", re.ASCII)
NORMALISED = re.compile(rf"https://{OWN.pattern}(/api/projects/[A-Za-z0-9][\w.-]+)?", re.ASCII)


class Lookups:
    """A resolver that knows no name and remembers which were asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        self.asked.append((host, port))
        raise socket.gaierror(socket.EAI_NONAME, "nothing is there")


class Watch:
    """Sees every look-up and connection of the process, whoever makes it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.seen is not None and event in ("socket.connect", "socket.getaddrinfo"):
            self.seen.append((event, arguments))

    @contextmanager
    def of_nothing(self) -> Iterator[None]:
        """Fails if anything was looked up or connected to meanwhile."""
        seen: list[tuple[str, Any]] = []
        self.seen = seen
        try:
            yield
        finally:
            self.seen = None
        assert seen == []


WATCH = Watch()


@pytest.fixture(scope="module")
def registry() -> ProviderRegistry:
    return ProviderRegistry.discover()


def _settings(lookups: Lookups) -> NetworkSettings:
    return NetworkSettings(resolver=lookups, clock=VirtualClock())


def _opened(registry: ProviderRegistry, text: str, lookups: Lookups) -> Connection | None:
    """Opens a connection by the way every host takes, or gives None where it is refused."""
    chosen = registry.select("azure", {"endpoint": text, "api_key": KEYS[0]})
    try:
        return chosen.provider.connect(chosen.fields, network=_settings(lookups))
    except InvalidCredentials as refusal:
        problems = refusal.problems
    assert set(problems) == {"endpoint"}
    return None


@THOROUGH
@given(text=HOSTILE)
@example(SERVICES)
@example(f"{SERVICES}:443/models?api-version=1")
@example("https://evil.test\\@contoso.services.ai.azure.com")
async def test_an_address_is_refused_or_means_a_resource_and_nothing_else_is_ever_asked_for(
    registry: ProviderRegistry, text: str
) -> None:
    lookups = Lookups()
    with WATCH.of_nothing():
        connection = _opened(registry, text, lookups)
        if connection is None:
            assert lookups.asked == []
            return
        understood = connection.credentials.reveal()["endpoint"]
        assert NORMALISED.fullmatch(understood)
        host = understood.removeprefix("https://").partition("/")[0]
        async with connection:
            # A name of 64 characters is a resource's, but no DNS label: the guard refuses it.
            with pytest.raises((HostUnreachable, HostRefused)):
                await connection.provider.list_models(connection)
        assert set(lookups.asked) <= {(host, 443)}
    again = connection.provider.read_credentials({"endpoint": understood, "api_key": KEYS[0]})
    assert again.reveal()["endpoint"] == understood


@settings(THOROUGH, max_examples=2_000)
@given(text=HOSTILE)
@example("https://contoso.services.ai.azure.com@evil.test")
async def test_the_client_itself_asks_for_no_host_but_a_resources_whatever_it_is_given(
    registry: ProviderRegistry, text: str
) -> None:
    """As for a link that the service hands back, which no schema has seen."""
    lookups = Lookups()
    fields = {"endpoint": SERVICES, "api_key": KEYS[0]}
    provider = registry.select("azure", fields).provider
    with WATCH.of_nothing():
        async with provider.connect(fields, network=_settings(lookups)) as connection:
            # Not httpx.InvalidURL alone: what is no name makes the codec's UnicodeError.
            with pytest.raises((HostUnreachable, HostRefused, httpx.InvalidURL, UnicodeError)):
                await connection.http.get(text)
    assert all(BELOW.fullmatch(host) and port == 443 for host, port in lookups.asked)
