"""Debian's Chromium, driven by Playwright, and what is looked at on every page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from host.tests.running import PATIENCE

CHROMIUM = Path("/usr/bin/chromium")
NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 860}
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=_OPTIONS)
        try:
            yield started
        finally:
            started.close()


@dataclass
class Visitor:
    """Somebody at a browser.

    Attributes:
        page: What they look at.
        address: Of the host.
        scripts: Whether JavaScript is on.
        pictures: Where pictures of the pages go.
        complaints: What was wrong with the pages: told at the end, all at once.
    """

    page: Page
    address: str
    scripts: bool
    pictures: Path
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, name: str, role: Any = "button") -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.press(name, "link")

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).locator("visible=true").fill(text)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def look_at(self, name: str) -> None:
        """Take a picture, and hold the page to what every page has to keep."""
        self.page.wait_for_load_state()  # a page without its sheet would be another
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        self._fits_a_narrow_window(name)
        if self.scripts:
            found = Axe().run(self.page)
            if found.violations_count:
                self.complaints.append(f"{name}: {found.generate_report()}")

    def _fits_a_narrow_window(self, name: str) -> None:
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.screenshot(path=self.pictures / f"{name}-narrow.png", full_page=True)
        self.page.set_viewport_size(WIDE)
        if wide > NARROW["width"]:
            self.complaints.append(f"{name} scrolls sideways: {wide} pixels")


@contextmanager
def visiting(
    browser: Browser, address: str, pictures: Path, *, scripts: bool = True, **options: Any
) -> Iterator[Visitor]:
    """A visitor with a fresh browser."""
    pictures.mkdir(parents=True, exist_ok=True)
    # axe is put into the page from outside, which the page's own policy would forbid.
    context = browser.new_context(
        java_script_enabled=scripts, viewport=WIDE, bypass_csp=scripts, **options
    )
    context.set_default_timeout(PATIENCE * 500)
    expect.set_options(timeout=PATIENCE * 500)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield Visitor(page, address, scripts, pictures, complaints)
    finally:
        context.close()
    assert complaints == [], "\n".join(complaints)
