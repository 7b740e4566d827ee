"""Signing in: one secret, few guesses, sessions that end."""

from __future__ import annotations

import asyncio
import html
import re
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.web.pages.sign_in import _inside
from bonito_host.web.security.attempts import (
    FREE,
    FREE_OF_ALL,
    LONGEST,
    MOST_WAITING,
    OF_ALL,
    STEP,
    WITHIN,
    TooManyWaiting,
)
from bonito_host.web.security.door import Door
from bonito_host.web.security.public_url import PublicUrl
from bonito_host.web.security.sessions import LIFETIME, Sessions
from host.tests.running import Bonito
from host.tests.web.serving import Site, serving
from tests.virtual_time import VirtualClock

RIGHT = "the operator's own password"


def signed_in(site: Site, **fields: str) -> httpx.Response:
    headers = {"origin": site.address}
    return httpx.post(f"{site.address}/sign-in", data=fields, headers=headers)


def test_the_token_opens_a_session_in_a_cookie_no_script_and_no_other_site_reads(
    site: Site,
) -> None:
    answer = signed_in(site, secret=site.token, next="/gateway")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/gateway"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert site.token not in answer.headers["set-cookie"]


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(site: Site) -> None:
    browser = site.browser()
    stolen = dict(browser.client.cookies)
    assert browser.post("/sign-out").url.path == "/sign-in"
    with httpx.Client(base_url=site.address, cookies=stolen) as thief:
        assert thief.get("/connections").status_code == 401


def test_a_wrong_secret_opens_nothing(site: Site) -> None:
    for secret in ("", site.token[:-1], f"{site.token}x", site.token.lower()):
        answer = signed_in(site, secret=secret)
        assert answer.status_code in {401, 429}
        assert "set-cookie" not in answer.headers


def test_nobody_fills_the_hosts_memory_before_signing_in(site: Site) -> None:
    answer = signed_in(site, secret="x" * 2_000_000)
    assert answer.status_code == 413


async def guess(door: Door, secret: str = "wrong", *, address: str = "proxy") -> bool:
    return await door.opens(secret, address=address)


@pytest.mark.anyio
async def test_guesses_wait_longer_and_longer_and_the_right_secret_is_never_shut_out() -> None:
    clock = VirtualClock()
    door = Door(RIGHT, clock=clock)
    for _ in range(FREE):
        assert not await guess(door)
    assert clock.slept == []
    for _ in range(20):
        assert not await guess(door)
    assert clock.slept[:3] == [STEP, 2 * STEP, 3 * STEP]
    assert max(clock.slept) <= LONGEST
    assert sum(clock.slept) > WITHIN / 2
    assert await guess(door, RIGHT)
    # Nor is the guesser let off because the operator came in by the same proxy.
    assert door.attempts.wait("proxy") > 2 * STEP
    assert door.attempts.wait("elsewhere") == 0
    clock.elapsed += WITHIN
    assert door.attempts.wait("proxy") == 0


@pytest.mark.anyio
async def test_guesses_from_everywhere_together_wait_too() -> None:
    clock = VirtualClock()
    door = Door(RIGHT, clock=clock)
    for number in range(FREE_OF_ALL):
        assert not await guess(door, address=str(number))
    assert clock.slept == []
    assert await guess(door, RIGHT, address="another")
    assert clock.slept == [OF_ALL]


@pytest.mark.anyio
async def test_many_at_once_come_free_no_more_often_than_one_by_one() -> None:
    clock = Standing()
    door = Door(RIGHT, clock=clock)
    guesses = [asyncio.ensure_future(guess(door)) for _ in range(FREE + MOST_WAITING + 5)]
    await clock.reached(MOST_WAITING)
    assert sum(each.done() and each.exception() is None for each in guesses) == FREE
    assert sum(each.done() and each.exception() is not None for each in guesses) == 5
    with pytest.raises(TooManyWaiting):
        await guess(door, RIGHT)
    # Whoever comes from where nobody guesses is not held back by those who wait.
    assert await guess(door, RIGHT, address="elsewhere")
    clock.go_on.set()
    await asyncio.gather(*guesses, return_exceptions=True)
    assert await guess(door, RIGHT)


