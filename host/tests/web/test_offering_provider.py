"""A provider that deploys nothing, on the pages: it lists, calls and routes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_emulators import Emulation
from bonito_openai_compatible.conformance.emulator import KEY, CompatibleCloud
from host.tests.web.serving import Browser, serving

# Serves in a process of its own.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder: Path = tmp_path_factory.mktemp("offering")
    with Emulation(CompatibleCloud()) as emulation:
        variables = {**emulation.environment(), "BONITO_PROXY": emulation.proxy_url}
        options = ("--store", str(folder / "store.db"))
        with serving(folder, *options, variables=variables) as site:
            browser = site.browser()
            fields = {"base_url": "https://api.openai.com", "api_key": KEY}
            typed = {f"openai_compatible.{name}": value for name, value in fields.items()}
            answer = browser.post("/connect/openai_compatible", id="mine", **typed)
            assert answer.status_code == 200, answer.text
            yield browser
        assert emulation.log.violations == []


def test_the_connection_says_what_it_cannot_do(visitor: Browser) -> None:
    page = visitor.get("/connections/mine")
    assert page.status_code == 200
    assert "this provider does not offer it" in page.text


@pytest.mark.parametrize("path", ["/catalogue", "/deployments", "/deployments/mine/gpt-4o"])
def test_every_page_shows_what_the_endpoint_lists(visitor: Browser, path: str) -> None:
    page = visitor.get(path)
    assert page.status_code == 200
    assert "gpt-4o" in page.text


def test_a_model_is_tried_out_through_litellm(visitor: Browser) -> None:
    page = visitor.post("/try/mine/gpt-4o", prompt="hello")
    assert "This is gpt-4o. You said: hello" in page.text
    # The gateway looks around in the background; once it has answered it has looked.
    assert "gpt-4o" in visitor.get("/gateway").text


def test_a_plan_says_that_nothing_is_deployed_and_that_nothing_need_be(visitor: Browser) -> None:
    page = visitor.post("/plans", connection="mine", model="gpt-4o")
    assert page.status_code == 409
    assert page.url.path == "/plans"
    assert "deploys nothing: what it has can be called already" in page.text


def test_the_catalogue_offers_nothing_to_deploy_and_says_that_it_is_callable(
    visitor: Browser,
) -> None:
    page = visitor.get("/catalogue?state=callable")
    assert "gpt-4o" in page.text
    assert "None needed" in page.text
    assert 'action="/plans"' not in page.text
