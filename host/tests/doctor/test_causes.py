"""The list of causes: each is prepared by a fault, and the documentation tells of each."""

from __future__ import annotations

from packaging.specifiers import SpecifierSet

from bonito_host.doctor import litellm_release, surroundings
from bonito_host.doctor.causes import AREAS
from host.tests.doctor import page, preparing
from host.tests.doctor.bench import Bench
from host.tests.doctor.faults import FAULTS

ELSEWHERE = {
    "check-failed",  # below
    "deployments-unlisted",  # below
    "litellm-missing",  # below
    "deployment-not-routed",  # these three in `test_routes`
    "route-leads-elsewhere",
    "route-fails",
}


def kinds(bench: Bench) -> set[str]:
    return {each.kind for each in bench.examine().diagnosis.findings}


def test_every_cause_is_prepared_and_every_fault_has_a_cause() -> None:
    known = [cause.kind for causes in AREAS.values() for cause in causes]
    assert len(known) == len(set(known))
    prepared = {fault.kind for fault in FAULTS}
    assert prepared.isdisjoint(ELSEWHERE)
    assert prepared | ELSEWHERE == set(known)
    assert all(fault.cause and fault.mend for fault in FAULTS)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) > 60


def test_the_documentation_tells_of_every_cause() -> None:
    text = page.PAGE.read_text(encoding="utf-8")
    assert page.between_marks(text) == page.tables().strip(), "python -m host.tests.doctor.page"


def test_without_litellm_only_the_gateway_is_missing() -> None:
    (finding,) = litellm_release.judged(None, SpecifierSet("==1"))
    assert finding.kind == "litellm-missing"
    assert "bonito-host[gateway]" in finding.mend
    assert litellm_release.judged("1", SpecifierSet("==1")) == []


def test_a_surface_that_does_not_answer_is_noted(bench: Bench) -> None:
    preparing.all_but_the_host(bench)
    assert "check-failed" in kinds(bench)


def test_deployments_that_cannot_be_listed_are_told_beside_the_cause(bench: Bench) -> None:
    preparing.reader(bench)
    assert "deployments-unlisted" in kinds(bench)


def test_the_variables_that_mean_something_are_those_the_settings_read() -> None:
    known = surroundings.known_variables()
    assert {"BONITO_STORE", "BONITO_PROXY", "BONITO_WRAPPERS", "BONITO_LOG_FORMAT"} <= known
    assert all(name.startswith("BONITO_") for name in known)
