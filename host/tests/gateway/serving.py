"""A gateway in a process of its own, over a store of its own, and clients for it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import openai

from bonito_host.store.store import Store
from host.tests.running import PATIENCE

PROGRAM = Path(__file__).with_name("program.py")


@dataclass
class Gateway:
    """One that runs.

    Attributes:
        url: Where it answers.
        path: The database it stands on.
        store: The same, opened by the test as well.
        process: What runs it.
        key: A caller's key that works.
        log: What it wrote to stderr.
    """

    url: str
    path: Path
    store: Store
    process: subprocess.Popen[str]
    key: str
    log: Path
    _clients: list[openai.OpenAI] = field(default_factory=list)

    def client(self, **changes: Any) -> openai.OpenAI:
        given = {"base_url": f"{self.url}/v1", "api_key": self.key, "max_retries": 0, **changes}
        client = openai.OpenAI(timeout=PATIENCE, **given)
        self._clients.append(client)
        return client

    def close_clients(self) -> None:
        """Close their sockets now: the garbage collector would complain in a later test."""
        for client in self._clients:
            client.close()

    def asynchronous(self) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(
            base_url=f"{self.url}/v1", api_key=self.key, max_retries=0, timeout=PATIENCE
        )

    def post(self, path: str, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return httpx.post(f"{self.url}{path}", headers=headers, timeout=PATIENCE, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return httpx.get(f"{self.url}{path}", headers=headers, timeout=PATIENCE, **options)

    def state(self) -> Any:
        return self.get("/state").json()

    def last_call(self) -> Any:
        return self.state()["calls"][0]


@contextmanager
def serving(
    path: Path, variables: Mapping[str, str], *, sealed_with: str | None = None
) -> Iterator[Gateway]:
    """Run a gateway on the store at a path until the block ends."""
    store = Store(path, key=sealed_with)
    key = store.callers.create("the test").key
    own = {"PATH": os.environ["PATH"], "HOME": str(path.parent), "BONITO_STORE": str(path)}
    log = path.with_suffix(".log")
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-W", "error::UserWarning", str(PROGRAM)],
            env={**own, **variables} | ({"BONITO_KEY": sealed_with} if sealed_with else {}),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        assert port, log.read_text()
        gateway = Gateway(f"http://127.0.0.1:{port}", path, store, process, key, log)
        yield gateway
        gateway.close_clients()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        process.stdout.close()
