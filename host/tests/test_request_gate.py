"""The request gate, behind a proxy that would lead anywhere."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from host.tests.running import PATIENCE, Bonito

PROGRAM = Path(__file__).with_name("programs") / "behind_proxy.py"
ALLOWED = "https://contoso.services.ai.azure.com/models"
FOREIGN = [
    "https://collector.example/",
    "https://services.ai.azure.com.collector.example/",
    "https://contoso.services.ai.azure.com:8443/",
    "https://somebody@contoso.services.ai.azure.com/",
    "http://contoso.services.ai.azure.com/",
    "https://192.0.2.1/",
]


class OpenProxy:
    """Opens a way to every host, notes which, and closes it before anything is sent."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode("latin-1").splitlines()[0])
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def call_through(proxy: OpenProxy, bonito: Bonito, *addresses: str) -> dict[str, list[str]]:
    """Call each address from a guarded process; return what came of both clients' calls."""
    async with await asyncio.start_server(proxy.answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        command = (sys.executable, str(PROGRAM), f"http://{host}:{port}", *addresses)
        done = await asyncio.wait_for(asyncio.to_thread(bonito.program, *command), PATIENCE)
    assert done.code == 0, done.stderr
    outcomes: dict[str, list[str]] = json.loads(done.stdout)
    return outcomes


@pytest.fixture
def alone(tmp_path: Path) -> Bonito:
    return Bonito(tmp_path)


def test_no_foreign_address_is_asked_of_the_proxy(alone: Bonito) -> None:
    proxy = OpenProxy()
    outcomes = asyncio.run(call_through(proxy, alone, *FOREIGN))
    assert outcomes == {address: ["refused", "refused"] for address in FOREIGN}
    assert proxy.asked == []


def test_a_providers_own_address_is_asked_of_the_proxy(alone: Bonito) -> None:
    proxy = OpenProxy()
    outcomes = asyncio.run(call_through(proxy, alone, ALLOWED))
    assert outcomes == {ALLOWED: ["tried", "tried"]}
    assert proxy.asked == [f"CONNECT {urlsplit(ALLOWED).hostname}:443 HTTP/1.1"] * 2


@pytest.mark.parametrize("named", [False, True])
def test_a_service_of_the_operators_is_reached_once_it_is_named(
    tmp_path: Path, *, named: bool
) -> None:
    async def run() -> tuple[list[str], list[str]]:
        collector = OpenProxy()
        async with await asyncio.start_server(collector.answer, "127.0.0.1", 0) as server:
            origin = "http://127.0.0.1:{1}".format(*server.sockets[0].getsockname())
            alone = Bonito(tmp_path, {"BONITO_SERVICES": origin} if named else {})
            command = (sys.executable, str(PROGRAM), "", origin)
            done = await asyncio.wait_for(asyncio.to_thread(alone.program, *command), PATIENCE)
        assert done.code == 0, done.stderr
        return done.document[origin], collector.asked

    outcomes, asked = asyncio.run(run())
    assert outcomes == ["done" if named else "refused"] * 2
    assert asked == (["GET / HTTP/1.1"] * 2 if named else [])
