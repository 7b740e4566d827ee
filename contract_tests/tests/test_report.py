"""The report: one verdict by one table, the same for equal runs, readable by the core."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_contract_tests import Gap, GapKind, Level, manifest
from bonito_contract_tests.folders import without_folders
from bonito_contract_tests.judgement import FAILING, Judgement, Row
from bonito_contract_tests.markdown import cell, report_page
from bonito_contract_tests.report import Report, Subject, Verdict, compiled, subject_of
from bonito_contract_tests.summary import conclusion, write_reports
from bonito_providers.conformance_report import ConformanceReport
from contract_tests.tests.toy_harness import ToyHarness

SUBJECT = Subject(provider="acme", contract="1.0", python="3.11.7")
LISTED = manifest.required((1, 0))


def row(outcome: Judgement, *, level: Level = Level.MUST, number: int = 1) -> Row:
    return Row(id=f"ODD-{number:02}", level=level, outcome=outcome)


def report(*outcomes: Judgement, level: Level = Level.MUST) -> Report:
    rows = tuple(row(each, level=level, number=at) for at, each in enumerate(outcomes))
    return Report(subject=SUBJECT, rows=rows)


P = Judgement.PASSED
HARMLESS = (P, Judgement.NOT_APPLICABLE, Judgement.ADVICE, Judgement.PREVIEW)


@pytest.mark.parametrize(
    ("outcomes", "verdict", "headline"),
    [
        (HARMLESS, Verdict.CONFORMANT, "CONFORMANT 1.0"),
        ((P, Judgement.GAP, Judgement.GAP), Verdict.WITH_GAPS, "CONFORMANT 1.0 WITH GAPS (2)"),
        ((P, Judgement.GAP, Judgement.NOT_RUN), Verdict.INCOMPLETE, "INCOMPLETE"),
        ((P, Judgement.FAILED), Verdict.NOT_CONFORMANT, "NOT CONFORMANT"),
        ((P, Judgement.CRASHED), Verdict.NOT_CONFORMANT, "NOT CONFORMANT"),
        ((Judgement.SUITE_ERROR, Judgement.GAP), Verdict.NOT_CONFORMANT, "NOT CONFORMANT"),
        ((Judgement.NOT_RUN, Judgement.FAILED), Verdict.NOT_CONFORMANT, "NOT CONFORMANT"),
        ((), Verdict.INCOMPLETE, "INCOMPLETE"),
    ],
)
def test_the_verdict_follows_from_the_outcomes(
    outcomes: Sequence[Judgement], verdict: Verdict, headline: str
) -> None:
    made = report(*outcomes)
    assert (made.verdict, made.headline) == (verdict, headline)


def test_a_gap_in_advice_leaves_a_provider_conformant() -> None:
    assert report(P, Judgement.GAP, level=Level.SHOULD).headline == "CONFORMANT 1.0"


@given(st.lists(st.sampled_from(list(Judgement)), max_size=8))
def test_no_failure_and_no_missing_check_is_ever_called_conformant(
    outcomes: list[Judgement],
) -> None:
    clean = bool(outcomes) and FAILING.isdisjoint(outcomes) and Judgement.NOT_RUN not in outcomes
    made = report(*outcomes)
    assert made.headline.startswith("CONFORMANT") == clean
    assert sum(made.counts.values()) == len(outcomes)


def test_a_run_without_any_outcome_names_every_check_of_the_contract() -> None:
    made = compiled(SUBJECT, [])
    assert tuple(each.id for each in made.not_run) == LISTED
    assert made.missing(LISTED[1:]) == LISTED[:1]
    (verdict, missing) = conclusion(made, excused=LISTED[2:])
    assert verdict.startswith("acme: INCOMPLETE - ")
    assert missing.startswith(f"  No outcome for {LISTED[0]}, {LISTED[1]}: ")


def passed(ids: Iterable[str], *, seconds: float = 0.0) -> list[Row]:
    return [Row(id=each, level=Level.MUST, outcome=P, seconds=seconds) for each in ids]


def test_the_order_of_the_run_and_its_speed_make_no_difference() -> None:
    one = compiled(SUBJECT, passed(LISTED, seconds=0.1), date="2026-01-01")
    other = compiled(SUBJECT, passed(reversed(LISTED), seconds=9.0), date="2026-02-02")
    assert one == other
    assert tuple(each.id for each in one.rows) == LISTED
    assert one.verdict is Verdict.CONFORMANT


def test_a_check_that_the_manifest_does_not_list_is_reported_too() -> None:
    made = compiled(SUBJECT, [*passed(LISTED), row(Judgement.PREVIEW)])
    assert made.rows[-1].id == "ODD-01"
    assert made.verdict is Verdict.CONFORMANT


def gapped() -> ToyHarness:
    made = ToyHarness()
    vars(made).update(gaps={LISTED[0]: Gap(GapKind.UNSUPPORTED, "no such thing")})
    return made


def test_the_subject_is_what_the_plugin_and_its_harness_say() -> None:
    subject = subject_of(gapped())
    assert (subject.provider, subject.distribution, subject.contract) == ("toy", "unknown", "1.0")
    assert set(subject.capabilities) == {"key", "management"}
    assert "deploy" in set(subject.capabilities["management"]) - set(subject.capabilities["key"])
    assert subject.gaps == {LISTED[0]: {"kind": "unsupported", "reason": "no such thing"}}
    assert subject.litellm != "unknown"
    assert subject.suite != "unknown"


@pytest.mark.parametrize("plugin", ["no_such_module", "bonito_contract_tests.check", object()])
def test_a_plugin_too_broken_to_give_its_name_still_has_a_subject(plugin: Any) -> None:
    made = ToyHarness()
    vars(made).update(plugin=plugin)
    named = plugin if isinstance(plugin, str) else "ToyHarness"
    assert (subject_of(made).provider, subject_of(made).capabilities) == (named, {})


def test_the_core_reads_what_the_suite_writes() -> None:
    made = compiled(subject_of(gapped()), passed(LISTED), date="2026-01-01")
    read = ConformanceReport.model_validate_json(made.json())
    assert (read.provider, read.headline, read.date) == ("toy", "CONFORMANT 1.0", "2026-01-01")
    assert read.counts == {"passed": len(LISTED)}
    assert read.gaps[LISTED[0]].reason == "no such thing"


def test_the_document_has_each_check_with_what_was_seen() -> None:
    failed = Row(id="ODD-01", level=Level.MUST, outcome=Judgement.FAILED, seen="b", expected="a")
    document = json.loads(compiled(SUBJECT, [failed]).json())
    assert document["schema"] == 1
    assert document["checks"]["ODD-01"] == {
        "level": "MUST",
        "outcome": "failed",
        "seconds": 0.0,
        "seen": "b",
        "expected": "a",
    }
    assert document["checks"][LISTED[0]]["outcome"] == "not run"


def test_the_page_says_what_failed_and_nothing_in_it_breaks_the_table() -> None:
    nasty = "a | b\n# c <script> `d` [e](f)"
    failed = Row(id="ODD-01", level=Level.MUST, outcome=Judgement.FAILED, seen=nasty)
    page = report_page(Report(subject=SUBJECT, rows=(failed,)))
    assert page.startswith("# acme: NOT CONFORMANT\n")
    assert "- **ODD-01** failed: a \\| b # c \\<script\\> \\`d\\` \\[e\\](f)\n" in page
    assert "| ODD-01 | MUST | failed |\n" in page


@given(st.text())
def test_a_cell_is_one_line_in_which_every_bar_is_escaped(text: str) -> None:
    written = cell(text)
    assert written.splitlines() in ([], [written])
    assert "|" not in written.replace("\\\\", "").replace("\\|", "")


@pytest.mark.parametrize(
    ("text", "travels"),
    [
        ("ValueError at /srv/ann/acme/plugin.py:7: no", "ValueError at plugin.py:7: no"),
        ("at C:\\acme\\plugin.py:7", "at plugin.py:7"),
        ("GET https://acme.example/v1/run.py", "GET https://acme.example/v1/run.py"),
        ("GET /v1/models answered 404", "GET /v1/models answered 404"),
    ],
)
def test_folders_of_a_machine_do_not_travel(text: str, travels: str) -> None:
    assert without_folders(text) == travels


def test_a_report_that_cannot_be_written_is_a_problem_in_a_sentence(tmp_path: Any) -> None:
    (tmp_path / "r.json").mkdir()
    target = str(tmp_path / "r.json")
    assert write_reports(target, [report(P)]) == [f"--bonito-report {target}: Is a directory"]
