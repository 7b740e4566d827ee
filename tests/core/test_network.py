"""The way out, over real TLS: what is repeated, what is cut off, what is never sent."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from bonito_emulators import Drip, Emulation, Fault, Redirect, Reset, Respond, Slow, Truncate
from bonito_emulators.faults import Action
from bonito_providers import Connection, NetworkSettings, Provider
from bonito_providers.errors import HostRefused, HostUnreachable, ServiceUnavailable
from bonito_providers.network import ATTEMPTS, LONGEST_WAIT, SHORT_ANSWER
from tests.conftest import FIELDS
from tests.core.calls import HEADERS, URL, get
from tests.toy_service import HOST, ToyService
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio


async def test_what_is_sent_is_plain_and_says_who_asks(
    connection: Connection, emulation: Emulation
) -> None:
    assert (await get(connection)).json()["models"]
    [request] = emulation.log.requests
    assert request.user_agent == "bonito-providers"
    assert request.header("accept-encoding") == "identity"


async def test_the_environment_of_the_process_changes_nothing(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await get(connection)).status_code == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("host", ["evil.example", "other.toy.example", HOST])
async def test_a_redirect_is_handed_back_and_followed_nowhere(
    status: int, host: str, connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Redirect(f"https://{host}/v1/models", status=status)))
    response = await get(connection)
    assert response.status_code == status
    assert len(emulation.log.requests) == 1
    assert emulation.log.refused_names == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1/models?from=2",
        f"http://{HOST}/v1/models?from=2",
        f"https://{HOST}:8443/v1/models?from=2",
        f"https://user:password@{HOST}/v1/models",
        f"https://{HOST}.evil.example/v1/models",
        f"https://evil.example/{HOST}",
        "https://127.0.0.1/v1/models",
    ],
)
async def test_a_link_the_service_hands_back_is_held_to_the_same_rules(
    url: str, connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    page = Respond(200, body={"models": [], "next": url})
    toy.faults.add(Fault(action=page, path_prefix="/v1/models"))
    with pytest.raises(HostRefused):
        await connection.provider.list_models(connection)
    assert len(emulation.log.requests) == 1
    assert emulation.log.refused_names == []


async def test_a_name_in_punycode_is_checked_as_it_is_sent(connection: Connection) -> None:
    with pytest.raises(HostUnreachable, match=r"xn--mnchen-3ya\.toy\.example does not resolve"):
        await get(connection, "https://xn--mnchen-3ya.toy.example/")
    with pytest.raises(HostRefused):
        await get(connection, "https://xn--mnchen-3ya.evil.example/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_what_changes_nothing_when_repeated_is_tried_three_times(
    method: str, status: int, connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Respond(status), times=None))
    response = await connection.http.request(method, URL)
    assert response.status_code == status
    assert len(emulation.log.requests) == ATTEMPTS == 3


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("action", [Respond(429), Respond(503), Reset()], ids=["429", "503", "cut"])
async def test_what_may_be_paid_for_twice_is_sent_once(
    *,
    method: str,
    action: Respond | Reset,
    connection: Connection,
    emulation: Emulation,
    toy: ToyService,
    clock: VirtualClock,
) -> None:
    toy.faults.add(Fault(action=action, times=None))
    try:
        assert (await connection.http.request(method, URL, json={})).status_code in (429, 503)
    except ServiceUnavailable:
        assert isinstance(action, Reset)
    assert len(emulation.log.requests) == 1
    assert clock.slept == []


@pytest.mark.parametrize(("method", "safe", "sent"), [("POST", True, 3), ("GET", False, 1)])
async def test_the_caller_can_say_what_may_be_repeated(
    *,
    method: str,
    safe: bool,
    sent: int,
    connection: Connection,
    emulation: Emulation,
    toy: ToyService,
) -> None:
    toy.faults.add(Fault(action=Respond(503), times=None))
    await connection.http.request(method, URL, content=b"{}", extensions={"idempotent": safe})
    assert len(emulation.log.requests) == sent
    assert {request.body for request in emulation.log.requests} == {b"{}"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
async def test_an_answer_that_will_not_change_is_asked_for_once(
    status: int, connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Respond(status), times=None))
    assert (await get(connection)).status_code == status
    assert len(emulation.log.requests) == 1


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after-ms": "12500"}, 12.5),
        ({"x-ms-retry-after-ms": "3000", "retry-after": "7"}, 3),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:09 GMT"}, 9),
        ({"retry-after": f"{LONGEST_WAIT:g}"}, LONGEST_WAIT),
    ],
)
async def test_a_service_that_asks_to_wait_is_waited_for(
    headers: dict[str, str],
    slept: float,
    connection: Connection,
    toy: ToyService,
    clock: VirtualClock,
) -> None:
    toy.faults.add(Fault(action=Respond(429, headers)))
    assert (await get(connection)).status_code == 200
    assert clock.slept == [slept]


@pytest.mark.parametrize(("seconds", "slept"), [("12", [12]), ("30", [])])
async def test_a_service_that_asks_by_a_header_of_its_own_is_waited_for_too(
    seconds: str,
    slept: list[float],
    connection: Connection,
    toy: ToyService,
    clock: VirtualClock,
) -> None:
    def pause(headers: Mapping[str, str], *, now: datetime) -> float | None:
        return float(headers["pause-for"]) if "pause-for" in headers else None

    toy.faults.add(Fault(action=Respond(429, {"pause-for": seconds})))
    response = await connection.http.get(URL, headers=HEADERS, extensions={"retry_after": pause})
    assert (response.status_code, clock.slept) == (200 if slept else 429, slept)


async def test_a_service_that_asks_for_too_much_is_told_of_instead(
    connection: Connection, toy: ToyService, clock: VirtualClock
) -> None:
    toy.faults.add(Fault(action=Respond(429, {"retry-after": "21"})))
    response = await get(connection)
    assert (response.status_code, response.headers["retry-after"]) == (429, "21")
    assert clock.slept == []


async def test_pauses_grow_and_are_not_the_same_for_all(
    connection: Connection, toy: ToyService, clock: VirtualClock
) -> None:
    toy.faults.add(Fault(action=Respond(503), times=None))
    for _ in range(4):
        await get(connection)
    firsts, seconds = clock.slept[::2], clock.slept[1::2]
    assert all(0.5 <= pause <= 1 for pause in firsts)
    assert all(1 <= pause <= 2 for pause in seconds)
    assert len(set(firsts)) > 1


async def test_a_broken_connection_is_tried_again(
    connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Reset(), times=2))
    assert (await get(connection)).status_code == 200
    assert len(emulation.log.requests) == 3


@dataclass(frozen=True)
class Of:
    """Does to an answer of its own what another action does to the service's."""

    action: Action
    answer: Respond

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await self.action(partial(self.answer, app), scope, receive, send)


