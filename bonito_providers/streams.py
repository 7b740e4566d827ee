"""A stream below HTTP, from its first byte in clear to its last one behind TLS."""

from __future__ import annotations

import asyncio
import select
import ssl
import sys
from typing import Any

import httpcore


class Stream(httpcore.AsyncNetworkStream):
    """A stream that lets go of its socket when its handshake is cancelled, and is cheap to look at.

    httpcore closes it after an error, but leaves the socket of a cancelled handshake open. And it
    looks at each idle connection before and after each request, which through its own streams
    asks the system for the addresses of both ends every time.

    Args:
        stream: httpcore's own.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket = stream.get_extra_info("socket")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's interface
        """Return what has come."""
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's interface
        """Send everything."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Let go of the socket."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's interface
        """Return what is known of the socket."""
        if info == "is_readable" and self._socket is not None:
            return _is_readable(self._socket.fileno())
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """Return the stream by which everything is sent."""
        try:
            secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except asyncio.CancelledError:
            await self._stream.aclose()
            raise
        return Stream(secured)


def _is_readable(file: int) -> bool:
    """Tell whether a socket has something to read, or its end; one that is closed has that.

    Args:
        file: Its file descriptor.
    """
    if file < 0:
        return True
    if sys.platform == "win32":
        return bool(select.select([file], [], [], 0)[0])
    looking = select.poll()
    looking.register(file, select.POLLIN)
    return bool(looking.poll(0))
