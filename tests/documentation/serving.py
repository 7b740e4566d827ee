"""`bonito serve` as a page says it: started, ready, and ended by Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bonito_host.exit_codes import INTERRUPTED
from host.tests.running import PATIENCE

_TOKEN = re.compile(r"/sign-in#(\S+)")
_TURN = 0.2
_TURNS = int(PATIENCE / _TURN)


@dataclass(frozen=True)
class Serving:
    """A host that serves.

    Attributes:
        address: Where.
        printed: The lines that the page shows of what it says.
    """

    address: str
    printed: str

    def callers_key(self) -> str:
        """Make a key for a caller on the gateway's page, once that says what can be called."""
        (token,) = _TOKEN.findall(self.printed)
        operator = {"authorization": f"Bearer {token}"}
        # It is ready before the connections were asked for the first time.
        for _ in range(_TURNS):
            if _asked("GET", f"{self.address}/api/gateway", operator).json()["names"]:
                break
            time.sleep(_TURN)
        answer = _asked("POST", f"{self.address}/api/gateway/keys", operator, name="reader")
        assert answer.status_code == httpx.codes.CREATED, answer.text
        key: str = answer.json()["key"]
        return key


@contextmanager
def serving(
    text: str, *, port: str, lines: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[Serving]:
    """Serve at a port while the block lasts.

    Args:
        text: The command.
        port: Where, for this run.
        lines: How many lines of what it prints are waited for.
        folder: Where it is started.
        environment: All that it sees.
    """
    if "--port" not in text:
        text = text.replace("bonito serve", f"bonito serve --port {port}")
    log = folder / "serve.log"
    with log.open("w") as complaints:
        server = subprocess.Popen(
            ["sh", "-c", f"exec env {text}"],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    assert server.stdout is not None
    hanging = threading.Timer(PATIENCE, server.kill)
    hanging.start()
    try:
        printed = "".join(server.stdout.readline() for _ in range(lines))
        address = f"http://127.0.0.1:{port}"
        assert _ready(address, server), f"{text}\n{printed}{log.read_text()}"
        yield Serving(address, printed)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=PATIENCE)
    finally:
        hanging.cancel()
        server.kill()
        server.communicate()
    assert server.returncode == INTERRUPTED, f"{text}\n{log.read_text()}"


def _ready(address: str, server: subprocess.Popen[str]) -> bool:
    """Whether calls are answered there, once the server says so or has ended."""
    while server.poll() is None:
        if _asked("GET", f"{address}/ready", {}).status_code == httpx.codes.OK:
            return True
        time.sleep(_TURN)
    return False


def _asked(method: str, url: str, headers: Mapping[str, str], **body: str) -> httpx.Response:
    """Ask by a connection of its own: one kept alive may close just as it is used again."""
    return httpx.request(
        method, url, headers=headers, json=body or None, timeout=PATIENCE, trust_env=False
    )
