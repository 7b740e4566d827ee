"""One request under way: its link to the log and to the socket below ASGI."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope

    from bonito_emulators.log import RequestLog

_EXTENSION = "bonito_emulators.exchange"
_NO_LINGER = struct.pack("ii", 1, 0)


class Exchange:
    """What ASGI does not offer an application: violations, resets, patient waiting.

    Attributes:
        sequence: the request's number in the log.
        host: the name the client asked for, in lower case and without a port.
    """

    def __init__(
        self,
        sequence: int,
        *,
        host: str,
        log: RequestLog,
        receive: Receive,
        transport: Callable[[], asyncio.WriteTransport],
    ) -> None:
        self.sequence = sequence
        self.host = host
        self._log = log
        self._receive = receive
        self._transport = transport

    def violation(self, sentence: str) -> None:
        """Records that the client did what the real service does not know."""
        self._log.violated(sentence)

    async def reset(self) -> None:
        """Breaks the connection with a TCP reset; returns when it is gone."""
        reset(self._transport())
        await self._disconnected()

    async def hang_up(self) -> None:
        """Closes the connection in good order, after what was sent; returns when it is gone."""
        self._transport().close()
        await self._disconnected()

    async def pause(self, seconds: float) -> bool:
        """Waits, and tells whether the client is still there."""
        try:
            async with asyncio.timeout(seconds):
                await self._disconnected()
        except TimeoutError:
            return True
        return False

    async def _disconnected(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


def attach(scope: Scope, exchange: Exchange) -> None:
    """Puts the exchange where `exchange_of` finds it."""
    scope.setdefault("extensions", {})[_EXTENSION] = exchange


def exchange_of(scope: Scope) -> Exchange:
    """Gives the exchange of a request that came through an emulation."""
    return cast("Exchange", scope["extensions"][_EXTENSION])


def reset(transport: asyncio.BaseTransport) -> None:
    """Drops a connection so that the peer gets a reset, not an orderly end."""
    if isinstance(transport, asyncio.WriteTransport):
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.fileno() >= 0:
            # Without lingering the kernel answers with RST; a plain close would send FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
