"""The report in a plugin's package is shown for what it is: the author's word about a version."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bonito_providers import PluginRecord
from bonito_providers.conformance_report import FILE, shipped_report

REPORT: dict[str, Any] = {
    "schema": 1,
    "provider": "acme",
    "distribution": "bonito-acme",
    "version": "0.2.0",
    "contract": "1.0",
    "headline": "CONFORMANT 1.0 WITH GAPS (1)",
    "counts": {"passed": 60, "gap": 1},
    "gaps": {"LIST-02": {"kind": "bug", "reason": "known"}},
    "checks": {"LIST-02": {"outcome": "gap"}},
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an installed package that has a plugin module and a package within."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "acme_for_tests"
    (folder / "inner").mkdir(parents=True)
    for module in ("__init__.py", "plugin.py", "inner/__init__.py"):
        (folder / module).write_text("")
    yield folder
    for name in [name for name in sys.modules if name.startswith("acme_for_tests")]:
        del sys.modules[name]


def record(target: str, *, version: str = "0.2.0") -> PluginRecord:
    return PluginRecord(name="acme", distribution="bonito-acme", version=version, target=target)


@pytest.mark.parametrize("target", ["acme_for_tests.plugin", "acme_for_tests.plugin:provider"])
def test_the_report_lies_beside_the_module_that_the_entry_point_names(
    package: Path, target: str
) -> None:
    (package / FILE).write_text(json.dumps(REPORT))
    report = shipped_report(record(target))
    assert report is not None
    assert (report.headline, report.date) == ("CONFORMANT 1.0 WITH GAPS (1)", None)
    assert report.counts == {"passed": 60, "gap": 1}
    assert report.gaps["LIST-02"].kind == "bug"


def test_a_package_that_is_the_plugin_carries_the_report_itself(package: Path) -> None:
    (package / "inner" / FILE).write_text(json.dumps(REPORT))
    __import__("acme_for_tests.inner")
    assert shipped_report(record("acme_for_tests.inner")) is not None
    assert shipped_report(record("acme_for_tests.plugin")) is None


def test_the_report_describes_one_version(package: Path) -> None:
    (package / FILE).write_text(json.dumps(REPORT))
    report = shipped_report(record("acme_for_tests.plugin"))
    assert report is not None
    assert report.describes(record("x", version="0.2.0"))
    assert not report.describes(record("x", version="0.3.0"))


@pytest.mark.parametrize("target", ["acme_for_tests.plugin", "no_such_package.plugin", "alone"])
def test_without_a_report_there_is_none(package: Path, target: str) -> None:
    assert shipped_report(record(target)) is None


def test_the_report_of_another_provider_is_not_taken(package: Path) -> None:
    (package / FILE).write_text(json.dumps({**REPORT, "provider": "other"}))
    assert shipped_report(record("acme_for_tests.plugin")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"provider": "acme"}', "\x00"])
def test_a_damaged_report_is_a_sentence(package: Path, text: str) -> None:
    (package / FILE).write_text(text)
    with pytest.raises(ValueError, match=r"conformance\.json of bonito-acme is no conformance"):
        shipped_report(record("acme_for_tests.plugin"))
