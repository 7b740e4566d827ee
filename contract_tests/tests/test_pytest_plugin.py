"""What authors see of the suite in pytest, and what a run comes to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.tests.small_suite import LISTED, Author, Ran

pytestmark = pytest.mark.slow

SERIAL = ("-p", "no:randomly")
BROKEN_CLOUD = """
class BrokenCloud(Acme):
    def cloud(self):
        raise RuntimeError("no port is free")
broken_cloud = ContractSuite(BrokenCloud())
class TellingCloud(Acme):
    def cloud(self):
        raise RuntimeError(f"no cloud for {self.accesses[0].fields}")
telling_cloud = ContractSuite(TellingCloud())
class Unimportable(TellingCloud):
    plugin = "no_such_module.plugin"
unimportable = ContractSuite(Unimportable())
"""


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run of several suites in one module, in random order."""
    author = Author(tmp_path_factory.mktemp("author"))
    author.suites(
        good={},
        wrong={"LIST-02": "violate"},
        falling={"LIST-01": "crash", "LIST-02": "harness", "LIST-03": "violate"},
        advised={"LIST-04": "violate", "LIST-06": "violate"},
        shaken={"LIST-04": "crash"},
        talking={"LIST-02": "print the key", "LIST-03": "raise the key"},
    )
    with (author.folder / "test_conformance.py").open("a") as file:
        file.write(BROKEN_CLOUD)
    return author.pytest("--tb=long", "--randomly-seed=7")


def test_loading_the_plugin_loads_nothing_heavy() -> None:
    heavy = "pydantic", "hypothesis", "bonito_emulators", "bonito_providers", "litellm", "httpx"
    program = (
        "import sys, bonito_contract_tests.pytest_plugin\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_each_check_is_an_item_named_by_its_id_in_the_order_of_the_catalogue(
    author: Author,
) -> None:
    author.suite()
    listed = author.pytest("--collect-only", "-qq", *SERIAL)
    assert (listed.code, listed.conclusion) == (0, "")
    done = author.pytest("test_conformance.py", *SERIAL)
    assert [*done.outcomes] == [*LISTED, "LIST-06"]


def test_a_conformant_provider_passes_and_what_it_does_not_offer_is_skipped_by_name(
    ran: Ran,
) -> None:
    outcomes = ran.outcomes_of("good")
    assert outcomes.pop("LIST-05") == "SKIPPED"
    assert set(outcomes.values()) == {"PASSED"}
    assert "test_conformance.py:1: LIST-05: the provider does not offer: deploy" in ran.out
    assert ran.conclusion_of("good") == "CONFORMANT 1.0 - 4 passed, 1 not applicable, 1 preview"


def test_a_failure_is_the_rule_what_was_seen_and_the_mend_and_no_traceback(ran: Ran) -> None:
    assert ran.code == 1
    assert ran.failure_of("wrong", "LIST-02").splitlines() == [
        "LIST-02 MUST since 1.0",
        "Rule:     The second rule.",
        "Seen:     LIST-02 did it wrongly",
        "Expected: it rightly",
        "Mend:     Mend it.",
    ]
    assert ran.conclusion_of("wrong").startswith("NOT CONFORMANT - 3 passed, 1 failed, ")
    for trace in ("Traceback", "items.py", "runner.py", "/small.py", "raise "):
        assert trace not in ran.out


def test_a_crash_and_a_fault_of_the_harness_fail_and_are_counted_apart(ran: Ran) -> None:
    outcomes = ran.outcomes_of("falling")
    assert {outcomes[name] for name in ("LIST-01", "LIST-02", "LIST-03")} == {"FAILED"}
    told = ran.failure_of("falling", "LIST-02")
    assert "add what is missing" in told
    assert "Mend:" not in told
    counts = "NOT CONFORMANT - 1 passed, 1 failed, 1 crashed, 1 suite error, "
    assert ran.conclusion_of("falling").startswith(counts)


