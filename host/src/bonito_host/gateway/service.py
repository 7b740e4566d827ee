"""The gateway as the rest of the host sees it: loaded in the background, changed in place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractContextManager, aclosing
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from bonito_host.application import Application
from bonito_host.gateway.answers import Answer, encoded
from bonito_host.gateway.callers import Callers
from bonito_host.gateway.inventory import Inventory
from bonito_host.gateway.ledger import Ledger, Metered
from bonito_host.gateway.live_router import LiveRouter
from bonito_host.gateway.metrics import Metrics
from bonito_host.gateway.requests import GatewayRequest
from bonito_host.gateway.routing import Routing, settle_memory
from bonito_host.gateway.table import identity
from bonito_host.gateway.ways import Way
from bonito_host.litellm_adapter import load
from bonito_host.process_guard import guard_process
from bonito_providers.connections import Connections
from bonito_providers.deployment import Deployment
from bonito_providers.errors import ModelNotFound, ServiceUnavailable
from bonito_providers.gateway import (
    FailoverGroup,
    GatewayConfig,
    RoutableDeployment,
)
from bonito_providers.redaction import redact_live

_log = logging.getLogger(__name__)


class Readiness(StrEnum):
    """Where the gateway stands."""

    LOADING = "loading"
    READY = "ready"
    OUTDATED = "outdated"
    """Calls are answered by what was read before the store got a new key: start anew."""
    FAILED = "failed"


class GatewayService:
    """Calls to every connection's deployments, in the manner of OpenAI.

    Use it as an asynchronous context manager: entering returns at once and loads in the
    background; calls that come early wait.

    Args:
        application: Its store keeps connections, deployments last seen, callers and calls.
        connections: Lends open connections.
        groups: Reads the failover groups the operator has accepted.

    Attributes:
        callers: Keys of callers: ``create``, ``all``, ``revoke``, ``recognise``.
        ledger: Calls that were made: ``recent``.
        metrics: Numbers for Prometheus: ``written``.
    """

    def __init__(
        self,
        application: Application,
        connections: Connections,
        *,
        groups: Callable[[], Iterable[FailoverGroup]] = tuple,
    ) -> None:
        self.metrics = Metrics()
        self.callers = Callers(application.store.callers)
        self.ledger = Ledger(application.store.calls, self.metrics)
        self._application = application
        self._routing = Routing(Inventory(application, connections), groups)
        self._router: LiveRouter | None = None
        self._loaded = asyncio.Event()
        self._failure: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.metrics.watch("routes", "Names that lead somewhere.", lambda: len(self.names()))
        self.metrics.watch(
            "loaded_routes",
            "Routes LiteLLM holds.",
            lambda: self._router.loaded if self._router else 0,
        )

    @property
    def readiness(self) -> Readiness:
        """Whether calls are answered already."""
        if self._failure is not None:
            return Readiness.FAILED
        if self._routing.outdated:
            return Readiness.OUTDATED
        return Readiness.READY if self._loaded.is_set() else Readiness.LOADING

    @property
    def ready(self) -> bool:
        """Whether calls are answered at once."""
        return self.readiness is Readiness.READY

    @property
    def failure(self) -> str | None:
        """Why the gateway could not load, or cannot go on for long, in a sentence."""
        return self._failure or self._routing.outdated or None

    @property
    def config(self) -> GatewayConfig:
        """Routes, aliases, proposed groups and what is left out, as last built whole."""
        return self._routing.table.config

    @property
    def problems(self) -> Mapping[str, str]:
        """Connection to why its deployments are not renewed, or not routed at all."""
        return self._routing.problems

    def names(self) -> list[str]:
        """Return every name a caller may use."""
        return self._routing.table.names()

    def routes(self, name: str) -> tuple[RoutableDeployment, ...]:
        """Return where a name leads; empty for one that leads nowhere."""
        return self._routing.table.routes(name)

    def candidates(self) -> list[RoutableDeployment]:
        """Return what the connections offer, also what cannot be routed."""
        return self._routing.table.everything()[0]

    async def chat(self, request: GatewayRequest, *, caller: str) -> Answer:
        """Ask for one answer.

        Args:
            request: What was asked, by `requests.chat_request`.
            caller: Whose call it is, for the record: a caller's id, or a page of the host.

        Raises:
            ModelNotFound: The name leads nowhere.
            ProviderError: The class says what can be done about it.
        """
        with self._metered(request, "chat", caller) as call:
            router, way = await self._way(request, call)
            return call.take(await router.chat(way, request.body))

    async def stream(self, request: GatewayRequest, *, caller: str) -> AsyncGenerator[Answer, None]:
        """Ask for one answer and yield its pieces; closing the iterator ends the call.

        Raises:
            ModelNotFound: The name leads nowhere.
            ProviderError: As `chat`; also after some pieces have come.
        """
        with self._metered(request, "chat", caller) as call:
            router, way = await self._way(request, call)
            async with aclosing(router.stream(way, request.body)) as pieces:
                async for piece in pieces:
                    yield call.take(piece)

    async def embed(self, request: GatewayRequest, *, caller: str) -> Answer:
        """Ask for the vectors of texts.

        Raises:
            ModelNotFound: The name leads nowhere.
            ProviderError: As `chat`.
        """
        with self._metered(request, "embedding", caller) as call:
            router, way = await self._way(request, call)
            answer = call.take(await router.embed(way, request.body))
            return encoded(answer) if request.base64 else answer

    async def put(self, connection: str, deployment: Deployment) -> None:
        """Take a deployment as it is now, as `Routing.put`."""
        await self._routing.put(connection, deployment)

    async def drop(self, connection: str, name: str) -> None:
        """Take a deployment out that is being deleted."""
        await self._routing.drop(connection, name)

    async def forget(self, connection: str) -> None:
        """Take a connection out that was removed."""
        await self._routing.forget(connection)

    async def regroup(self) -> None:
        """Take the accepted failover groups as they are now."""
        await self._routing.regroup()

    async def refresh(self, connection: str | None = None) -> None:
        """Ask the cloud of one connection, or of all, as `Routing.refresh`."""
        await self._routing.refresh(connection)

    async def settled(self) -> None:
        """Wait until aliases, proposals and what is left out follow the last change."""
        await self._routing.settled()

    async def __aenter__(self) -> Self:
        for work in (self._load(), self.ledger.run()):
            self._begin(work)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.ledger.flush()
        if self._router is not None:
            await self._router.aclose()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _load(self) -> None:
        try:
            require_watched(asyncio.get_running_loop())
            await asyncio.gather(asyncio.to_thread(self._prepare), self._routing.load())
            self._router = LiveRouter()
            self._routing.attach(self._router)
            await asyncio.to_thread(settle_memory)
        except Exception as error:  # noqa: BLE001 - the pages still work, and say so
            _log.exception("the gateway cannot load")
            self._failure = f"The gateway cannot load: {redact_live(str(error))}"
        self._loaded.set()
        self._begin(self._routing.keep_whole())
        self._begin(self._routing.keep_renewed())

    def _prepare(self) -> None:
        settings = self._application.settings
        guard_process(
            self._application.registry,
            trusted_networks=settings.trusted_networks,
            extra_hosts=settings.extra_hosts,
            services=settings.services,
            proxy=settings.proxy,
        )
        load()

    def _metered(
        self, request: GatewayRequest, kind: str, caller: str
    ) -> AbstractContextManager[Metered]:
        return self.ledger.metered(
            caller=caller, model=request.model, kind=kind, streamed=request.stream
        )

    async def _way(self, request: GatewayRequest, call: Metered) -> tuple[LiveRouter, Way]:
        await self._loaded.wait()
        if self._router is None:
            raise ServiceUnavailable(self._failure or "The gateway is closed.")
        routes = self.routes(request.model)
        if not routes:
            raise ModelNotFound(
                f"There is no model {request.model[:80]!r}.", hint="GET /v1/models lists the names."
            )
        call.routes = {identity(route): route for route in routes}
        self._router.ensure(routes)
        redactors = self._routing.redactors(routes)
        name = routes[0].entry.model_name
        way = Way(name=name, asked=request.model, redactors=redactors, failed=call.failed)
        return self._router, way


def require_watched(loop: asyncio.AbstractEventLoop) -> None:
    """Make sure that the process guard sees what the event loop looks up and connects to.

    Raises:
        RuntimeError: It does so in a library of its own, past Python's audit events.
    """
    kind = type(loop)
    if kind.__module__.partition(".")[0] != "asyncio":
        message = f"the process guard cannot see what {kind.__module__} does: use asyncio's loop"
        raise RuntimeError(message)
