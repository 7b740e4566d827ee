"""The way out: one guarded HTTP client per connection.

The layers, from the caller inwards: `RetryingTransport` repeats what is safe to repeat, the only
retry layer there is; `GuardedTransport` checks every address, caps every answer and turns every
failure of the network into an error of `bonito_providers.errors`; `GuardedBackend` resolves a
name once, checks what it found, and connects to exactly that.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from bonito_providers import answers
from bonito_providers.bodies import CappedBody
from bonito_providers.clock import Clock, SystemClock
from bonito_providers.errors import HostUnreachable, ProviderError, ServiceUnavailable
from bonito_providers.failures import NETWORK_FAILURES, named_failure, no_such_name
from bonito_providers.guard import HostPolicy
from bonito_providers.redaction import redact_logs
from bonito_providers.streams import Stream

Resolver = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""Host and port to the addresses and ports to connect to; raises OSError where there are none."""

TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=10)
"""Seconds for each step of a call; a hook's own deadline bounds the whole."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes after decompression. The largest answer seen is a catalogue of 0.7 MB."""
ATTEMPTS = 3
LONGEST_WAIT = 20.0
"""Seconds. A service that asks for more is told of to the caller instead of being waited for."""
SHORT_ANSWER = 16 * 1024
"""Bytes of a refusal that are read although another attempt follows."""
SHORT_WAIT = 1.0
"""Seconds that reading it may take."""
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
RETRIED = frozenset({408, 429, 500, 502, 503, 504})

