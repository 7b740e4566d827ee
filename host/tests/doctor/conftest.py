"""The bench, with a folder of packages that Python looks in first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from host.tests.doctor.bench import Bench
from tests.core.sites import Site


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(packages)
    with ExitStack() as stack:
        yield Bench(folder=tmp_path, site=Site(packages), stack=stack)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(packages)):
            del sys.modules[name]  # the next fault's package may have the same name
