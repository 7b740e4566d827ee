"""What answers while the pages run: emulated clouds, a vault, and whatever a page serves itself."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

from bonito_emulators import Emulation
from bonito_emulators.azure.scenario import scenario
from tests.toy_service import HOST, KEY, MANAGER_SECRET, ToyService
from tests.virtual_time import VirtualClock

if TYPE_CHECKING:
    from bonito_providers import Connection, NetworkSettings

TOY = {
    "endpoint": f"https://{HOST}",
    "api_key": KEY,
    "manager_id": "m1",
    "manager_secret": MANAGER_SECRET,
}


@dataclass(frozen=True)
class World:
    """What the drivers find: Azure behind the process's proxy, and the toy cloud beside it."""

    azure: Emulation
    toy: Emulation
    service: ToyService

    @property
    def network(self) -> NetworkSettings:
        """Leads to Azure, by what an operator sets."""
        from bonito_providers import NetworkSettings

        return NetworkSettings(proxy=os.environ["OUTBOUND_PROXY"])

    def connect_toy(self) -> Connection:
        """A connection to the toy cloud, on which waiting costs nothing."""
        from bonito_providers import Provider
        from tests.fake_provider import plugin

        return Provider(plugin).connect(TOY, id="toy", network=network_of(self.toy))


@contextmanager
def started_world() -> Iterator[World]:
    """Start the clouds and lead this process to them; before anything has read its trust."""
    service = ToyService()
    with Emulation(scenario.build()) as azure, Emulation(service) as toy:
        os.environ.update(azure.environment(), OUTBOUND_PROXY=azure.proxy_url)
        yield World(azure, toy, service)
        problems = [*azure.log.violations, *toy.log.violations]
        assert not problems, problems


def network_of(emulation: Emulation) -> NetworkSettings:
    """Leads a connection to one emulation, with a virtual clock."""
    from bonito_providers import NetworkSettings

    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [emulation.resolve(host, port)]

    return NetworkSettings(
        tls=emulation.client_context(),
        resolver=resolver,
        trusted_networks=("127.0.0.0/8",),
        clock=VirtualClock(),
    )


def connect(world: World, fields: Mapping[str, str], *, id: str = "contoso") -> Connection:
    from bonito_providers import ProviderRegistry

    chosen = ProviderRegistry.discover().select("azure", fields)
    return chosen.provider.connect(chosen.fields, id=id, network=world.network)


@contextmanager
def key_value_store(token: str) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Play Vault's key-value store, version 2, as far as its documentation says of these calls."""
    secrets: dict[str, dict[str, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            secrets[self.path] = json.loads(self.rfile.read(length))["data"]
            self.answer(200, {"data": {"version": 1}})

        def do_GET(self) -> None:
            if self.path in secrets:
                self.answer(200, {"data": {"data": secrets[self.path], "metadata": {}}})
            else:
                self.answer(404, {"errors": []})

        def answer(self, status: int, document: object) -> None:
            if self.headers["x-vault-token"] != token:
                status, document = 403, {"errors": ["permission denied"]}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", secrets
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an ASGI application on a port of this machine."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    # It listens already: who comes before the server has started waits.
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