redact_logs("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


async def system_resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
    """Ask the machine's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return [(str(address[4][0]), int(address[4][1])) for address in found]


@dataclass(frozen=True)
class NetworkSettings:
    """What the operator decides about the way out; customers decide nothing of it.

    Attributes:
        trusted_networks: Ranges of private endpoints.
        extra_hosts: Further hosts or suffixes; origins, such as ``http://models.example.com:8080``,
            where it is another scheme or port. Every customer's connection may call them.
        proxy: Address of an HTTP proxy that every request takes, bound to the same names.
        tls: The trust anchors; None is the machine's own.
        resolver: How names become addresses.
        clock: What retries wait by.
    """

    trusted_networks: tuple[str, ...] = ()
    extra_hosts: tuple[str, ...] = ()
    proxy: str | None = None
    tls: ssl.SSLContext | None = None
    resolver: Resolver = system_resolver
    clock: Clock = field(default_factory=SystemClock)


def open_client(
    suffixes: Iterable[str], settings: NetworkSettings, tls: ssl.SSLContext
) -> httpx.AsyncClient:
    """Return a client that reaches the named hosts only.

    Follows no redirect, reads no environment variable, and asks for plain bodies.

    Args:
        suffixes: The provider's hosts.
        settings: The operator's.
        tls: Trust anchors, shared between connections since loading them is slow.
    """
    policy = HostPolicy(
        suffixes, extra_hosts=settings.extra_hosts, trusted_networks=settings.trusted_networks
    )
    guarded = GuardedTransport(policy, _pool(policy, settings, tls))
    return httpx.AsyncClient(
        transport=RetryingTransport(guarded, clock=settings.clock),
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "bonito-providers", "accept-encoding": "identity"},
    )


def _pool(
    policy: HostPolicy, settings: NetworkSettings, tls: ssl.SSLContext
) -> httpcore.AsyncConnectionPool:
    if settings.proxy:
        # The proxy resolves the names, so names are what can be checked; it is the operator's.
        address, credentials = _proxy(settings.proxy)
        return httpcore.AsyncHTTPProxy(
            address, proxy_auth=credentials, ssl_context=tls, max_connections=20
        )
    backend = GuardedBackend(policy, settings.resolver)
    return httpcore.AsyncConnectionPool(
        ssl_context=tls, max_connections=20, keepalive_expiry=30, network_backend=backend
    )


def _proxy(text: str) -> tuple[str, tuple[str, str] | None]:
    """Take user name and password out of a proxy's address; httpcore would pass them over."""
    url = httpx.URL(text)
    if not url.userinfo:
        return text, None
    return str(url.copy_with(username=None, password=None)), (url.username, url.password)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was checked, so that no second look-up can differ."""

    def __init__(self, policy: HostPolicy, resolver: Resolver) -> None:
        self._policy = policy
        self._resolver = resolver
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve once, check every address, connect to the first that answers."""
        self._policy.require_host(host)
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolver(host, port)
        except (OSError, UnicodeError, TimeoutError):
            found = []
        if not found:
            raise no_such_name(host)
        for address, _ in found:
            self._policy.require_address(address, host=host)
        failure: Exception | None = None
        for address, actual_port in dict.fromkeys(found):
            try:
                stream = await self._backend.connect_tcp(
                    address, actual_port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return Stream(stream)
        raise failure or no_such_name(host)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no provider answers there."""
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        """Sleep between httpcore's own attempts, of which there are none."""
        await self._backend.sleep(seconds)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Checks each request's address, caps each answer, and names each failure."""

    def __init__(self, policy: HostPolicy, pool: httpcore.AsyncConnectionPool) -> None:
        self._policy = policy
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            HostRefused: The guard does not let it go there.
            HostUnreachable: No connection.
            ServiceUnavailable: The connection broke.
            MalformedAnswer: The answer is too large or cannot be decoded.
        """
        url = request.url
        # As it will be looked up: `url.host` turns punycode back.
        host = url.raw_host.decode("ascii")
        self._policy.require_url(
            scheme=url.scheme, host=host, port=url.port, userinfo=bool(url.userinfo)
        )
        outgoing = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        failure: ProviderError
        try:
            incoming = await self._pool.handle_async_request(outgoing)
        except NETWORK_FAILURES as error:
            failure = named_failure(error, host)
        else:
            body = CappedBody(incoming, host, limit=LARGEST_ANSWER)
            return httpx.Response(
                incoming.status, headers=body.headers, stream=body, extensions=incoming.extensions
            )
        # Raised outside the handler: the causes hold requests, and requests hold keys.
        raise failure

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class RetryingTransport(httpx.AsyncBaseTransport):
    """Repeats idempotent requests on overload, failure and lost connections, with jitter.

    A request that could not even connect is repeated whatever its method, since nothing was
    sent. ``extensions={"idempotent": True}`` says that a POST may be repeated, False that nothing
    may. ``{"retry_after": function}`` reads a pause from headers of the service's own, called as
    `answers.retry_after` is.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, up to three times."""
        repeatable = request.extensions.get("idempotent", request.method in IDEMPOTENT)
        pause = request.extensions.get("retry_after", answers.retry_after)
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            wait = 0.5 * 2**attempt * random.uniform(0.5, 1)  # noqa: S311 - jitter
            try:
                response = await self._inner.handle_async_request(request)
            except HostUnreachable:
                if last or request.extensions.get("idempotent") is False:
                    raise
            except ServiceUnavailable:
                if last or not repeatable:
                    raise
            else:
                asked = pause(response.headers, now=self._clock.now())
                too_long = asked is not None and asked > LONGEST_WAIT
                if response.status_code not in RETRIED or last or not repeatable or too_long:
                    return response
                await _done_with(response)
                wait = max(wait, asked or 0)
            await self._clock.sleep(wait)
        raise AssertionError  # pragma: no cover - the loop returns or raises

    async def aclose(self) -> None:
        """Close what is inside."""
        await self._inner.aclose()


async def _done_with(response: httpx.Response) -> None:
    """Let go of a refusal that another attempt follows.

    A short one is read to its end, since an unread body costs the connection and its handshake.
    """
    length = response.headers.get("content-length", "")
    try:
        if length.isdecimal() and int(length) <= SHORT_ANSWER:
            async with asyncio.timeout(SHORT_WAIT):
                await response.aread()
    except (ProviderError, TimeoutError):
        # What it said does not matter: the next attempt will tell whether the service is there.
        pass
    finally:
        await response.aclose()


_shared: dict[str, Any] = {}


def shared_tls() -> ssl.SSLContext:
    """Return the process's TLS context; loading trust anchors takes tens of milliseconds."""
    if "tls" not in _shared:
        _shared["tls"] = httpx.create_ssl_context(trust_env=True)
    context: ssl.SSLContext = _shared["tls"]
    return context
