"""Emulated clouds on the local machine, under their real names."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bonito_emulators.certificates import CertificateAuthority
from bonito_emulators.environment import (
    changed_environment,
    proxy_variables,
    trust_variables,
    without_proxies,
)
from bonito_emulators.log import RequestLog
from bonito_emulators.names import Names, patched_resolver
from bonito_emulators.proxy import ConnectProxy
from bonito_emulators.server import TLSServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from bonito_emulators.clouds import Cloud


class Emulation:
    """Serves clouds over TLS under their real names while the context is open.

    One TLS server and one CONNECT proxy run on loopback ports in a daemon thread with an event
    loop of its own. Names that no cloud knows do not exist: every way in fails closed and is
    recorded in `log.refused_names`.

    Attributes:
        log: what was asked, answered and refused.
        port: where the TLS server listens.
        proxy_url: where the CONNECT proxy listens.
        certificate_authority: the PEM file to trust; deleted at the end.
    """

    port: int
    proxy_url: str
    certificate_authority: Path

    def __init__(self, *clouds: Cloud) -> None:
        patterns = [pattern for cloud in clouds for pattern in cloud.host_patterns]
        self.log = RequestLog()
        self._patterns = patterns
        self._authority = CertificateAuthority(patterns)
        self._names = Names(clouds, log=self.log)
        self._server = TLSServer(clouds, log=self.log)
        self._proxy = ConnectProxy(self._names, log=self.log)
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Starts everything; returns when connections are accepted."""
        if self._thread is not None:
            msg = "an emulation runs once; make another"
            raise RuntimeError(msg)
        self._directory = tempfile.TemporaryDirectory(prefix="bonito-emulators-")
        self.certificate_authority = Path(self._directory.name) / "authority.pem"
        self.certificate_authority.write_bytes(self._authority.certificate)
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="bonito-emulation", daemon=True)
        self._thread.start()
        try:
            self._ready.result()
        except BaseException:
            self._directory.cleanup()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Drops all connections, ends the thread and deletes the certificate."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        if self._thread is not None:
            self._thread.join()
        self._directory.cleanup()

    def resolve(self, host: str, port: int) -> tuple[str, int]:
        """Gives the address behind an emulated name, for clients that take a resolver.

        Raises:
            socket.gaierror: the name is not emulated, or the port is not 443.
        """
        return self._names.resolve(host, port)

    def client_context(self) -> ssl.SSLContext:
        """Makes a client context that trusts the throw-away authority and nothing else."""
        return ssl.create_default_context(cadata=self._authority.certificate.decode("ascii"))

    def environment(self) -> dict[str, str]:
        """Gives the variables by which a child process reaches the emulation and only it."""
        return {**trust_variables(self.certificate_authority), **proxy_variables(self.proxy_url)}

    @contextmanager
    def in_process(self) -> Iterator[None]:
        """Makes clients of this process reach the emulation under the real names, on port 443.

        For the whole process: `socket.getaddrinfo` knows the emulated names and loopback only,
        and the trust variables are set. A library that reads its trust when it is imported
        (aiohttp does) must be imported inside. Code that connects to a literal address without
        any look-up is not held back.
        """
        changes = {**without_proxies(), **trust_variables(self.certificate_authority)}
        with changed_environment(changes), patched_resolver(self._names):
            yield

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        try:
            context = self._authority.server_context(self._patterns)
            self.port = self._names.port = await self._server.start(context)
            self.proxy_url = f"http://127.0.0.1:{await self._proxy.start()}"
            self._ready.set_result(None)
            await self._stopped.wait()
        finally:
            await self._proxy.stop()
            await self._server.stop()
