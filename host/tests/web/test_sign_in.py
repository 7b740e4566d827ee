"""Signing in: one secret, few guesses, sessions that end."""

from __future__ import annotations

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.web.pages.sign_in import _inside
from bonito_host.web.security.attempts import MOST_FAILURES, WITHIN, Attempts
from bonito_host.web.security.door import Door
from bonito_host.web.security.sessions import LIFETIME, Sessions
from host.tests.web.serving import Site
from tests.virtual_time import VirtualClock


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


def test_guessing_is_stopped_even_for_the_right_secret_until_a_minute_has_passed() -> None:
    clock = VirtualClock()
    attempts = Attempts(clock=clock)
    for _ in range(MOST_FAILURES):
        assert attempts.pause("here") == 0
        attempts.failed("here")
    assert 0 < attempts.pause("here") <= WITHIN
    assert attempts.pause("elsewhere") == 0
    clock.elapsed += WITHIN
    assert attempts.pause("here") == 0


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


def test_a_short_password_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 12 characters"):
        Door("short")
