"""An endpoint of the operator's own: plain http, a port, a private address, and the settings."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from host.tests.running import Bonito

# LiteLLM is loaded in a process of its own.
pytestmark = pytest.mark.slow
EXPORTED = Path(__file__).with_name("programs") / "exported.py"

NAME = "llama3.2:latest"
WORDS = "Words of my own."
CHAT = ("chat", "--cloud", "openai_compatible", NAME, "hello")


class Endpoint(BaseHTTPRequestHandler):
    """Lists one model, and answers any chat with the same words."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def words(self) -> str:
        """Return what is answered to a chat."""
        return WORDS

    def do_GET(self) -> None:
        self._answer({"object": "list", "data": [{"id": NAME, "object": "model"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        message = {"role": "assistant", "content": self.words()}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._answer({"id": "1", "object": "chat.completion", "model": NAME, "choices": [choice]})

    def _answer(self, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Repeating(Endpoint):
    """Answers any chat with the key it was sent."""

    def words(self) -> str:
        return str(self.headers["authorization"])


@contextmanager
def served(endpoint: type[Endpoint] = Endpoint) -> Iterator[str]:
    """Serve such an endpoint, and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


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


def test_a_service_of_the_operators_is_no_endpoint_for_a_connection(
    bonito: Bonito, address: str
) -> None:
    settings = {"BONITO_SERVICES": address, "BONITO_TRUSTED_NETWORKS": "127.0.0.0/8"}
    done = bonito.run(*CHAT, **settings)
    assert done.code == 2
    assert "BONITO_EXTRA_HOSTS" in done.stderr


def test_a_refused_address_is_told_no_host_of_the_operators(bonito: Bonito) -> None:
    settings = {"BONITO_EXTRA_HOSTS": "models.internal http://10.1.2.3:8000"}
    settings |= {"BONITO_CREDENTIAL_BASE_URL": "https://nobody.invalid"}
    done = bonito.run(*CHAT, **settings)
    assert done.code == 2
    assert "openrouter.ai" in done.stderr
    assert "models.internal" not in done.stderr + done.stdout
    assert "10.1.2.3" not in done.stderr + done.stdout


def test_what_is_exported_for_it_sends_no_key_of_the_operators(tmp_path: Path) -> None:
    with served(Repeating) as address:
        own = Bonito(
            tmp_path,
            {
                "BONITO_CREDENTIAL_BASE_URL": address,
                "BONITO_EXTRA_HOSTS": address,
                "BONITO_TRUSTED_NETWORKS": "127.0.0.0/8",
            },
        )
        written = own.run(
            "gateway", "export", "--cloud", "openai_compatible", "--output", "config.yaml"
        )
        assert written.code == 0, written.stderr
        done = own.program(
            sys.executable, str(EXPORTED), "config.yaml", OPENAI_API_KEY="sk-the-operators-own"
        )
    assert done.code == 0, done.stderr
    assert set(done.document["answers"].values()) == {"Bearer none"}


def test_a_name_that_the_endpoint_lacks_is_answered_with_those_it_has(
    bonito: Bonito, address: str
) -> None:
    settings = {"BONITO_EXTRA_HOSTS": address, "BONITO_TRUSTED_NETWORKS": "127.0.0.0/8"}
    done = bonito.run(*CHAT[:3], "llama", "hello", "--direct", **settings)
    assert "There is no deployment llama." in done.stderr
    assert NAME in done.stderr