def test_advice_and_checks_of_tomorrow_are_shown_and_fail_nothing(ran: Ran) -> None:
    outcomes = ran.outcomes_of("advised")
    assert (outcomes["LIST-04"], outcomes["LIST-06"]) == ("XFAIL", "XFAIL")
    assert "SHOULD: LIST-04 did it wrongly" in ran.out
    assert ran.conclusion_of("advised").splitlines() == [
        "CONFORMANT 1.0 - 3 passed, 1 not applicable, 1 advice, 1 preview",
        "  advice LIST-04: LIST-04 did it wrongly; expected: it rightly",
        "  preview LIST-06: LIST-06 did it wrongly; expected: it rightly",
    ]


def test_a_crash_where_advice_is_given_still_fails(ran: Ran) -> None:
    assert ran.outcomes_of("shaken")["LIST-04"] == "FAILED"
    assert ran.conclusion_of("shaken").startswith("NOT CONFORMANT")


def test_a_cloud_that_does_not_start_is_told_by_each_check(ran: Ran) -> None:
    assert set(ran.outcomes_of("broken_cloud").values()) == {"FAILED", "XFAIL"}
    counts = "NOT CONFORMANT - 5 suite error, 1 preview"
    assert ran.conclusion_of("broken_cloud").startswith(counts)
    assert "no port is free" in ran.failure_of("broken_cloud", "LIST-01")


def test_a_secret_in_captured_output_is_hidden(ran: Ran) -> None:
    assert "the key is" in ran.out
    assert "toy/key" not in ran.out


def test_a_secret_that_the_harness_raises_is_hidden(ran: Ran) -> None:
    assert "no luck with {" in ran.failure_of("talking", "LIST-03")
    for suite in ("telling_cloud", "unimportable"):
        assert "no cloud for {" in ran.failure_of(suite, "LIST-01")
    assert "toy/key" not in ran.out + ran.error


def test_a_failure_names_no_folder_of_the_machine(ran: Ran) -> None:
    told = ran.failure_of("telling_cloud", "LIST-01")
    assert "RuntimeError at test_conformance.py:" in told


def test_what_the_projects_settings_leave_out_is_missed(author: Author) -> None:
    author.suite()
    with (author.folder / "pytest.ini").open("a") as file:
        file.write("addopts = -k LIST-01\n")
    for more in ((), ("-n", "2")):
        done = author.pytest(*more)
        assert done.code == 1
        assert "INCOMPLETE - 1 passed, 4 not run" in done.conclusion
        assert "No outcome for LIST-02, LIST-03, LIST-04, LIST-05: " in done.conclusion


def test_workers_leave_out_what_the_person_asks_to(author: Author) -> None:
    author.suite()
    done = author.pytest("-n", "2", "-k", "LIST-02")
    assert done.code == 0
    assert "partial, 1 of 5 checks, no verdict" in done.conclusion


def test_a_thorough_run_tells_its_seed_which_can_be_given_back(author: Author) -> None:
    author.suite(LIST_02="draw", LIST_03="draw")
    told = []
    for arguments in ((), ("-n", "2")):
        done = author.pytest("--bonito-thorough", "3", "--bonito-report", "r.json", *arguments)
        seed = author.document("r.json")["seed"]
        for name in ("LIST-02", "LIST-03"):
            assert f"(thorough 3, seed {seed})" in done.failure_of("conformance", name)
        told.append(seed)
    assert told[0] != told[1]
    again = author.pytest("--bonito-thorough", "3", "--bonito-seed", str(told[0]))
    assert f"(thorough 3, seed {told[0]})" in again.failure_of("conformance", "LIST-02")
    assert author.pytest("--bonito-seed", "7").code == 4


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(("-k", "LIST-02"), id="by keyword"),
        pytest.param(("test_conformance.py::conformance::LIST-02",), id="by node id"),
        pytest.param(("-m", "slow"), id="by mark", marks=pytest.mark.slow),
    ],
)
def test_a_run_of_some_checks_is_partial_and_has_no_verdict(
    author: Author, asked: tuple[str, ...]
) -> None:
    author.suite()
    author.mark("LIST-02", "slow")
    done = author.pytest(*asked)
    assert (done.code, done.outcomes) == (0, {"LIST-02": "PASSED"})
    assert done.conclusion.endswith("partial, 1 of 5 checks, no verdict - 1 passed, 4 not run")


