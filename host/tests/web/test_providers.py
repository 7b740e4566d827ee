"""Every provider by the same pages: a form filled in, its deployments asked, the calls counted."""

from __future__ import annotations

import html
import re

import pytest

from bonito_host.emulation import DemoConnection, prepare
from host.tests.web.serving import Browser, Site

OFFERED = tuple(enumerate(prepare().connections))
_INPUT = re.compile(r'<input id="([^"]+\.[^"]+)"[^>]*? value="([^"]*)"')
_DOCUMENT = re.compile(r'<textarea id="([^"]+)"[^>]*>([^<]*)</textarea>')
_SERVICE = re.compile(r'name="service"[^>]* value="([^"]+)"(?: checked|>)')


def filled_in(page: str) -> dict[str, str]:
    """The fields of a form as a browser would send them."""
    fields = {*_INPUT.findall(page), *_DOCUMENT.findall(page)}
    [service] = _SERVICE.findall(page)
    return {"service": service, **{name: html.unescape(text) for name, text in fields if text}}


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize(
    ("number", "offered"),
    OFFERED,
    ids=["-".join((each.cloud, *each.choice.values())) for _, each in OFFERED],
)
def test_every_deployment_of_every_provider_answers_and_is_counted(
    site: Site, browser: Browser, number: int, offered: DemoConnection
) -> None:
    name = f"provider-{number}"
    fields = filled_in(browser.get(f"/connect/{offered.cloud}?fill={number}").text)
    connected = browser.post(f"/connect/{offered.cloud}", **fields, id=name)
    assert connected.url.path == f"/connections/{name}", connected.text
    with site.programme() as api:
        standing = [
            each for each in api.get("/api/deployments").json() if each["connection"] == name
        ]
        routes = {each["route"] for each in standing if each["route"]}
        assert offered.adopt in {each["deployment"]["ref"]["name"] for each in standing}
        for each in standing:
            place = f"/api/connections/{name}/try/{each['deployment']['ref']['name']}"
            if each["route"]:
                answer = api.post(place, json={"prompt": offered.prompt})
                assert answer.status_code == 200, answer.text
                assert offered.prompt in answer.text or "A vector of" in answer.text
            else:
                assert each["reason"]
        calls = [each for each in api.get("/api/gateway/calls").json() if each["model"] in routes]
    assert {each["model"] for each in calls} == routes
    assert {each["status"] for each in calls} == {200}
    assert all(each["input_tokens"] for each in calls)
