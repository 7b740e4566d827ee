from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from bonito_emulators import Cloud, Emulation, exchange_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from bonito_emulators.azure import AzureCloud

HOST = "acme.services.ai.azure.com"


class Toy:
    """The smallest cloud: one host; fails where told to."""

    name = "toy"
    host_patterns = ("toy.example.com",)

    def knows(self, host: str) -> bool:
        return host == "toy.example.com"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        if scope["path"] == "/fail":
            message = "toy is broken"
            raise ValueError(message)
        exchange_of(scope).violation("toy saw a request")
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"] == "/fail-late":
            message = "toy broke half-way"
            raise ValueError(message)
        await send({"type": "http.response.body", "body": body})


def test_a_third_partys_cloud_is_served_beside_another(cloud: AzureCloud, key: str) -> None:
    toy = Toy()
    assert isinstance(toy, Cloud)
    assert isinstance(cloud, Cloud)
    with Emulation(cloud, toy) as emulation, emulation.in_process(), httpx.Client() as client:
        assert client.post("https://toy.example.com/x", content=b"echo").content == b"echo"
        models = client.get(f"https://{HOST}/openai/v1/models", headers={"api-key": key})
        assert models.status_code == 200
        assert emulation.log.violations == ["toy saw a request"]
        assert [request.host for request in emulation.log.requests] == ["toy.example.com", HOST]


@pytest.mark.parametrize("path", ["/fail", "/fail-late"])
def test_a_cloud_that_fails_is_a_violation_and_never_a_success(path: str) -> None:
    with Emulation(Toy()) as emulation, emulation.in_process(), httpx.Client() as client:
        try:
            status = client.post(f"https://toy.example.com{path}", content=b"12").status_code
        except httpx.TransportError:
            status = 500
        assert status == 500
        assert "the emulated toy itself failed on POST" in emulation.log.violations[-1]
        assert emulation.log.failures == emulation.log.violations[-1:]


def test_known_names_resolve_to_the_tls_server(emulation: Emulation) -> None:
    assert emulation.resolve(HOST, 443) == ("127.0.0.1", emulation.port)
    assert emulation.resolve(HOST.upper() + ".", 443) == ("127.0.0.1", emulation.port)
    assert emulation.log.refused_names == []


@pytest.mark.parametrize(
    "name",
    [
        "example.com",
        "nobody.services.ai.azure.com",
        "legacy.services.ai.azure.com",
        "x.acme.services.ai.azure.com",
        "acme.services.ai.azure.com.evil.test",
        "127.0.0.1",
        "",
    ],
)
def test_names_that_no_cloud_knows_do_not_exist(emulation: Emulation, name: str) -> None:
    with pytest.raises(socket.gaierror):
        emulation.resolve(name, 443)
    assert emulation.log.refused_names == [name]


def test_only_https_is_served(emulation: Emulation) -> None:
    with pytest.raises(socket.gaierror):
        emulation.resolve(HOST, 80)
    assert emulation.log.refused_names == [f"{HOST}:80"]


def test_the_client_context_trusts_the_authority_alone(emulation: Emulation) -> None:
    context = emulation.client_context()
    subjects = [certificate["subject"] for certificate in context.get_ca_certs()]
    assert subjects == [((("commonName", "bonito emulators, throw-away authority"),),)]
    raw = socket.create_connection(("127.0.0.1", emulation.port))
    with context.wrap_socket(raw, server_hostname=HOST) as connection:
        assert connection.version() == "TLSv1.3"


def test_a_host_header_of_another_cloud_is_a_violation(emulation: Emulation) -> None:
    with emulation.in_process(), httpx.Client() as client:
        answer = client.get(f"https://{HOST}/", headers={"host": "example.com"})
    assert answer.status_code == 421
    assert emulation.log.violations == ["GET / came for unknown host 'example.com'"]


def test_in_process_other_names_do_not_exist_and_loopback_stays(emulation: Emulation) -> None:
    before = socket.getaddrinfo
    with emulation.in_process():
        foreign: list[str | bytes] = [
            "example.com",
            b"example.org",
            "93.184.216.34",
            "169.254.169.254",
        ]
        for name in foreign:
            with pytest.raises(socket.gaierror):
                socket.getaddrinfo(name, 443)
        assert emulation.log.refused_names == [
            "example.com",
            "example.org",
            "93.184.216.34",
            "169.254.169.254",
        ]
        for loopback in ("localhost", "127.0.0.1", "127.0.0.9", None):
            assert socket.getaddrinfo(loopback, 80)
        for port in (443, "443", "https", b"443", None):
            found = socket.getaddrinfo(HOST, port, type=socket.SOCK_STREAM)
            assert [entry[4] for entry in found] == [("127.0.0.1", emulation.port)]
        with pytest.raises(socket.gaierror, match="IPv6"):
            socket.getaddrinfo(HOST, 443, socket.AF_INET6)
    assert socket.getaddrinfo is before


def test_asyncio_resolves_emulated_names_too(emulation: Emulation) -> None:
    async def connect() -> str:
        reader, writer = await asyncio.open_connection(HOST, 443, ssl=emulation.client_context())
        writer.write(f"GET / HTTP/1.1\r\nhost: {HOST}\r\nconnection: close\r\n\r\n".encode())
        status = (await reader.readline()).decode().strip()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        return status

    with emulation.in_process():
        assert asyncio.run(connect()) == "HTTP/1.1 404 Not Found"


def test_in_process_sets_the_trust_and_restores_it(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "operators.pem")
    monkeypatch.setenv("HTTPS_PROXY", "http://operators.proxy:3128")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    before = dict(os.environ)
    with emulation.in_process():
        bundles = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")
        path = str(emulation.certificate_authority)
        assert [os.environ[name] for name in bundles] == [path] * 4
        assert {"HTTPS_PROXY", "no_proxy"} & os.environ.keys() == set()
    assert dict(os.environ) == before


def test_a_child_gets_trust_and_proxy_in_both_spellings(emulation: Emulation) -> None:
    environment = emulation.environment()
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        assert environment[name] == environment[name.lower()] == emulation.proxy_url
    assert environment["NO_PROXY"] == environment["no_proxy"] == ""
    assert environment["BONITO_PROXY"] == emulation.proxy_url
    assert environment["SSL_CERT_DIR"] == ""
    assert environment["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE"):
        assert environment[name] == str(emulation.certificate_authority)


def test_at_the_end_nothing_is_left(cloud: AzureCloud) -> None:
    threads = set(threading.enumerate())
    with Emulation(cloud) as emulation:
        authority = emulation.certificate_authority
        assert list(authority.parent.iterdir()) == [authority], "the key is on no disk"
        idle = socket.create_connection(("127.0.0.1", emulation.port))
        kept = emulation.client_context().wrap_socket(
            socket.create_connection(("127.0.0.1", emulation.port)), server_hostname=HOST
        )
        kept.sendall(f"GET / HTTP/1.1\r\nhost: {HOST}\r\n\r\n".encode())
        assert kept.recv(12) == b"HTTP/1.1 404"
        idle.close()
    with kept, suppress(ConnectionResetError, ssl.SSLError):
        while kept.recv(4096):
            pass  # an open connection would never end this
    assert set(threading.enumerate()) == threads
    assert not authority.parent.exists()
    for port in (emulation.port, int(emulation.proxy_url.rpartition(":")[2])):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_an_emulation_runs_once(cloud: AzureCloud) -> None:
    emulation = Emulation(cloud)
    with emulation:
        pass
    with pytest.raises(RuntimeError, match="runs once"):
        emulation.__enter__()
