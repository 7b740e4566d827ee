"""A CONNECT proxy that leads to the emulation and nowhere else, for child processes."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bonito_emulators.exchange import reset

if TYPE_CHECKING:
    from bonito_emulators.log import RequestLog
    from bonito_emulators.names import Names

_CHUNK = 64 * 1024


class ConnectProxy:
    """Tunnels `CONNECT name:443` for emulated names; refuses and records all else."""

    def __init__(self, names: Names, *, log: RequestLog) -> None:
        self._names = names
        self._log = log
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listens on a free loopback port and gives its number."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Drops all tunnels and waits until their tasks have ended."""
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        if self._tasks:
            await asyncio.wait(set(self._tasks))
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target = _request_line(head)
            if method == "CONNECT":
                await self._tunnel(target, reader, writer)
            else:
                self._log.refused(urlsplit(target).hostname or target)
                await _refuse(writer, 403, "this proxy serves CONNECT only")
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # the peer went away, or never spoke HTTP: nobody is left to tell
        finally:
            self._close(writer)

    async def _tunnel(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, _, port = target.rpartition(":")
        try:
            address = self._names.resolve(host, int(port) if port.isdecimal() else 0)
        except socket.gaierror as error:
            await _refuse(writer, 502, str(error.strerror))
            return
        remote_reader, remote_writer = await asyncio.open_connection(*address)
        self._writers.add(remote_writer)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pump(reader, remote_writer), _pump(remote_reader, writer))
        except OSError:
            # A reset on one side is passed on as a reset, so that faults reach the client.
            reset(writer.transport)
            reset(remote_writer.transport)
        finally:
            self._close(remote_writer)

    def _close(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.close()


def _request_line(head: bytes) -> tuple[str, str]:
    """Gives method and target; empty strings for what is missing."""
    words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
    return words[0], words[1] if len(words) > 1 else ""


async def _refuse(writer: asyncio.StreamWriter, status: int, reason: str) -> None:
    """Refuses with the reason in the status line, which is all that clients show of it."""
    head = f"HTTP/1.1 {status} {reason}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    writer.write(head.encode("latin-1", "replace"))
    await writer.drain()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    writer.write_eof()
