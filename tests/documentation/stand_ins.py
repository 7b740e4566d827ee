"""What answers in place of a reader's own machines, at the addresses that the pages show."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from host.tests.postgresql import binaries, postgresql
from host.tests.test_own_endpoint import served


@contextmanager
def free_port() -> Iterator[str]:
    """A port of this machine that nobody listens at."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    yield str(port)


@contextmanager
def model_server() -> Iterator[str]:
    """A server that speaks the OpenAI API, without TLS."""
    with served() as address:
        yield address.removeprefix("http://")


@contextmanager
def database() -> Iterator[str]:
    """A PostgreSQL, by its URL."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed")
    with postgresql(programs) as url:
        yield url


@contextmanager
def collector() -> Iterator[str]:
    """A collector of traces by OTLP over HTTP, which has to be sent a span of a provider."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == "/v1/traces":
                received.append(body)
            # An empty message in protobuf's form is no byte: all was taken.
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
    assert any(b"bonito.provider.name" in body for body in received), "no span was sent"


_Start = Callable[[], AbstractContextManager[str]]
STANDING_IN: Mapping[str, _Start] = {
    "8640": free_port,
    "10.1.0.5:8000": model_server,
    "10.1.0.5/32": lambda: nullcontext("127.0.0.1/32"),
    "127.0.0.1:4318": collector,
    "postgresql://bonito@db.internal/bonito": database,
}
"""What pages show, and what starts when a command first speaks of it."""
_SHOWN = re.compile("|".join(map(re.escape, STANDING_IN)))


@dataclass(frozen=True)
class StandIns:
    """Those of one page; they end with the stack they are entered on."""

    stack: ExitStack
    _started: dict[str, str] = field(default_factory=dict)

    def lead(self, text: str) -> str:
        """Replace what a page shows by what answers here."""
        return _SHOWN.sub(lambda found: self._address(found[0]), text)

    def _address(self, shown: str) -> str:
        if shown not in self._started:
            self._started[shown] = self.stack.enter_context(STANDING_IN[shown]())
        return self._started[shown]
