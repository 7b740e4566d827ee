"""What `bonito providers show` says of a provider's conformance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from host.tests.running import Bonito

PLUGIN = """
from tests.core.plugins import *
from bonito_providers import ProviderInfo, hookimpl

@hookimpl
def provider_info():
    return ProviderInfo(
        name="acme", cloud="acmeland", title="Acme", summary="A test.",
        host_suffixes=(".acme.example",),
    )
"""
METADATA = """Metadata-Version: 2.4
Name: bonito-acme
Version: 0.3.0
Requires-Dist: bonito-providers>=1.0,<2
"""
REPORT = {
    "provider": "acme",
    "version": "0.3.0",
    "contract": "1.0",
    "headline": "CONFORMANT 1.0 WITH GAPS (1)",
    "date": "2026-01-02",
    "counts": {"passed": 60, "gap": 1},
    "gaps": {"LIST-02": {"kind": "bug", "reason": "known\x1b[31m"}},
}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def bonito(tmp_path: Path) -> Bonito:
    package = tmp_path / "bonito_acme"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "plugin.py").write_text(PLUGIN)
    metadata = tmp_path / "bonito_acme-0.3.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(METADATA)
    (metadata / "entry_points.txt").write_text("[bonito_providers]\nacme = bonito_acme.plugin\n")
    return Bonito(tmp_path)


def shown(bonito: Bonito, report: str | None) -> tuple[list[str], Any]:
    """Return the lines about conformance, and the same as JSON."""
    if report is not None:
        (bonito.folder / "bonito_acme" / "conformance.json").write_text(report)
    path = f"{bonito.folder}:{ROOT}"
    text = bonito.run("providers", "show", "acme", PYTHONPATH=path)
    document = bonito.run("providers", "show", "acme", "--json", PYTHONPATH=path).document
    assert text.code == 0
    lines = [line.split(maxsplit=1) for line in text.stdout.splitlines() if line]
    return [rest[0] for first, *rest in lines if first == "conformance"], document["conformance"]


def test_verdict_counts_and_gaps_are_shown_as_the_packages_own_word(bonito: Bonito) -> None:
    lines, document = shown(bonito, json.dumps(REPORT))
    assert lines == [
        "CONFORMANT 1.0 WITH GAPS (1), by its package's own report, 2026-01-02",
        "60 passed, 1 gap",
        "gap LIST-02, bug: known\\u001b[31m",
    ]
    assert document["headline"] == REPORT["headline"]
    assert document["problem"] == ""


def test_a_report_for_another_version_says_so(bonito: Bonito) -> None:
    lines, document = shown(bonito, json.dumps({**REPORT, "version": "0.2.0"}))
    doubt = "the report was made for 0.2.0, installed is 0.3.0"
    assert lines[-1] == document["problem"] == doubt


def test_a_package_without_a_report_is_of_unknown_conformance(bonito: Bonito) -> None:
    assert shown(bonito, None) == (["unknown, its package brings no report"], None)


def test_a_damaged_report_stops_nothing(bonito: Bonito) -> None:
    problem = "conformance.json of bonito-acme is no conformance report"
    assert shown(bonito, "{") == ([problem], {"problem": problem})