class Standing(VirtualClock):
    """Time that stands still for whoever sleeps, until it goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.go_on.wait()

    async def reached(self, sleepers: int) -> None:
        for _ in range(sleepers + 5):  # each comes to its sleep, or its end, in a turn or two
            await asyncio.sleep(0)
        assert len(self.slept) == sleepers


def test_ten_wrong_secrets_keep_the_operator_out_of_neither_pages_nor_api(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as own:
        for _ in range(FREE + 1):
            assert signed_in(own, secret="wrong").status_code == 401
        assert signed_in(own, secret=own.token).status_code == 303
        with own.programme() as client:
            assert client.get("/api/connections").status_code == 200
            wrong = {"authorization": "Bearer wrong"}
            assert client.get("/api/connections", headers=wrong).status_code == 401


def test_a_session_ends_by_itself() -> None:
    clock = VirtualClock()
    sessions = Sessions(clock=clock)
    value = sessions.open()
    assert sessions.find(value) is not None
    assert sessions.find(value + "x") is None
    clock.elapsed += LIFETIME
    assert sessions.find(value) is None


@given(st.one_of(st.text(), st.from_regex(r"/[/\\\\@:]?[a-z.]*", fullmatch=True)))
def test_the_way_on_after_signing_in_never_leads_to_another_host(goal: str) -> None:
    way = httpx.URL("http://127.0.0.1:8640/sign-in").join(_inside(goal))
    assert way.host == "127.0.0.1"
    assert not re.match(r"/[/\\]", _inside(goal))


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8640", "127.0.0.1:1", "[::1]", "[::1]:8640", "bonito.example"],
)
def test_the_hosts_own_names_are_known(host: str) -> None:
    assert Door("a secret of the test", names=["bonito.example"]).knows_host(host)


@given(st.text(max_size=40))
def test_no_other_name_is_known(host: str) -> None:
    own = {"localhost", "127.0.0.1", "[::1]"}
    if re.sub(r":[0-9]+$", "", host.lower()) not in own:
        assert not Door("a secret of the test").knows_host(host)


@pytest.mark.parametrize(
    ("text", "name", "secure"),
    [
        ("https://bonito.example", "bonito.example", True),
        ("https://Bonito.example:8443/", "bonito.example", True),
        ("http://[2001:db8::1]:80", "[2001:db8::1]", False),
    ],
)
def test_a_public_address_is_a_host_alone(text: str, name: str, *, secure: bool) -> None:
    public = PublicUrl.read(text)
    assert (public.name, public.secure) == (name, secure)
    assert public.text == text.rstrip("/")
    assert Door(RIGHT, public_url=public).knows_host(text.partition("//")[2].rstrip("/"))


@pytest.mark.parametrize(
    "text",
    [
        "bonito.example",
        "ftp://bonito.example",
        "https://",
        "https://a/b",
        "https://a?b",
        "https://user@a",
        "https://a:0",
        "https://a:99999",
        "https://a b",
        "javascript://a",
        "https://a//",
    ],
)
def test_any_other_public_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        PublicUrl.read(text)


def test_behind_tls_pages_say_the_public_address_and_cookies_stay_on_tls(tmp_path: Path) -> None:
    public = "https://bonito.example"
    with serving(tmp_path, "--public-url", public) as own:
        proxied = {"host": "bonito.example", "origin": public, "accept": "text/html"}
        with httpx.Client(base_url=own.address, headers=proxied) as browser:
            done = browser.post("/sign-in", data={"secret": own.token, "next": "/gateway"})
            cookie = done.headers["set-cookie"]
            assert "; secure" in cookie.lower()
            kept = {"cookie": cookie.partition(";")[0]}
            text = browser.get("/gateway", headers=kept).text
            assert f"curl {public}/v1/chat/completions" in text
            assert f'base_url="{public}/v1"' in html.unescape(text)
        # On this machine itself it is plain as before, and no header of a stranger's is believed.
        forged = {"x-forwarded-proto": "https", "x-forwarded-host": "evil.example"}
        with httpx.Client(base_url=own.address, headers={**forged, "origin": own.address}) as near:
            done = near.post("/sign-in", data={"secret": own.token, "next": "/gateway"})
            assert "; secure" not in done.headers["set-cookie"].lower()
            assert near.get("/gateway", headers={"host": "evil.example"}).status_code == 421


def test_a_public_address_that_is_none_is_refused_at_the_start(tmp_path: Path) -> None:
    done = Bonito(tmp_path).run("serve", "--port", "0", "--public-url", "bonito.example")
    assert done.code == 2
    assert "--public-url" in done.stderr


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 12 characters"):
        Door("short")
