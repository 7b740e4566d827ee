"""The gateway as the rest of the host sees it: loaded in the background, changed in place."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import AbstractContextManager, aclosing
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from bonito_host.application import Application
from bonito_host.gateway.answers import Answer, encoded
from bonito_host.gateway.callers import Callers
from bonito_host.gateway.inventory import Account, Inventory
from bonito_host.gateway.ledger import Ledger, Metered
from bonito_host.gateway.live_router import LiveRouter
from bonito_host.gateway.metrics import Metrics
from bonito_host.gateway.requests import GatewayRequest
from bonito_host.gateway.table import RoutingTable, identity
from bonito_host.gateway.ways import Way
from bonito_host.litellm_adapter import load
from bonito_host.process_guard import guard_process
from bonito_host.store.errors import RecordMissing
from bonito_providers.connections import Connections
from bonito_providers.deployment import Deployment
from bonito_providers.errors import BonitoError, ModelNotFound, ServiceUnavailable
from bonito_providers.gateway import (
    ConfigDiff,
    FailoverGroup,
    GatewayConfig,
    RoutableDeployment,
)
from bonito_providers.redaction import redact_live

_log = logging.getLogger(__name__)
_RENEWING = 300.0
"""Seconds between two looks at what is callable in the clouds."""
_AT_ONCE = 8
"""How many clouds are asked at the same time."""


class Readiness(StrEnum):
    """Where the gateway stands."""

    LOADING = "loading"
    READY = "ready"
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
        problems: Connection to why its deployments are not renewed, or not routed at all.
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
        self.problems: dict[str, str] = {}
        self._application = application
        self._inventory = Inventory(application, connections)
        self._groups = groups
        self._accounts: dict[str, Account] = {}
        self._table = RoutingTable()
        self._router: LiveRouter | None = None
        self._loaded = asyncio.Event()
        self._failure: str | None = None
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stale = asyncio.Event()
        self._whole = asyncio.Event()
        self._whole.set()
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
        return Readiness.READY if self._loaded.is_set() else Readiness.LOADING

    @property
    def ready(self) -> bool:
        """Whether calls are answered at once."""
        return self.readiness is Readiness.READY

    @property
    def failure(self) -> str | None:
        """Why the gateway could not load, in a sentence."""
        return self._failure

    @property
    def config(self) -> GatewayConfig:
        """Routes, aliases, proposed groups and what is left out, as last built whole."""
        return self._table.config

    def names(self) -> list[str]:
        """Return every name a caller may use."""
        return self._table.names()

    def routes(self, name: str) -> tuple[RoutableDeployment, ...]:
        """Return where a name leads; empty for one that leads nowhere."""
        return self._table.routes(name)

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
        """Take a deployment as it is now: made, changed, or no longer ready.

        Raises:
            BonitoError: The connection is gone, or its credentials cannot be read.
        """
        await self._inventory.keep(connection, deployment)
        await self._loaded.wait()
        async with self._changing:
            account = self._accounts.get(connection) or await self._read(connection)
            self._apply(self._table.put(account.route(deployment)))

    async def drop(self, connection: str, name: str) -> None:
        """Take a deployment out that is being deleted."""
        await self._inventory.forget(connection, name)
        await self._loaded.wait()
        async with self._changing:
            self._apply(self._table.drop(connection, name))

    async def forget(self, connection: str) -> None:
        """Take a connection out that was removed."""
        await self._loaded.wait()
        async with self._changing:
            self._accounts.pop(connection, None)
            self.problems.pop(connection, None)
            self._apply(self._table.replace(connection, ()))

    async def regroup(self) -> None:
        """Take the accepted failover groups as they are now."""
        await self._loaded.wait()
        async with self._changing:
            groups = tuple(await asyncio.to_thread(self._groups))
            self._apply(self._table.regroup(groups))

    async def refresh(self, connection: str | None = None) -> None:
        """Ask the cloud of one connection, or of all, what is callable now.

        Whatever is wrong with one stands in `problems` and stops no other.
        """
        await self._loaded.wait()
        if connection is not None:
            await self._renew(connection)
            return
        stored = await asyncio.to_thread(self._inventory.connections)
        for gone in set(self._table.connections()) - set(stored):
            await self.forget(gone)
        limit = asyncio.Semaphore(_AT_ONCE)

        async def renew(id: str) -> None:
            async with limit:
                await self._renew(id)

        await asyncio.gather(*map(renew, stored))

    async def settled(self) -> None:
        """Wait until aliases, proposals and what is left out follow the last change.

        Routes themselves are changed when `put`, `drop` and the others return.
        """
        await self._whole.wait()

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
            reading = asyncio.to_thread(self._read_everything)
            await asyncio.gather(asyncio.to_thread(self._prepare), reading)
            self._router = LiveRouter()
            await asyncio.to_thread(_settle_memory)
        except Exception as error:  # noqa: BLE001 - the pages still work, and say so
            _log.exception("the gateway cannot load")
            self._failure = f"The gateway cannot load: {redact_live(str(error))}"
        self._loaded.set()
        if self._failure is None:
            self._begin(self._keep_whole())
            self._begin(self._keep_renewed())

    def _prepare(self) -> None:
        settings = self._application.settings
        networks, proxy = settings.trusted_networks, settings.proxy
        guard_process(self._application.registry, trusted_networks=networks, proxy=proxy)
        load()

    def _read_everything(self) -> None:
        found: list[RoutableDeployment] = []
        for id in self._inventory.connections():
            try:
                account = self._accounts[id] = self._inventory.account(id)
                found += self._inventory.seen(account)
            except BonitoError as error:
                self.problems[id] = error.message
        self._table.load(found, self._groups())

    async def _keep_renewed(self) -> None:
        while True:
            await self.refresh()
            await asyncio.sleep(_RENEWING)

    async def _keep_whole(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            version = self._table.version
            routes, groups = self._table.everything()
            self._table.config = await asyncio.to_thread(GatewayConfig.build, routes, groups=groups)
            if version == self._table.version:
                self._whole.set()

    async def _renew(self, id: str) -> None:
        problem = ""
        try:
            await self._inventory.renew(id)
        except BonitoError as error:
            # What was seen before is still routed: the cloud may be away for a moment.
            problem = error.message
        async with self._changing:
            try:
                account = await self._read(id)
                routes = await asyncio.to_thread(self._inventory.seen, account)
            except BonitoError as error:
                problem, routes = error.message, []
                if isinstance(error, RecordMissing):
                    problem = ""  # removed, and nothing is wrong with that
                self._accounts.pop(id, None)
            self._apply(self._table.replace(id, routes))
        self.problems.pop(id, None)
        if problem:
            self.problems[id] = problem

    async def _read(self, id: str) -> Account:
        account = self._accounts[id] = await asyncio.to_thread(self._inventory.account, id)
        return account

    def _apply(self, change: ConfigDiff) -> None:
        if self._router is not None:
            self._router.apply(change)
        if change.added or change.removed or change.changed or self._stale.is_set():
            self._whole.clear()
            self._stale.set()

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
        routes = self._table.routes(request.model)
        if not routes:
            raise ModelNotFound(
                f"There is no model {request.model[:80]!r}.", hint="GET /v1/models lists the names."
            )
        homes = dict.fromkeys(route.connection for route in routes)
        redactors = [self._accounts[home].redact for home in homes if home in self._accounts]
        call.routes = {identity(route): route for route in routes}
        self._router.ensure(routes)
        name = routes[0].entry.model_name
        return self._router, Way(name=name, asked=request.model, redactors=tuple(redactors))


def require_watched(loop: asyncio.AbstractEventLoop) -> None:
    """Make sure that the process guard sees what the event loop looks up and connects to.

    Raises:
        RuntimeError: It does so in a library of its own, past Python's audit events.
    """
    kind = type(loop)
    if kind.__module__.partition(".")[0] != "asyncio":
        message = f"the process guard cannot see what {kind.__module__} does: use asyncio's loop"
        raise RuntimeError(message)


def _settle_memory() -> None:
    # LiteLLM and the routes are hundreds of thousands of objects that stay. Each call of LiteLLM's
    # leaves enough behind to have them all searched for garbage every few calls.
    gc.collect()
    gc.freeze()