def test_the_first_failure_may_end_a_run_which_is_not_conformant_then(author: Author) -> None:
    author.suite(LIST_01="violate")
    done = author.pytest("-x", *SERIAL)
    assert done.code == 1
    assert "NOT CONFORMANT, 1 of 5 checks - 1 failed, 4 not run" in done.conclusion


def test_an_interrupted_run_has_no_verdict(author: Author) -> None:
    author.suite(LIST_02="interrupt")
    done = author.pytest(*SERIAL)
    assert done.code == 2
    assert "partial, 1 of 5 checks, no verdict" in done.conclusion


@pytest.mark.slow
def test_a_mark_of_the_module_holds_for_every_check(author: Author) -> None:
    author.suite()
    with (author.folder / "test_conformance.py").open("a") as file:
        file.write("import pytest\npytestmark = pytest.mark.slow\n")
    done = author.pytest("-m", "not slow")
    assert (done.code, done.outcomes, done.conclusion) == (5, {}, "")
    assert ": CONFORMANT 1.0 - " in author.pytest("-m", "slow").conclusion


def test_a_mark_cannot_turn_a_failure_into_conformance(author: Author) -> None:
    author.suite(LIST_02="violate")
    author.mark("LIST-02", "xfail")
    done = author.pytest()
    assert (done.code, done.outcomes["LIST-02"]) == (1, "XFAIL")
    assert "NOT CONFORMANT" in done.conclusion


def test_reports_are_written_into_a_folder_for_people_and_programs(author: Author) -> None:
    author.suite()
    assert author.pytest("--bonito-report", "reports").code == 0
    assert json.loads((author.folder / "reports/toy.json").read_text())["verdict"] == "CONFORMANT"
    assert (author.folder / "reports/toy.md").read_text().startswith("# toy: CONFORMANT 1.0\n")


@pytest.mark.parametrize("target", ["reports", pytest.param("report.json", marks=pytest.mark.slow)])
def test_two_suites_are_not_written_over_one_another(author: Author, target: str) -> None:
    author.suites(one={}, other={})
    done = author.pytest("--bonito-report", target)
    assert done.code == 1
    assert f"--bonito-report {target}: " in done.conclusion
    assert not (author.folder / target).exists()


def test_workers_come_to_the_same_as_one_process(author: Author) -> None:
    author.suite(LIST_02="violate", LIST_04="violate")
    alone = author.pytest("--bonito-report", "alone.json")
    shared = author.pytest("-n", "2", "--bonito-report", "shared.json")
    assert alone.code == shared.code == 1
    assert author.document("alone.json") == author.document("shared.json")
    assert alone.conclusion == shared.conclusion


@pytest.mark.slow
def test_a_check_whose_worker_died_has_no_outcome(author: Author) -> None:
    author.suite(LIST_02="die")
    done = author.pytest("-n", "2")
    assert done.code == 1
    assert "INCOMPLETE" in done.conclusion
    assert "No outcome for LIST-02" in done.conclusion


@pytest.mark.slow
@pytest.mark.parametrize(
    "way",
    [
        "load",
        *(
            pytest.param(way, marks=pytest.mark.nightly)
            for way in ("loadscope", "loadfile", "worksteal")
        ),
    ],
)
def test_every_way_to_share_the_work_runs_every_check_once(author: Author, way: str) -> None:
    author.suites(one={}, other={})
    done = author.pytest("-n", "2", "--dist", way)
    assert done.code == 0
    assert len(re.findall(r"CONFORMANT 1\.0 - 4 passed, 1 not applicable", done.conclusion)) == 2


@pytest.mark.nightly
def test_ten_runs_in_random_order_come_to_the_same(author: Author) -> None:
    author.suite(LIST_02="violate", LIST_04="violate")
    reports = []
    orders = set()
    for seed in range(10):
        done = author.pytest(f"--randomly-seed={seed}", "--bonito-report", "r.json")
        orders.add(tuple(done.outcomes))
        reports.append(author.document("r.json"))
    assert len(orders) > 1
    assert all(each == reports[0] for each in reports)
