from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from bonito_emulators import (
    AfterApplied,
    Drip,
    Emulation,
    Fault,
    Redirect,
    Reset,
    Respond,
    Slow,
    Truncate,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bonito_emulators.azure import AzureCloud

HOST = "acme.services.ai.azure.com"
PATH = "/openai/v1/models"


@pytest.fixture
def models(client: httpx.Client, key: str) -> httpx.Client:
    client.headers["api-key"] = key
    return client


@pytest.fixture
def connection(emulation: Emulation) -> Iterator[socket.socket]:
    """A bare connection, to see what really happens on the socket."""
    with socket.create_connection(("127.0.0.1", emulation.port)) as raw:
        yield raw


def request(key: str) -> bytes:
    return f"GET {PATH} HTTP/1.1\r\nhost: {HOST}\r\napi-key: {key}\r\n\r\n".encode()


def test_a_reset_comes_before_any_byte_and_is_recorded(
    emulation: Emulation,
    cloud: AzureCloud,
    connection: socket.socket,
    exchange_bytes: Callable[[socket.socket, bytes], bytes],
    key: str,
) -> None:
    cloud.faults.add(Fault(action=Reset()))
    with pytest.raises(ConnectionResetError):
        exchange_bytes(connection, request(key))
    [recorded] = emulation.log.requests
    assert (recorded.path, recorded.status, recorded.response_headers) == (PATH, None, ())


def test_a_truncated_answer_declares_its_whole_length(
    emulation: Emulation,
    cloud: AzureCloud,
    connection: socket.socket,
    exchange_bytes: Callable[[socket.socket, bytes], bytes],
    key: str,
) -> None:
    cloud.faults.add(Fault(action=Truncate(after_bytes=100)))
    head, _, body = exchange_bytes(connection, request(key)).partition(b"\r\n\r\n")
    assert len(body) == 100
    declared = [line for line in head.lower().splitlines() if line.startswith(b"content-length")]
    assert len(declared) == 1
    assert int(declared[0].split(b":")[1]) > 100
    assert emulation.log.requests[0].status == 200


def test_a_truncated_answer_fails_in_a_client(cloud: AzureCloud, models: httpx.Client) -> None:
    cloud.faults.add(Fault(action=Truncate(after_bytes=3)))
    with pytest.raises(httpx.RemoteProtocolError):
        models.get(PATH)


def test_a_truncated_stream_ends_early(cloud: AzureCloud, models: httpx.Client) -> None:
    cloud.faults.add(Fault(action=Truncate(after_bytes=150)))
    body = {"model": "mini", "stream": True, "messages": [{"role": "user", "content": "x"}]}
    with pytest.raises(httpx.RemoteProtocolError):
        models.post("/openai/v1/chat/completions", json=body)


def test_a_redirect_is_a_307_to_the_place(cloud: AzureCloud, models: httpx.Client) -> None:
    cloud.faults.add(Fault(action=Redirect("https://foreign.example/steal")))
    answer = models.get(PATH)
    assert answer.status_code == 307
    assert answer.headers["location"] == "https://foreign.example/steal"


def test_a_client_that_follows_a_redirect_reaches_no_foreign_host(
    emulation: Emulation, cloud: AzureCloud, models: httpx.Client
) -> None:
    cloud.faults.add(Fault(action=Redirect("https://foreign.example/steal")))
    with pytest.raises(httpx.ConnectError):
        models.get(PATH, follow_redirects=True)
    assert emulation.log.refused_names == ["foreign.example"]


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        (b"\x00\xff", b"\x00\xff", None),
        ("text", b"text", None),
        ({"error": {"code": "x"}}, b'{"error": {"code": "x"}}', "application/json"),
    ],
)
def test_an_ordered_answer_is_sent_exactly(
    cloud: AzureCloud,
    models: httpx.Client,
    body: bytes | str | dict[str, object],
    sent: bytes,
    kind: str | None,
) -> None:
    cloud.faults.add(Fault(action=Respond(503, {"Retry-After": "3"}, body)))
    answer = models.get(PATH)
    assert (answer.status_code, answer.content) == (503, sent)
    assert answer.headers["retry-after"] == "3"
    assert answer.headers.get("content-type") == kind


