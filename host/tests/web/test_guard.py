"""Every route is refused to strangers; the routes are read from the application itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from bonito_host.application import Application
from bonito_host.output import Output
from bonito_host.settings import Settings
from bonito_host.web.application import create_app
from bonito_host.web.security.door import Door
from host.tests.web.serving import Browser, Site

SAFE = {"GET", "HEAD"}
OPEN = {("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/health"), ("GET", "/ready")}
Target = tuple[str, str]


def application(folder: Path) -> FastAPI:
    settings = Settings.read({"BONITO_STORE": str(folder / "bonito.db")})
    inside = Application(settings=settings, output=Output(as_json=True, colour=False))
    return create_app(inside, Door("a secret of the test"))


def targets(app: FastAPI) -> Iterator[Target]:
    """Each method and path of the application, its parameters filled in."""
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"\{[^}]+\}", "x", route.path or "")
        if isinstance(route.original_route, Mount):
            yield "GET", f"{path}/style.css"
        for method in sorted(route.methods or ()):
            yield method, path


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[Target]:
    found = list(targets(application(tmp_path_factory.mktemp("routes"))))
    assert len(found) > 60, "the application has lost its routes"
    return found


@pytest.fixture(scope="module")
def guarded(routes: list[Target]) -> list[Target]:
    """What is neither open to everybody nor a caller's of the gateway."""
    return [
        target
        for target in routes
        if target not in OPEN and not target[1].startswith(("/static/", "/v1/"))
    ]


def sent(client: httpx.Client, target: Target, **headers: str) -> httpx.Response:
    method, path = target
    return client.request(method, path, headers=headers, follow_redirects=False)


def test_nobody_without_a_session_gets_past_the_guard(site: Site, guarded: list[Target]) -> None:
    with httpx.Client(base_url=site.address) as stranger:
        answered = {target: sent(stranger, target).status_code for target in guarded}
    assert set(answered.values()) == {401}, answered


def test_a_page_without_a_session_leads_to_the_sign_in_and_back(
    site: Site, guarded: list[Target]
) -> None:
    with httpx.Client(base_url=site.address) as stranger:
        for target in guarded:
            if target[0] == "GET":
                answer = sent(stranger, target, accept="text/html")
                assert answer.status_code == 303, target
                assert answer.headers["location"].startswith("/sign-in?next=%2F"), target


def test_another_sites_page_is_refused_even_with_the_session(
    site: Site, browser: Browser, routes: list[Target]
) -> None:
    for target in routes:
        for origin in ("https://evil.example", "null", site.address.replace("127.0.0.1", "evil")):
            answer = sent(browser.client, target, origin=origin, **{"x-csrf-token": browser.csrf})
            assert answer.status_code == 403, (target, origin)


def test_a_cross_site_request_without_an_origin_is_refused(
    site: Site, browser: Browser, routes: list[Target]
) -> None:
    for target in routes:
        if target[0] not in SAFE:
            request = browser.client.build_request(*target)
            del request.headers["origin"]
            request.headers["sec-fetch-site"] = "cross-site"
            assert browser.client.send(request).status_code == 403, target


def test_another_name_for_this_host_is_refused(browser: Browser, routes: list[Target]) -> None:
    for target in routes:
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""):
            answer = sent(browser.client, target, host=host)
            assert answer.status_code in {400, 421}, (target, host)


def test_a_change_without_the_pages_token_is_refused(
    browser: Browser, guarded: list[Target]
) -> None:
    changing = [target for target in guarded if target[0] not in SAFE]
    assert len(changing) > 20
    for target in changing:
        for token in ("", "x", browser.csrf[:-1]):
            answer = sent(browser.client, target, **{"x-csrf-token": token})
            assert answer.status_code == 403, (target, token)


def test_the_gateway_asks_each_caller_for_a_key(
    site: Site, browser: Browser, routes: list[Target]
) -> None:
    gateway = [target for target in routes if target[1].startswith("/v1/")]
    assert len(gateway) >= 4
    for target in gateway:
        assert sent(browser.client, target).status_code == 401, target
        wrong = sent(browser.client, target, authorization=f"Bearer {site.token}")
        assert wrong.status_code == 401, target


def test_the_operator_is_let_through(browser: Browser, guarded: list[Target]) -> None:
    for target in guarded:
        if target[0] == "GET":
            answer = sent(browser.client, target)
            assert answer.status_code not in {401, 403, 421, 500}, (target, answer.text[:500])


def test_every_answer_forbids_other_sites_to_frame_it_and_scripts_to_come_from_them(
    site: Site, routes: list[Target]
) -> None:
    with httpx.Client(base_url=site.address) as stranger:
        for target in routes:
            headers = sent(stranger, target).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-frame-options"] == "DENY"
            assert headers["x-content-type-options"] == "nosniff"
