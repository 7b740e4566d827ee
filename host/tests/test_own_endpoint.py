"""An endpoint of the operator's own: plain http, a port, a private address, and the settings."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from host.tests.running import Bonito

# LiteLLM is loaded in a process of its own.
pytestmark = pytest.mark.slow

NAME = "llama3.2:latest"
WORDS = "Words of my own."
CHAT = ("chat", "--cloud", "openai_compatible", NAME, "hello")


class Endpoint(BaseHTTPRequestHandler):
    """Lists one model, and answers any chat with the same words."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer({"object": "list", "data": [{"id": NAME, "object": "model"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        message = {"role": "assistant", "content": WORDS}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._answer({"id": "1", "object": "chat.completion", "model": NAME, "choices": [choice]})

    def _answer(self, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def bonito(tmp_path: Path, address: str) -> Bonito:
    return Bonito(tmp_path, {"BONITO_CREDENTIAL_BASE_URL": address})


def test_it_is_called_through_litellm_once_the_operator_names_it(
    bonito: Bonito, address: str
) -> None:
    settings = {"BONITO_EXTRA_HOSTS": address, "BONITO_TRUSTED_NETWORKS": "127.0.0.0/8"}
    done = bonito.run(*CHAT, **settings)
    assert done.code == 0, done.stderr
    assert done.stdout.strip() == WORDS


def test_each_setting_that_is_missing_is_named(bonito: Bonito, address: str) -> None:
    without = bonito.run(*CHAT)
    assert without.code == 2
    assert "BONITO_EXTRA_HOSTS" in without.stderr
    named = bonito.run(*CHAT, BONITO_EXTRA_HOSTS=address)
    assert named.code == 2
    assert "BONITO_TRUSTED_NETWORKS" in named.stderr
