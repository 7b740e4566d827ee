from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from bonito_emulators import Emulation, Fault, Reset

if TYPE_CHECKING:
    from collections.abc import Callable

    from bonito_emulators.azure import AzureCloud

HOST = "acme.services.ai.azure.com"


def connect(emulation: Emulation) -> socket.socket:
    address = urlsplit(emulation.proxy_url)
    return socket.create_connection((address.hostname or "", address.port or 0))


def ask(emulation: Emulation, head: str) -> str:
    """Sends a request head to the proxy and gives the status line."""
    with connect(emulation) as connection:
        connection.sendall(head.encode())
        return connection.makefile("rb").readline().decode().strip()


def test_a_tunnel_leads_to_the_emulated_service(emulation: Emulation, key: str) -> None:
    with httpx.Client(proxy=emulation.proxy_url, verify=emulation.client_context()) as client:
        answer = client.get(f"https://{HOST}/openai/v1/models", headers={"api-key": key})
    assert answer.status_code == 200
    assert [request.host for request in emulation.log.requests] == [HOST]


@pytest.mark.parametrize(
    ("target", "refused", "reason"),
    [
        ("example.com:443", "example.com", "name 'example.com' is not emulated"),
        ("127.0.0.1:443", "127.0.0.1", "name '127.0.0.1' is not emulated"),
        ("localhost:443", "localhost", "name 'localhost' is not emulated"),
        (f"{HOST}:80", f"{HOST}:80", f"port 80 of '{HOST}' is not emulated"),
        (f"{HOST}:x", f"{HOST}:0", f"port 0 of '{HOST}' is not emulated"),
        (HOST, "", "name '' is not emulated"),
    ],
)
def test_any_other_target_is_refused_and_recorded(
    emulation: Emulation, target: str, refused: str, reason: str
) -> None:
    status = ask(emulation, f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n")
    assert status == f"HTTP/1.1 502 {reason}"
    assert emulation.log.refused_names == [refused]
    assert emulation.log.requests == []


@pytest.mark.parametrize("host", ["example.com", HOST, "127.0.0.1:8000"])
def test_plain_http_is_never_forwarded(emulation: Emulation, host: str) -> None:
    status = ask(emulation, f"GET http://{host}/ HTTP/1.1\r\nhost: {host}\r\n\r\n")
    assert status == "HTTP/1.1 403 this proxy serves CONNECT only"
    assert emulation.log.refused_names == [host.partition(":")[0]]


@pytest.mark.parametrize("noise", ["\r\n\r\n", "CONNECT\r\n\r\n", "\x16\x03\x01 \r\n\r\n"])
def test_noise_is_refused(emulation: Emulation, noise: str) -> None:
    assert ask(emulation, noise).split()[1] in {"403", "502"}


def test_a_head_without_end_is_dropped_and_the_proxy_goes_on(emulation: Emulation) -> None:
    # What the proxy leaves unread makes the kernel reset the connection, at any of these steps.
    with connect(emulation) as connection, suppress(OSError):
        connection.sendall(b"CONNECT " + b"x" * 200_000)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert ask(emulation, "CONNECT example.com:443 HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 502")


def test_a_reset_passes_through_the_tunnel_as_a_reset(
    emulation: Emulation,
    cloud: AzureCloud,
    exchange_bytes: Callable[[socket.socket, bytes], bytes],
) -> None:
    cloud.faults.add(Fault(action=Reset()))
    with connect(emulation) as raw:
        raw.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
        with pytest.raises(ConnectionResetError):
            exchange_bytes(raw, f"GET / HTTP/1.1\r\nhost: {HOST}\r\n\r\n".encode())


def test_an_open_tunnel_does_not_hold_up_the_end(cloud: AzureCloud) -> None:
    with Emulation(cloud) as emulation:
        raw = connect(emulation)
        raw.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 200")
        tunnel = emulation.client_context().wrap_socket(raw, server_hostname=HOST)
    with tunnel, suppress(ConnectionResetError, ssl.SSLError):
        assert tunnel.recv(100) == b""
