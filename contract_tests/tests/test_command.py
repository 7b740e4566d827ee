"""The command, as authors and their automation use it."""

from __future__ import annotations

import configparser
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bonito_contract_tests.command import main
from contract_tests.tests.small_suite import COMMAND, Author

pytestmark = pytest.mark.slow

DISTRIBUTION = "Metadata-Version: 2.4\nName: acme-for-bonito\nVersion: 0.3.0\n"


@pytest.fixture
def author(tmp_path: Path) -> Author:
    return Author(tmp_path)


def install(author: Author, group: str, name: str, value: str, *, by: str = "acme") -> None:
    """Put a distribution's metadata where programs of the author find them."""
    folder = author.folder / f"{by}-0.3.0.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "METADATA").write_text(DISTRIBUTION.replace("acme", by))
    points = configparser.ConfigParser()
    points.read(folder / "entry_points.txt")
    if group not in points:
        points[group] = {}
    points[group][name] = value
    with (folder / "entry_points.txt").open("w") as file:
        points.write(file)


def test_a_conformant_provider_found_by_its_entry_point_ends_with_0_and_its_reports(
    author: Author,
) -> None:
    author.harness(LIST_04="violate")
    install(author, "bonito_conformance", "toy", "acme:Acme")
    install(author, "bonito_providers", "toy", "acme")
    files = ("--json", "r.json", "--markdown", "r.md")
    ran = author.contract("run", "toy", *files, "--processes", "1")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "toy 0.3.0: CONFORMANT 1.0 - 3 passed, 1 not applicable, 1 advice, 1 preview",
        "  advice LIST-04: LIST-04 did it wrongly; expected: it rightly",
    ]
    assert [line.split("  ")[:2] for line in ran.error.splitlines()][4:] == [
        ["LIST-05", "not applicable"],
        ["LIST-06", "preview"],
    ]
    document = author.document("r.json")
    assert (document["distribution"], document["version"]) == ("acme-for-bonito", "0.3.0")
    assert (author.folder / "r.md").read_text().startswith("# toy: CONFORMANT 1.0\n")


def test_a_broken_provider_ends_with_1_and_tells_the_rule(author: Author) -> None:
    author.harness(LIST_02="violate")
    ran = author.contract("run", "acme:Acme")
    assert ran.code == 1
    assert "Rule:     The second rule.\nSeen:     LIST-02 did it wrongly\n" in ran.out
    assert "\ntoy: NOT CONFORMANT - 3 passed, 1 failed" in ran.out
    assert "Traceback" not in ran.out + ran.error


def test_single_checks_are_no_verdict(author: Author) -> None:
    author.harness(LIST_03="violate")
    fine = author.contract("run", "acme:Acme", "--check", "LIST-01", "--check", "LIST-02")
    assert fine.code == 0
    assert fine.out == "toy: partial, 2 of 5 checks, no verdict - 2 passed, 3 not run\n"
    bad = author.contract("run", "acme:Acme", "--check", "LIST-03")
    assert bad.code == 1
    assert "toy: NOT CONFORMANT, 1 of 5 checks - 1 failed, 4 not run\n" in bad.out


def test_a_check_that_the_suite_lacks_is_missed_even_if_others_are_asked_for(
    tmp_path: Path,
) -> None:
    author = Author(tmp_path, listed=("LIST-01", "LIST-99"))
    author.harness()
    ran = author.contract("run", "acme:Acme", "--check", "LIST-01")
    assert ran.code == 1
    assert "  No outcome for LIST-99: " in ran.out


def test_an_interruption_ends_with_130_and_no_verdict(author: Author) -> None:
    author.harness(LIST_03="interrupt")
    ran = author.contract("run", "acme:Acme", "--json", "r.json", "--processes", "1")
    assert ran.code == 130
    assert ran.error.endswith("Interrupted: 2 of 6 checks, no verdict.\n")
    assert not (author.folder / "r.json").exists()


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")],
)
def test_a_signal_ends_the_run_and_its_processes_at_once(
    author: Author, number: int, code: int, said: str
) -> None:
    author.harness(LIST_02="linger")
    command = author.start("-c", COMMAND, "run", "acme:Acme", "--processes", "1")
    assert command.stderr is not None
    assert command.stderr.readline().startswith("LIST-01  passed")
    command.send_signal(number)
    # The worker holds these pipes too: they end when it has.
    _, error = command.communicate()
    assert command.returncode == code
    # Python itself may say first what the signal cut short.
    assert error.endswith(f"{said}: 1 of 6 checks, no verdict.\n")
    assert "BrokenPipe" not in error


def test_an_interruption_while_a_harness_is_loaded_ends_with_130(author: Author) -> None:
    slow = "import time\nprint('loading', flush=True)\ntime.sleep(60)\n"
    (author.folder / "slow.py").write_text(slow, encoding="utf-8")
    command = author.start("-c", COMMAND, "run", "slow:Slow")
    assert command.stdout is not None
    assert command.stdout.readline() == "loading\n"
    command.send_signal(signal.SIGINT)
    # The processes that were started meanwhile hold these pipes too: they end when those have.
    _, error = command.communicate()
    assert command.returncode == 130
    assert error == "Interrupted: no verdict.\n"


def test_a_wrong_name_is_all_that_is_said_whatever_was_started_by_then(author: Author) -> None:
    author.harness()
    ran = author.contract("run", "nobody", "--processes", "4")
    assert ran.code == 2
    assert ran.error.startswith("Usage: ")
    assert "Traceback" not in ran.error