@pytest.mark.parametrize(
    ("refusal", "connections"),
    [
        (Respond(503, body={"error": "busy"}), 1),
        (Respond(503, body=b"x" * (SHORT_ANSWER + 1)), 2),
        (Of(Truncate(after_bytes=5), Respond(503, body={"error": "busy"})), 2),
        (Of(Drip(seconds_between=60), Respond(503, body={"error": "busy"})), 2),
    ],
    ids=["short", "long", "cut", "slow"],
)
async def test_a_refusal_before_another_attempt_costs_the_connection_only_if_it_is_no_short_one(
    *,
    refusal: Action,
    connections: int,
    provider: Provider,
    network: NetworkSettings,
    emulation: Emulation,
    toy: ToyService,
) -> None:
    made = []

    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        made.append(host)
        return [emulation.resolve(host, port)]

    toy.faults.add(Fault(action=refusal))
    async with provider.connect(FIELDS, network=replace(network, resolver=resolver)) as connection:
        assert (await connection.http.get(URL, headers=HEADERS)).status_code == 200
    assert len(emulation.log.requests) == 2
    assert len(made) == connections


async def test_a_connection_that_keeps_breaking_is_an_unavailable_service(
    connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Reset(), times=None))
    with pytest.raises(ServiceUnavailable, match=f"{HOST} broke the connection off"):
        await get(connection)
    assert len(emulation.log.requests) == 3


async def test_an_answer_cut_short_is_an_unavailable_service(
    connection: Connection, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Truncate(after_bytes=5)))
    with pytest.raises(ServiceUnavailable, match="broke the connection off"):
        await get(connection)


async def test_an_answer_that_does_not_come_is_an_unavailable_service(
    connection: Connection, emulation: Emulation, toy: ToyService
) -> None:
    toy.faults.add(Fault(action=Slow(seconds_before=600), times=None))
    with pytest.raises(ServiceUnavailable, match=f"{HOST} stopped answering"):
        await connection.http.post(URL, timeout=httpx.Timeout(10, read=1))
    assert len(emulation.log.requests) == 1


async def test_a_name_that_leads_nowhere_is_unreachable(connection: Connection) -> None:
    with pytest.raises(HostUnreachable, match=r"nobody\.toy\.example does not resolve") as caught:
        await get(connection, "https://nobody.toy.example/")
    assert "spelling" in caught.value.hint


async def test_a_look_up_that_never_ends_is_bounded(
    provider: Provider, network: NetworkSettings
) -> None:
    async def silent(host: str, port: int) -> Sequence[tuple[str, int]]:
        await asyncio.Event().wait()
        raise AssertionError

    async with provider.connect(FIELDS, network=replace(network, resolver=silent)) as connection:
        with pytest.raises(HostUnreachable, match="does not resolve"):
            await connection.http.get(URL, timeout=httpx.Timeout(10, connect=0.01))


async def test_an_address_that_refuses_is_unreachable_and_the_next_is_tried(
    provider: Provider, network: NetworkSettings, emulation: Emulation, unused_port: int
) -> None:
    addresses = [("127.0.0.1", unused_port)]

    async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
        return addresses

    async with provider.connect(FIELDS, network=replace(network, resolver=resolver)) as connection:
        with pytest.raises(HostUnreachable, match=f"No connection to {HOST} could be made"):
            await connection.http.post(URL)
        addresses.append(("127.0.0.1", emulation.port))
        assert (await get(connection)).status_code == 200


async def test_a_certificate_nobody_trusts_is_unreachable_and_gets_no_key(
    provider: Provider, network: NetworkSettings, emulation: Emulation
) -> None:
    strangers = replace(network, tls=ssl.create_default_context())
    async with provider.connect(FIELDS, network=strangers) as connection:
        with pytest.raises(HostUnreachable, match="certificate that is not trusted") as caught:
            await get(connection)
    assert "intercepts TLS" in caught.value.hint
    assert emulation.log.requests == []


async def test_a_call_that_is_cancelled_in_its_handshake_leaves_no_socket_open(
    provider: Provider, network: NetworkSettings
) -> None:
    hello, ended = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4096):
            hello.set()
        ended.set()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        address = server.sockets[0].getsockname()

        async def resolver(host: str, port: int) -> Sequence[tuple[str, int]]:
            return [address]

        async with provider.connect(FIELDS, network=replace(network, resolver=resolver)) as opened:
            call = asyncio.ensure_future(get(opened))
            await hello.wait()
            call.cancel()
            await asyncio.wait([call])
            async with asyncio.timeout(30):
                await ended.wait()