def test_a_dripping_answer_arrives_whole(
    emulation: Emulation, cloud: AzureCloud, models: httpx.Client
) -> None:
    whole = models.get(PATH).content
    cloud.faults.add(Fault(action=Drip(bytes_at_once=2000, seconds_between=0)))
    assert models.get(PATH).content == whole
    assert len(emulation.log.requests) == 2


def test_a_slow_answer_exceeds_a_clients_patience_and_stops_when_the_client_goes(
    emulation: Emulation, cloud: AzureCloud, models: httpx.Client
) -> None:
    cloud.faults.add(Fault(action=Slow(seconds_before=3600)))
    with pytest.raises(httpx.ReadTimeout):
        models.get(PATH, timeout=httpx.Timeout(30, read=0.1))
    assert [recorded.status for recorded in emulation.log.requests] == [None]
    assert models.get(PATH).status_code == 200


def test_a_slow_answer_is_answered_in_the_end(cloud: AzureCloud, models: httpx.Client) -> None:
    cloud.faults.add(Fault(action=Slow(seconds_before=0.01)))
    assert models.get(PATH).status_code == 200


def test_a_fault_under_way_does_not_hold_up_the_end(cloud: AzureCloud, key: str) -> None:
    cloud.faults.add(Fault(action=Slow(seconds_before=3600)))
    with Emulation(cloud) as emulation:
        raw = socket.create_connection(("127.0.0.1", emulation.port))
        connection = emulation.client_context().wrap_socket(raw, server_hostname=HOST)
        connection.sendall(request(key))
        while not emulation.log.requests:
            time.sleep(0.001)
    with connection, suppress(ConnectionResetError, ssl.SSLError):
        assert connection.recv(1) == b""


def test_a_fault_happens_as_often_as_ordered(cloud: AzureCloud, models: httpx.Client) -> None:
    cloud.faults.add(Fault(action=Respond(500), times=2))
    assert [models.get(PATH).status_code for _ in range(4)] == [500, 500, 200, 200]


def test_a_fault_for_ever_ends_when_it_is_called_off(
    cloud: AzureCloud, models: httpx.Client
) -> None:
    cloud.faults.add(Fault(action=Respond(500), times=None))
    assert [models.get(PATH).status_code for _ in range(3)] == [500] * 3
    cloud.faults.clear()
    assert models.get(PATH).status_code == 200


def test_faults_happen_in_the_order_of_their_addition(
    cloud: AzureCloud, models: httpx.Client
) -> None:
    cloud.faults.add(Fault(action=Respond(501)))
    cloud.faults.add(Fault(action=Respond(502)))
    assert [models.get(PATH).status_code for _ in range(3)] == [501, 502, 200]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(action=Reset(), path_prefix="/anthropic"),
        Fault(action=Reset(), method="POST"),
        Fault(action=Reset(), host="acme.openai.azure.com"),
    ],
)
def test_a_fault_hits_only_what_it_names(
    cloud: AzureCloud, models: httpx.Client, fault: Fault
) -> None:
    cloud.faults.add(fault)
    assert models.get(PATH).status_code == 200
    with pytest.raises(httpx.TransportError):
        models.post("https://acme.openai.azure.com/anthropic", json={})


CHAT = {"model": "mini", "messages": [{"role": "user", "content": "hello"}]}


def test_after_the_call_took_effect_its_answer_can_be_replaced(
    models: httpx.Client, cloud: AzureCloud
) -> None:
    cloud.faults.add(Fault(action=AfterApplied(Respond(503))))
    answers = [models.post("/openai/v1/chat/completions", json=CHAT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 200]
    assert cloud.bill.count("called", deployment="mini") == 2


def test_after_the_call_took_effect_its_answer_can_be_cut(
    models: httpx.Client, cloud: AzureCloud
) -> None:
    cloud.faults.add(Fault(action=AfterApplied(Truncate(after_bytes=10))))
    with pytest.raises(httpx.RemoteProtocolError):
        models.post("/openai/v1/chat/completions", json=CHAT)
    assert cloud.bill.count("called", deployment="mini") == 1


def test_before_the_call_took_effect_nothing_is_on_the_bill(
    models: httpx.Client, cloud: AzureCloud
) -> None:
    cloud.faults.add(Fault(action=Reset()))
    with pytest.raises(httpx.TransportError):
        models.post("/openai/v1/chat/completions", json=CHAT)
    assert cloud.bill.events == []
