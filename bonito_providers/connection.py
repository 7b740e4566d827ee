"""A connection: one customer's credentials with one provider, and what is opened for them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from bonito_providers import telling
from bonito_providers.crashes import ends_the_program
from bonito_providers.redaction import Redactor

if TYPE_CHECKING:
    import asyncio

    import httpx

    from bonito_providers.clock import Clock
    from bonito_providers.credentials import Credentials
    from bonito_providers.network import NetworkSettings
    from bonito_providers.provider import Provider
    from bonito_providers.report import CheckItem


_log = logging.getLogger(__name__)


class Connection:
    """Credentials, and the client, tokens and SDK objects opened for them at first use.

    Made by `Provider.connect`. Everything cached belongs to one connection, so two customers
    never share anything but the trust anchors.

    Attributes:
        id: The host's own name for it.
        provider: The provider's typed face.
        credentials: As read by the provider's schema.
        clock: What to tell the time and to sleep by.
        redact: Hides this connection's secrets in a text.
    """

    def __init__(
        self,
        provider: Provider,
        credentials: Credentials,
        *,
        id: str,
        network: NetworkSettings,
    ) -> None:
        self.id = id
        self.provider = provider
        self.credentials = credentials
        self.clock: Clock = network.clock
        self.redact = Redactor(credentials.secrets())
        self._network = network
        self._http: httpx.AsyncClient | None = None
        self._cached: dict[str, asyncio.Task[Any]] = {}
        self._waiting: Counter[asyncio.Task[Any]] = Counter()
        self._closers: list[Callable[[], Awaitable[None]]] = []
        self._closed = False

    def __repr__(self) -> str:
        return f"<Connection {self.id!r} to {self.provider.info.name}>"

    @property
    def http(self) -> httpx.AsyncClient:
        """The guarded HTTP client of this connection, opened at first use."""
        self._require_open()
        if self._http is None:
            from bonito_providers.network import (
                open_client,
                shared_tls,
            )

            tls = self._network.tls or shared_tls()
            self._http = open_client(self.provider.info.host_suffixes, self._network, tls)
        return self._http

    async def once(
        self,
        key: str,
        make: Callable[[], Awaitable[Any]],
        *,
        close: Callable[[Any], Awaitable[None]] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the plugin makes
        """Return what `make` made for this connection, making it at most once at a time.

        Callers that come while it is being made wait for the same one; a failure is not kept.

        Args:
            key: What it is, unique within the plugin.
            make: Makes it. Runs in a task of its own, so that one caller's cancellation does
                not fail the others; it ends when the last caller has gone.
            close: Releases it when the connection closes.
        """
        import asyncio

        self._require_open()
        task = self._cached.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.ensure_future(make())
            self._cached[key] = task
            made = task
            if close is not None:
                release = close
                self._closers.append(lambda: _release(made, release))
        self._waiting[task] += 1
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                # Not this caller but the connection has ended.
                self._require_open()
            raise
        finally:
            self._waiting[task] -= 1
            if not self._waiting[task]:
                del self._waiting[task]
                if task.cancel() and self._cached.get(key) is task:
                    # What hangs must not be there for the next caller to wait for.
                    del self._cached[key]

    def tell(self, *items: CheckItem) -> None:
        """Tell items of the running `check_credentials` as soon as they are known, if you like.

        A host that shows them need not wait for the whole report. Nothing happens where nobody
        listens; what was not told, the report tells. Of several items of one name the first
        counts, until the report, which has the last word.

        Raises:
            TypeError: It is no `CheckItem`, whether anybody listens or not.
        """
        telling.tell(self, items)

    async def aclose(self) -> None:
        """Close what was opened. A closed connection refuses further use."""
        import asyncio

        self._closed = True
        for task in self._cached.values():
            task.cancel()
        await asyncio.gather(*self._cached.values(), return_exceptions=True)
        for close in reversed(self._closers):
            await self._released(close)
        self._closers.clear()
        if self._http is not None:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _released(self, close: Callable[[], Awaitable[None]]) -> None:
        try:
            await close()
        except BaseException as error:
            if ends_the_program(error):
                raise
            # Whoever closes connections may be serving another customer: nothing to raise there.
            _log.warning("closing %r: a release failed with %s", self.id, type(error).__name__)

    def _require_open(self) -> None:
        if self._closed:
            message = f"the connection {self.id!r} is closed"
            raise RuntimeError(message)


async def _release(task: asyncio.Task[Any], close: Callable[[Any], Awaitable[None]]) -> None:
    if task.done() and not task.cancelled() and task.exception() is None:
        await close(cast("Any", task.result()))
