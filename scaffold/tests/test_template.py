"""What the template writes, for names of every kind."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonito_openai_compatible.plugin import INFO
from scaffold.tests.packages import NAMES, files_of, run, write

RUFF = Path(sys.executable).with_name("ruff")
PLACE = re.compile(r"^ *# FILL IN: [A-Za-z]", re.MULTILINE)
PACKAGE = "src/bonito_acme/"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write("acme", tmp_path_factory.mktemp("acme"))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_clean_whatever_the_name(name: str, tmp_path: Path) -> None:
    written = write(name, tmp_path)
    run(RUFF, "check", "--no-cache", cwd=written)
    run(RUFF, "format", "--check", "--no-cache", cwd=written)


@pytest.mark.parametrize(
    "answers",
    [
        {"title": "A" * 40, "host": f"{'a' * 60}.b.example"},
        {"title": "Acme & Sons (EU) + 2.0", "host": "acme.example"},
    ],
)
def test_it_is_clean_whatever_title_and_host(answers: dict[str, str], tmp_path: Path) -> None:
    written = write(NAMES[-1], tmp_path, **answers)
    run(RUFF, "check", "--no-cache", cwd=written)
    run(RUFF, "format", "--check", "--no-cache", cwd=written)
    assert (
        answers["host"] in (written / "src" / f"bonito_{NAMES[-1]}" / "credentials.py").read_text()
    )


@pytest.mark.parametrize("question", ["name", "title", "host"])
def test_a_line_end_passes_no_question(question: str, tmp_path: Path) -> None:
    answers = {"name": "acme", "title": "Acme", "host": "acme.example"}
    answers[question] += "\n"
    with pytest.raises(ValueError, match=f"'{question}'"):
        write(**answers, folder=tmp_path / "new")


def test_nothing_of_the_template_is_left_in_it(acme: Path) -> None:
    for path, text in files_of(acme).items():
        assert "{{" not in f"{path}{text}".replace("${{ matrix.python }}", "")
        assert "{%" not in f"{path}{text}"
        assert not path.endswith(".jinja")


def test_it_has_the_modules_that_every_plugin_has(acme: Path) -> None:
    modules = (
        "plugin credentials check wire errors models deployments gateway invoke facts conformance"
    )
    expected = {f"{PACKAGE}{each}.py" for each in modules.split()}
    assert expected | {f"{PACKAGE}py.typed", f"{PACKAGE}facts.json"} <= set(files_of(acme))


def test_its_project_names_what_the_hosts_and_the_suite_look_for(acme: Path) -> None:
    project = tomllib.loads((acme / "pyproject.toml").read_text())["project"]
    assert project["name"] == "bonito-acme"
    assert project["dependencies"] == ["bonito-providers>=1.0,<2"]
    assert project["entry-points"] == {
        "bonito_providers": {"acme": "bonito_acme.plugin"},
        "bonito_conformance": {"acme": "bonito_acme.conformance:ServiceHarness"},
        "bonito_emulators": {"acme": "bonito_acme.emulator.scenario:scenario"},
    }


def test_each_place_to_fill_in_is_one_kind_of_comment_with_a_reference(acme: Path) -> None:
    for path, text in files_of(acme).items():
        if path.endswith((".py", ".toml")):
            assert len(PLACE.findall(text)) == text.count("FILL IN"), path
            assert [each for each in comments(text) if "See " not in each] == [], path


def comments(text: str) -> Iterator[str]:
    """Each comment that says what to fill in, whole."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if "# FILL IN:" in line:
            rest = lines[number:]
            length = next(place for place, each in enumerate(rest) if each.lstrip()[:1] != "#")
            yield " ".join(rest[:length])


def test_its_readme_leads_to_every_place(acme: Path) -> None:
    files = files_of(acme)
    places = [path for path, text in files.items() if path != "README.md" and "FILL IN" in text]
    assert len(places) > 10
    for path in places:
        name = "emulator/__init__.py" if path.endswith("__init__.py") else Path(path).name
        assert f"`{name}`" in files["README.md"], path


def test_its_readme_asks_for_the_truth_before_what_is_compared_with_it(acme: Path) -> None:
    readme = files_of(acme)["README.md"]
    places = [readme.index(f"| `{each}") for each in ("emulator/", "conformance.py", "credentials")]
    assert places == sorted(places)


def test_its_name_card_names_every_variable_that_litellm_reads_on_its_routes(acme: Path) -> None:
    text = files_of(acme)[f"{PACKAGE}plugin.py"]
    assert [each for each in INFO.environment if f'"{each}"' not in text] == []


def test_the_host_stands_in_one_module(tmp_path: Path) -> None:
    files = files_of(write("acme", tmp_path, host="models.acme.test"))
    code = [path for path, text in files.items() if '= "models.acme.test"' in text]
    assert code == [f"{PACKAGE}credentials.py"]


def test_what_a_row_does_not_say_is_unknown_and_only_want_of_an_id_skips_it(acme: Path) -> None:
    rows = [{"id": "a", "kind": 7, "context_window": "some"}, {"kind": "chat"}, "b"]
    rows += [{"id": "c", "active": False}]
    program = (
        "from bonito_acme import wire\n"
        f"found = wire._found({rows!r}, ())\n"
        "print([(each.id, each.kind, each.context_window) for each in found.rows])\n"
        "print([each.id for each in found.skipped])"
    )
    printed = run(sys.executable, "-c", program, cwd=acme / "src")
    assert printed.splitlines() == ["[('a', None, None)]", "['(no id)', '(no id)', 'c']"]


def test_the_contract_suite_comes_in_by_less_than_ten_lines(acme: Path) -> None:
    text = files_of(acme)["tests/test_conformance.py"]
    assert "ContractSuite(" in text
    assert len(text.splitlines()) < 10
