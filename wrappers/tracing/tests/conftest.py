"""Fixtures: the toy service over real TLS, traced by the real SDK into memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bonito_emulators import Emulation
from bonito_providers import Connection, NetworkSettings, Provider
from bonito_tracing import Tracing
from tests.conftest import MANAGING
from tests.fake_provider import plugin
from tests.toy_service import ToyService
from tests.virtual_time import VirtualClock

Connect = Callable[..., AbstractAsyncContextManager[Connection]]
Spans = Callable[[], Sequence[ReadableSpan]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracers(exporter: InMemorySpanExporter) -> Iterator[TracerProvider]:
    """A tracer provider of the test's own: the process' one can be set only once."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider
    provider.shutdown()


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Spans:
    """What ended, in the order of ending."""
    return exporter.get_finished_spans


@pytest.fixture
def toy() -> ToyService:
    return ToyService()


@pytest.fixture
def connect(toy: ToyService, tracers: TracerProvider) -> Iterator[Connect]:
    """Opens a traced connection by id; fields may be changed."""
    with Emulation(toy) as emulation:

        async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
            return [emulation.resolve(host, port)]

        def opened(id: str = "contoso", **changed: str) -> Connection:
            network = NetworkSettings(
                tls=emulation.client_context(),
                resolver=resolver,
                trusted_networks=("127.0.0.0/8",),
                clock=VirtualClock(),
            )
            provider = Provider(plugin, wrappers=(Tracing(tracers),))
            return provider.connect({**MANAGING, **changed}, id=id, network=network)

        yield opened
        assert emulation.log.violations == []


@pytest.fixture
async def connection(connect: Connect) -> AsyncIterator[Connection]:
    async with connect() as opened:
        yield opened
