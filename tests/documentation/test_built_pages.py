"""The documentation builds strictly, every link resolves, and no page asks another server."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from host.tests.running import PATIENCE
from tests.workspace.distributions import ROOT

LOADING = {"img": "src", "script": "src", "iframe": "src", "source": "src"}
LINKING = {"a": "href", "link": "href", "area": "href"}
NAMES = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
ELSEWHERE = {
    "https://github.com/ministackorg/ministack",
    "https://opentelemetry.io/docs/specs/semconv/gen-ai/",
    "https://pluggy.readthedocs.io/",
    "https://squidfunk.github.io/mkdocs-material/",  # the theme's own, at the foot of each page
}
"""Every address elsewhere that a page links to. No test asks them: a new one is looked at once."""


@dataclass
class Read(HTMLParser):
    """What a page links to, what it loads, and what can be linked to in it."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.anchors.update(given[name] for name in ("id", "name") if name in given)
        self.classes.update(given.get("class", "").split())
        if tag in LOADING and LOADING[tag] in given:
            self.loads.append(given[LOADING[tag]])
        elif tag == "link" and given.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(given["href"])
        elif tag in LINKING and LINKING[tag] in given:
            self.links.append(given[LINKING[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@cache
def read(page: Path) -> Read:
    parser = Read()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 20
    return found


def outside(address: str) -> bool:
    return bool(urlsplit(address).scheme or urlsplit(address).netloc)


def broken(site: Path) -> Iterator[str]:
    for page in sorted(site.rglob("*.html")):
        for link in (*read(page).links, *read(page).loads):
            if outside(link):
                continue
            path, _, anchor = link.partition("#")
            here = page.parent.relative_to(site).as_posix()
            goal = site / posixpath.normpath(posixpath.join(here, unquote(path))) if path else page
            if page.name == "404.html":
                goal = site / unquote(path).lstrip("/")
            goal = goal / "index.html" if goal.is_dir() else goal
            if not goal.is_file():
                yield f"{page.relative_to(site)}: {link} leads nowhere"
            elif anchor and goal.suffix == ".html" and unquote(anchor) not in read(goal).anchors:
                yield f"{page.relative_to(site)}: {link}: there is no such place on the page"


def test_every_link_between_the_pages_leads_to_a_place_that_is_there(site: Path) -> None:
    assert len(pages(site)) > 20
    assert list(broken(site)) == []


def test_links_that_lead_nowhere_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">1</a><a href="#gone">2</a><a href="b.html#there">3</a>'
        '<a href="b.html#gone">4</a><a href="c.html">5</a><img src="d.png"></p>'
    )
    (tmp_path / "b.html").write_text('<p id="there"><a href="a.html">6</a></p>')
    assert [each.partition(": ")[2].partition(" ")[0].rstrip(":") for each in broken(tmp_path)] == [
        "#gone",
        "b.html#gone",
        "c.html",
        "d.png",
    ]


def test_links_to_elsewhere_are_listed_and_whole_addresses_by_https(site: Path) -> None:
    found = {link for page in pages(site) for link in read(page).links if outside(link)}
    assert found == ELSEWHERE
    for link in found:
        parts = urlsplit(link)
        assert parts.scheme == "https", link
        assert NAMES.fullmatch(parts.netloc), link


def test_no_page_loads_anything_from_another_server(site: Path) -> None:
    loads = {load for page in pages(site) for load in read(page).loads}
    assert loads
    assert [load for load in loads if outside(load) and not load.startswith("data:")] == []


def test_no_style_sheet_loads_anything_from_another_server(site: Path) -> None:
    sheets = [*site.rglob("*.css")]
    assert sheets
    for sheet in sheets:
        used = re.findall(r"(?:url\(|@import\s+)[\"']?([^\"')]+)", sheet.read_text())
        assert [each for each in used if outside(each) and not each.startswith("data:")] == []


def test_no_page_has_what_the_theme_s_script_would_fetch_a_library_for(site: Path) -> None:
    # Diagrams and mathematics are drawn by libraries that the theme takes from elsewhere.
    assert not any(read(page).classes & {"mermaid", "arithmatex"} for page in pages(site))
