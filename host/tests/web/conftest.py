"""A host with emulated clouds, started once a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host.tests.web.serving import Browser, Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site"), "--demo") as started:
        yield started


@pytest.fixture(scope="module")
def browser(site: Site) -> Browser:
    return site.browser()