def test_a_worker_whose_asker_is_gone_ends_without_a_word(author: Author) -> None:
    author.harness()
    with author.start("-m", "bonito_contract_tests.worker", "0", "acme:Acme", "1") as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stderr is not None
        worker.stdout.close()
        print("LIST-01", file=worker.stdin, flush=True)
        assert worker.stderr.read() == ""
    assert worker.returncode == 130


def test_a_plugin_that_ends_its_process_costs_one_check_and_not_the_run(author: Author) -> None:
    author.harness(LIST_02="die")
    ran = author.contract("run", "acme:Acme")
    assert ran.code == 1
    assert "Seen:     the process ended during the check, with code 3\n" in ran.out
    assert "\ntoy: NOT CONFORMANT - 3 passed, 1 crashed, 1 not applicable, 1 preview" in ran.out


def test_what_a_plugin_prints_does_not_mix_with_the_results(author: Author) -> None:
    author.harness(LIST_02="print the key")
    ran = author.contract("run", "acme:Acme", "--check", "LIST-02")
    assert ran.code == 1
    assert "LIST-02 did it wrongly" in ran.out
    assert "the key is" not in ran.out


@pytest.mark.nightly
def test_a_thorough_run_draws_anew_and_the_same_with_its_seed_in_every_process(
    author: Author,
) -> None:
    author.harness(LIST_02="draw", LIST_03="draw")
    arguments = ("run", "acme:Acme", "--thorough", "2", "--json", "r.json")
    one, other = (author.contract(*arguments).out for _ in range(2))
    seed = author.document("r.json")["seed"]
    again = author.contract(*arguments, "--seed", str(seed)).out
    assert re.findall(DREW, other) == re.findall(DREW, again) != re.findall(DREW, one)
    assert [told for _, told in re.findall(DREW, other)] == [str(seed)] * 2


DREW = r"Seen:     drew (\[.+\]) \(thorough 2, seed (\d+)\)\n"
UNUSABLE = """
class Unmade(Acme):
    def __init__(self): raise RuntimeError("not today")
class Gapped(Acme):
    gaps = {"LIST-999": Gap(GapKind.BUG, "known")}
"""
SEVERAL = "several harnesses, by acme-for-bonito, other-for-bonito; uninstall all but one"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            ("dodo",),
            "twice (acme-for-bonito), twice (other-for-bonito). Others come by: pip install",
        ),
        (("bare",), "acme-for-bonito brings the provider bare but no harness for it."),
        (("half",), 'no_such_module, which is not installed; try: pip install "acme-for-bonito[co'),
        (("twice",), SEVERAL),
        (("acme:Nothing",), "has no attribute 'Nothing'"),
        (("acme:GapKind",), "acme:GapKind is no Harness but EnumType"),
        (("acme:Unmade",), "acme:Unmade cannot be made: RuntimeError at "),
        (("nowhere:Acme",), "nowhere:Acme needs nowhere, which is not installed"),
        (("acme:Acme", "--check", "LIST-1"), "there is no check LIST-1; did you mean LIST-"),
        (("acme:Gapped",), "`gaps` names LIST-999"),
        ((":",), "':' names no harness: write module:Harness"),
        (("acme:Acme:Gapped",), "'acme:Acme:Gapped' names no harness"),
        (("acme:Acme", "--seed", "7"), "name --thorough N as well"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_wrong_usage_says_what_is_there_or_how_to_get_it(
    installed: None, asked: tuple[str, ...], told: str
) -> None:
    done = CliRunner().invoke(main, ["run", *asked])
    assert done.exit_code == 2
    assert told in done.stderr


@pytest.fixture
def installed(author: Author, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Harnesses that cannot be used, each in its way, where this process finds them."""
    author.harness()
    with (author.folder / "acme.py").open("a") as file:
        file.write(UNUSABLE)
    author.write("half.py", "import no_such_module\n")
    install(author, "bonito_conformance", "half", "half:Half")
    install(author, "bonito_conformance", "twice", "acme:Acme")
    install(author, "bonito_conformance", "twice", "acme:Acme", by="other")
    install(author, "bonito_providers", "bare", "acme")
    monkeypatch.syspath_prepend(author.folder)
    yield
    for name in {"acme", "half"} & set(sys.modules):
        del sys.modules[name]


def test_a_report_that_cannot_be_written_is_told(author: Author) -> None:
    author.harness()
    ran = author.contract("run", "acme:Acme", "--check", "LIST-01", "--json", "no/such/folder")
    assert ran.code == 1
    assert "Could not open file 'no/such/folder': No such file or directory" in ran.error


def test_the_checks_are_listed_with_rule_and_mend(author: Author) -> None:
    ran = author.contract("checks")
    assert ran.out.startswith("LIST-01  MUST since 1.0  The first rule.\n    Mend: Mend it.\n")
    page = author.contract("checks", "--markdown")
    assert "### LIST-05\n\nThe rule of deploying.\n\n- MUST, since 1.0; needs: deploy\n" in page.out


def test_the_manifest_is_compared_and_written(tmp_path: Path) -> None:
    author = Author(tmp_path, listed=("LIST-01", "LIST-99"))
    before = author.contract("manifest")
    assert before.code == 1
    assert before.out.startswith("LIST-02: not in the manifest\n")
    assert "LIST-99: gone\n" in before.out
    assert author.contract("manifest", "--write").out == "5 checks of contract 1.0\n"
    assert author.contract("manifest").code == 0
