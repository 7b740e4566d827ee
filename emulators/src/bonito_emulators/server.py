"""The one local TLS server behind which all emulated clouds stand."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from bonito_emulators.exchange import Exchange, attach, reset

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from starlette.types import Message, Receive, Scope, Send

    from bonito_emulators.clouds import Cloud
    from bonito_emulators.log import Headers, RequestLog

_GRACE = 5.0
_FAREWELL = 0.2  # how long a client may take to answer the end of TLS
_logger = logging.getLogger("bonito_emulators")


class TLSServer:
    """Serves the clouds by host name over HTTPS on a loopback port of its own."""

    def __init__(self, clouds: Sequence[Cloud], *, log: RequestLog) -> None:
        self._clouds = clouds
        self._log = log
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self._config = Config(
            self._serve,
            interface="asgi3",
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
        )

    async def start(self, context: ssl.SSLContext) -> int:
        """Listens on a free port and gives its number."""
        self._config.load()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: HttpToolsProtocol(self._config, self._state, {}),
            "127.0.0.1",
            0,
            ssl=context,
            ssl_shutdown_timeout=_FAREWELL,
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Drops every connection and waits until the applications have noticed."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            if isinstance(connection, HttpToolsProtocol) and connection.transport is not None:
                connection.transport.abort()
        if tasks := set(self._state.tasks):
            _, stuck = await asyncio.wait(tasks, timeout=_GRACE)
            for task in stuck:
                task.cancel()
        # A client that stalls within the TLS handshake is no connection yet and cannot be dropped.
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE):
                await self._server.wait_closed()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Records the request, then lets the cloud that knows the host answer it."""
        body = await _read_body(receive)
        if body is None:
            return
        host = _host(scope)
        sequence = self._log.arrived(
            host=host,
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers=_readable(scope["headers"]),
            body=body,
        )
        recorder = _Recorder(send, sequence=sequence, log=self._log)
        exchange = Exchange(
            sequence,
            host=host,
            log=self._log,
            receive=receive,
            transport=lambda: self._transport(scope["client"]),
        )
        attach(scope, exchange)
        cloud = next((cloud for cloud in self._clouds if cloud.knows(host)), None)
        if cloud is None:
            self._log.violated(f"{scope['method']} {scope['path']} came for unknown host {host!r}")
            await recorder.refuse(421)
            return
        try:
            await cloud(scope, _Replay(body, receive), recorder)
        except Exception as error:
            _logger.exception("the emulated %s failed", cloud.name)
            self._log.failed(
                f"the emulated {cloud.name} itself failed on"
                f" {scope['method']} {scope['path']}: {error!r}"
            )
            if recorder.started:
                reset(self._transport(scope["client"]))
            else:
                await recorder.refuse(500)

    def _transport(self, client: tuple[str, int]) -> asyncio.WriteTransport:
        """Finds the connection a request came by; the peer's address is unique while it lasts."""
        for connection in self._state.connections:
            if isinstance(connection, HttpToolsProtocol) and connection.client == client:
                return connection.transport
        msg = f"the connection of {client} is gone"
        raise ConnectionResetError(msg)


class _Recorder:
    """A `send` that records the start of the answer before the client can see it."""

    def __init__(self, send: Send, *, sequence: int, log: RequestLog) -> None:
        self.started = False
        self._send = send
        self._sequence = sequence
        self._log = log

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = _readable(message.get("headers", []))
            self._log.answered(self._sequence, status=message["status"], headers=headers)
        await self._send(message)

    async def refuse(self, status: int) -> None:
        headers = [(b"content-length", b"0")]
        await self({"type": "http.response.start", "status": status, "headers": headers})
        await self({"type": "http.response.body", "body": b""})


class _Replay:
    """A `receive` that gives the body once more, then whatever comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _read_body(receive: Receive) -> bytes | None:
    """Reads the whole body; None when the client went away before its end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _host(scope: Scope) -> str:
    host: bytes = dict(scope["headers"]).get(b"host", b"")
    return host.decode("latin-1").partition(":")[0].lower()


def _readable(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    return tuple((key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in headers)
