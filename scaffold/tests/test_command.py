"""`bonito new-provider`, as an author calls it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bonito_providers import ProviderInfo
from bonito_scaffold import TEMPLATE, command
from bonito_scaffold.command import new_provider
from scaffold.tests.packages import NAMES, files_of, write


def called(*arguments: str) -> Result:
    """What the command comes to where nobody can be asked."""
    return CliRunner().invoke(new_provider, arguments)


def refused(*arguments: str) -> str:
    result = called(*arguments)
    assert result.exit_code == 2, result.output
    return result.output


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_the_package_beside_and_says_what_to_do_next(here: Path) -> None:
    result = called("acme_cloud")
    assert result.exit_code == 0, result.output
    assert (here / "bonito-acme-cloud" / "src" / "bonito_acme_cloud" / "plugin.py").is_file()
    commands = [line.strip() for line in result.output.splitlines() if line.startswith("  ")]
    assert commands == ["cd bonito-acme-cloud", 'pip install -e ".[dev]"', "pytest"]


def test_it_writes_what_copier_writes_by_itself(here: Path) -> None:
    assert called("acme", "ours", "--title", "Acme", "--host", "api.acme.test").exit_code == 0
    theirs = write("acme", here / "theirs", title="Acme", host="api.acme.test")
    assert files_of(here / "ours") == files_of(theirs)


def test_space_and_line_ends_around_an_option_are_no_part_of_it(here: Path) -> None:
    assert called("acme", "plain", "--title", "Acme", "--host", "acme.test").exit_code == 0
    assert called("acme", "wide", "--title", "Acme\n", "--host", " acme.test\n").exit_code == 0
    assert files_of(here / "wide") == files_of(here / "plain")


def test_an_empty_folder_is_taken(here: Path) -> None:
    (here / "empty").mkdir()
    assert called("acme", "empty").exit_code == 0
    assert (here / "empty" / "pyproject.toml").is_file()


def test_what_stands_there_is_left_alone(here: Path) -> None:
    (here / "bonito-acme").mkdir()
    (here / "bonito-acme" / "mine.txt").write_text("mine")
    assert "not an empty folder" in refused("acme")
    assert "not an empty folder" in refused("acme", "bonito-acme/mine.txt")
    assert list(files_of(here).items()) == [("bonito-acme/mine.txt", "mine")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acme-cloud",), "Did you mean acme_cloud?"),
        (("Acme",), "Did you mean acme?"),
        (("2acme",), "a letter first"),
        (("a",), "2 to 32"),
        (("a" * 33,), "2 to 32"),
        (("providers",), "bonito_providers is installed already"),
        ((), "bonito new-provider acme"),
        (("acme", "--title", "acme"), "'title': 1 to 40"),
        (("acme", "--title", 'A "quoted" one'), "'title': 1 to 40"),
        (("acme", "--host", "https://acme.example"), "'host': a host name"),
        (("acme", "--host", "127.0.0.1"), "'host': a host name"),
        (("acme", "--host", "localhost"), "'host': a host name"),
        (("acme", "--host", f"{'a' * 70}.example"), "'host': a host name"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(
    here: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in " ".join(refused(*arguments).split())
    assert files_of(here) == {}


def test_at_a_terminal_it_asks_for_what_is_left_out(here: Path) -> None:
    terminal, stdin = os.openpty()
    os.write(terminal, b"acme\n\napi.acme.test\n")
    program = "from bonito_scaffold.command import new_provider; new_provider()"
    done = subprocess.run(
        [sys.executable, "-c", program], stdin=stdin, capture_output=True, text=True, check=False
    )
    os.close(stdin)
    os.close(terminal)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(": ") == 3
    credentials = here / "bonito-acme" / "src" / "bonito_acme" / "credentials.py"
    assert 'HOST = "api.acme.test"' in credentials.read_text()


@given(
    st.sampled_from((*NAMES, "a", "a" * 32, "a" * 33, "acme\n", "é1", "_a", "2a", ""))
    | st.from_regex(r"[a-z][a-z0-9_]{0,40}", fullmatch=True)
    | st.text(alphabet="az09AZ_-. é\n", max_size=8)
)
def test_a_name_that_is_taken_is_one_to_the_core(name: str) -> None:
    short = len(name) <= 32
    assert bool(command.NAME.fullmatch(name)) is (taken_by_the_core(name) and short)


def taken_by_the_core(name: str) -> bool:
    try:
        ProviderInfo(name=name, cloud=name, title="A", summary="A.", host_suffixes=("a.b",))
    except ValidationError:
        return False
    return True


def test_the_template_takes_the_names_that_the_command_takes() -> None:
    questions = (TEMPLATE / "copier.yml").read_text()
    (pattern,) = re.findall(r"name \| regex_search\('\^(.*)\\\\Z'\)", questions)
    assert pattern == command.NAME.pattern
