"""The whole way in a real browser: two fields, a catalogue, a deployment, a streamed answer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bonito_emulators.azure.scenario import scenario
from bonito_host.emulation import DemoConnection, prepare
from host.tests.web.browsing import CHROMIUM, Visitor, chromium, visiting
from host.tests.web.serving import Site, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="Debian's chromium is not installed: apt-get install chromium"
    ),
]
FOUNDRY = scenario.connections[0]
PICTURES = Path(".build/pictures")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, "--demo") as started:
        yield started


def sign_in(visitor: Visitor, site: Site) -> None:
    visitor.open("/sign-in")
    visitor.look_at("sign-in")
    visitor.fill("Token or password", site.token)
    visitor.press("Sign in")
    visitor.sees("Which cloud is it in?")
    visitor.look_at("choose")


def connect(visitor: Visitor) -> None:
    """Connect with the two fields that are asked for."""
    visitor.follow("Azure AI Foundry")
    chosen = visitor.page.get_by_role("radio", name="Azure AI Foundry (recommended)")
    expect(chosen).to_be_checked()
    assert _unfolded_fields(visitor) == ["azure_foundry.endpoint", "azure_foundry.api_key"]
    visitor.look_at("connect")
    visitor.press("Check and connect")
    visitor.sees("Some fields need another look")
    visitor.look_at("connect-empty")
    visitor.fill("Endpoint", FOUNDRY.fields["endpoint"])
    visitor.fill("API key", FOUNDRY.wrong_fields["api_key"])
    visitor.press("Check and connect")
    visitor.sees("Nothing was stored")
    assert visitor.page.get_by_label("API key", exact=True).first.input_value() == ""
    visitor.look_at("connect-refused")
    visitor.fill("API key", FOUNDRY.fields["api_key"])
    visitor.press("Check and connect")
    visitor.sees("The endpoint was understood as https://contoso.services.ai.azure.com.")
    visitor.look_at("connected")


def add_management(visitor: Visitor) -> None:
    """Press Deploy, be led to what is missing, add it."""
    visitor.open("/catalogue")
    visitor.look_at("catalogue")
    visitor.open("/catalogue?q=DeepSeek-R1-0528")
    visitor.page.locator("tbody button").first.click()
    visitor.sees("To deploy models, this connection needs more")
    visitor.look_at("more-needed")
    for name, value in FOUNDRY.management.items():
        field = visitor.page.locator(f'[id="azure_foundry.{name}"]')
        if name == "account_name":
            visitor.page.locator("summary", has_text="More options").click()
        field.fill(value)
    visitor.press("Check and save")
    visitor.sees("Last check")
    visitor.look_at("managed")


def meet_conditions(visitor: Visitor) -> None:
    """A plan that a person has to do something for, and one that cannot be made."""
    visitor.open("/catalogue?q=claude-opus&state=needs+terms")
    visitor.page.locator("tbody button").first.click()
    visitor.sees("First, this has to be done")
    visitor.look_at("needs-action")
    visitor.fill("Capacity", "many")
    visitor.press("Plan again")
    visitor.sees("This did not work")
    visitor.look_at("plan-refused")


def deploy(visitor: Visitor, model: str) -> None:
    visitor.open(f"/catalogue?q={model}&state=available")
    named = visitor.page.locator(".name", has_text=re.compile(f"^{re.escape(model)}$"))
    visitor.page.locator("tbody tr").filter(has=named).first.get_by_role("button").click()
    visitor.sees("What would happen")
    sku = visitor.page.get_by_label("SKU", exact=True)
    assert sku.input_value() == "GlobalStandard"
    visitor.page.locator("summary", has_text="Show request").click()
    visitor.sees('"name": "GlobalStandard"')
    visitor.look_at("plan")
    visitor.press(f"Deploy {model}")
    visitor.sees("How it is getting on")
    while not visitor.page.get_by_role("link", name="Try it").is_visible():
        if visitor.scripts:
            # The page follows by itself.
            visitor.page.get_by_role("link", name="Try it").wait_for()
        else:
            visitor.follow("Look again")
    visitor.look_at("deployed")
    visitor.follow("Try it")


def try_out(visitor: Visitor) -> None:
    visitor.fill("Ask it something", "How are you?")
    visitor.press("Ask")
    answer = visitor.page.locator("#answer:not([aria-busy])")
    expect(answer).to_contain_text("How are you?")
    visitor.look_at("tried")


OFFERED = tuple(enumerate(prepare().connections))


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("number", "offered"),
    OFFERED,
    ids=["-".join((each.cloud, *each.choice.values())) for _, each in OFFERED],
)
def test_every_provider_leads_from_its_form_to_a_streamed_answer(
    browser: Browser, own_site: Site, number: int, offered: DemoConnection
) -> None:
    pictures = PICTURES / f"provider-{number}"
    with visiting(browser, own_site.address, pictures) as visitor:
        sign_in(visitor, own_site)
        visitor.open(f"/connect/{offered.cloud}?fill={number}")
        visitor.look_at("filled-in")
        visitor.press("Check and connect")
        visitor.sees("The credentials were accepted")
        visitor.look_at("connected")
        visitor.open("/catalogue")
        visitor.look_at("catalogue")
        visitor.open("/deployments")
        visitor.look_at("deployments")
        visitor.follow(offered.adopt)
        visitor.fill("Ask it something", offered.prompt)
        visitor.press("Ask")
        answer = visitor.page.locator("#answer:not([aria-busy])")
        expect(answer).to_contain_text(offered.prompt)
        visitor.look_at("tried")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_fields_lead_to_a_streamed_answer(
    browser: Browser, own_site: Site, *, scripts: bool
) -> None:
    pictures = PICTURES / ("scripts" if scripts else "no-scripts")
    shutil.rmtree(pictures, ignore_errors=True)
    with visiting(browser, own_site.address, pictures, scripts=scripts) as visitor:
        sign_in(visitor, own_site)
        connect(visitor)
        add_management(visitor)
        meet_conditions(visitor)
        deploy(visitor, "gpt-4o")
        try_out(visitor)
        for path in ("connections", "deployments", "plugins", "nowhere"):
            visitor.open(f"/{path}")
            visitor.look_at(path)
        visitor.open("/gateway")
        visitor.fill("Whose key?", "The website")
        visitor.press("Make a key")
        visitor.sees("Copy it now")
        visitor.look_at("gateway")
        visitor.open("/deployments/azure_foundry/gpt-4o")
        visitor.follow("Delete")
        visitor.look_at("delete")
        visitor.press("Delete")
        gone = visitor.page.get_by_text("It is gone.")
        while not gone.is_visible():
            if visitor.scripts:
                gone.wait_for()
            else:
                visitor.follow("Look again")
        visitor.look_at("deleted")
        visitor.open("/connections/azure_foundry/remove")
        visitor.look_at("remove")
        visitor.press("Remove")
        visitor.sees("Nothing is connected yet")
        visitor.look_at("empty")


def test_choosing_another_service_shows_its_fields_and_moves_nothing(
    browser: Browser, own_site: Site
) -> None:
    with visiting(browser, own_site.address, PICTURES / "choice", scripts=False) as visitor:
        sign_in(visitor, own_site)
        visitor.follow("Azure AI Foundry")
        legacy = visitor.page.get_by_role("radio", name="Azure OpenAI (legacy)")
        legacy.check()
        assert visitor.page.url.endswith("/connect/azure")
        expect(visitor.page.locator('[id="azure_openai.endpoint"]')).to_be_visible()
        expect(visitor.page.locator('[id="azure_foundry.endpoint"]')).to_be_hidden()
        visitor.look_at("legacy")


def test_the_keyboard_alone_leads_to_a_connection(browser: Browser, own_site: Site) -> None:
    with visiting(browser, own_site.address, PICTURES / "keyboard") as visitor:
        keyboard = visitor.page.keyboard
        visitor.open(f"/sign-in#{own_site.token}")
        visitor.page.get_by_label("Token or password", exact=True).focus()
        keyboard.press("Enter")
        visitor.sees("Which cloud is it in?")
        _tab_to(visitor, "Azure AI Foundry")
        keyboard.press("Enter")
        visitor.sees("Which service?")
        _tab_to(visitor, "azure_foundry.endpoint")
        keyboard.type(FOUNDRY.fields["endpoint"])
        _tab_to(visitor, "azure_foundry.api_key")
        keyboard.type(FOUNDRY.fields["api_key"])
        keyboard.press("Enter")
        visitor.sees("The credentials were accepted")


@pytest.mark.nightly
def test_a_filter_answers_while_one_types(browser: Browser, own_site: Site) -> None:
    with visiting(browser, own_site.address, PICTURES / "filter") as visitor:
        sign_in(visitor, own_site)
        connect(visitor)
        visitor.open("/catalogue")
        visitor.page.get_by_label("Search").press_sequentially("claude opus")
        expect(visitor.page.locator("tbody tr").first).to_contain_text("claude-opus")
        expect(visitor.page).to_have_url(f"{own_site.address}/catalogue?q=claude+opus")
        assert visitor.page.get_by_label("Search").input_value() == "claude opus"
        visitor.look_at("filtered")


@pytest.mark.nightly
def test_dark_pages_are_as_readable(browser: Browser, own_site: Site) -> None:
    dark = visiting(browser, own_site.address, PICTURES / "dark", color_scheme="dark")
    with dark as visitor:
        sign_in(visitor, own_site)
        connect(visitor)
        for path in ("connections", "catalogue", "deployments", "gateway", "plugins"):
            visitor.open(f"/{path}")
            visitor.look_at(path)


def _unfolded_fields(visitor: Visitor) -> list[str]:
    """The fields somebody sees who unfolds nothing, by their ids."""
    visitor.page.wait_for_load_state()
    found: list[str] = visitor.page.evaluate(
        "[...document.querySelectorAll('main form :is([type=text], [type=password])')]"
        ".filter(each => each.checkVisibility()).map(each => each.id)"
    )
    return found


def _tab_to(visitor: Visitor, wanted: str) -> None:
    """Press Tab until the focus is on what bears the id or the words."""
    for _ in range(60):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate(
            "[document.activeElement.id, document.activeElement.textContent.trim()]"
        )
        if wanted in focused:
            return
    message = f"Tab never reaches {wanted}"
    raise AssertionError(message)
