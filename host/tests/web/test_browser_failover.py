"""Failover groups in a real browser, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from host.tests.forks import Forks
from host.tests.three_clouds import EAST, MODEL, WEST, three_clouds
from host.tests.web.browsing import CHROMIUM, Visitor, chromium, visiting
from host.tests.web.serving import Site, serving
from host.tests.web.test_failover import seen

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="Debian's chromium is not installed: apt-get install chromium"
    ),
]
PICTURES = Path(".build/pictures")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def own(tmp_path: Path, forks: Forks) -> Iterator[Site]:
    with three_clouds(tmp_path, forks) as clouds:
        clouds.connect("east", "west")
        variables = {
            **clouds.emulation.environment(),
            "BONITO_STORE": str(clouds.path),
            "BONITO_PROXY": clouds.emulation.proxy_url,
        }
        with serving(tmp_path, variables=variables) as started:
            with started.programme() as client:
                seen(client)
            yield started


def place(visitor: Visitor, route: str, text: str) -> None:
    visitor.page.get_by_label(f"Place of {route} in {MODEL}", exact=True).fill(text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_group_is_accepted_reordered_and_withdrawn(
    browser: Browser, own: Site, *, scripts: bool
) -> None:
    pictures = PICTURES / f"failover-{'scripts' if scripts else 'no-scripts'}"
    with visiting(browser, own.address, pictures, scripts=scripts) as visitor:
        visitor.open("/sign-in")
        visitor.fill("Token or password", own.token)
        visitor.press("Sign in")
        visitor.open("/gateway")
        visitor.sees("The same model in several places")
        visitor.look_at("proposed")
        place(visitor, WEST, "1")
        visitor.press(f"Accept {MODEL}")
        visitor.sees(f"{EAST} and {WEST} have the same place")
        visitor.look_at("refused")
        place(visitor, EAST, "2")
        visitor.press(f"Accept {MODEL}")
        visitor.sees("accepted")
        visitor.look_at("accepted")
        place(visitor, WEST, "")
        visitor.press(f"Save the order of {MODEL}")
        visitor.sees("a group has two members or more, not 1")
        visitor.look_at("refused-again")
        visitor.press(f"Withdraw {MODEL}")
        visitor.sees("proposed")
        visitor.look_at("withdrawn")
