"""The child that holds LiteLLM: alone with what it is given, and gone with whoever started it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bonito_contract_tests import HarnessError, litellm_calls
from bonito_contract_tests.litellm_process import Answer, Failure, LiteLLMProcess

KEY = "avk-never-seen-0123456789"
ENTRY = {"model_name": "bird", "litellm_params": {"model": "openai/bird", "api_key": KEY}}
TELLS_ALL = """
told = json.dumps([sys.argv, dict(os.environ), os.getpid()])
print(json.dumps({"litellm": told}), flush=True)
for line in sys.stdin:
    print(json.dumps({"answer": {"text": line}}), flush=True)
"""

Started = Callable[[str], LiteLLMProcess]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Make a process whose interpreter is a program of the test."""
    made: list[LiteLLMProcess] = []

    def start(program: str) -> LiteLLMProcess:
        script = tmp_path / f"python-{len(made)}"
        script.write_text(f"#!{sys.executable}\nimport json, os, sys\n{program}")
        script.chmod(0o755)
        made.append(LiteLLMProcess({"HTTPS_PROXY": "http://127.0.0.1:1"}, python=script))
        return made[-1]

    yield start
    for each in made:
        each.close()


def test_no_variable_of_this_process_fills_in_for_a_credential(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "foreign")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "foreign")
    _, environment, _ = json.loads(started(TELLS_ALL).version)
    assert "foreign" not in environment.values()
    assert environment["HTTPS_PROXY"] == "http://127.0.0.1:1"
    assert environment["HOME"] != os.environ.get("HOME")


def test_secrets_go_in_by_stdin_and_nowhere_else(started: Started) -> None:
    process = started(TELLS_ALL)
    came = process.call(ENTRY, "chat")
    assert isinstance(came, Answer)
    assert KEY in came.text
    assert KEY not in process.version


def test_starting_twice_starts_one_child(started: Started) -> None:
    process = started(TELLS_ALL)
    process.start()
    first = process.version
    process.start()
    assert process.version == first


def test_a_child_that_dies_is_named_by_its_last_words_and_replaced(started: Started) -> None:
    process = started(
        """
print(json.dumps({"litellm": str(os.getpid())}), flush=True)
sys.stdin.readline()
sys.exit("No module named 'litellm'")
"""
    )
    first = process.version
    with pytest.raises(HarnessError, match="No module named 'litellm'"):
        process.call(ENTRY, "chat")
    assert process.version != first


def test_what_litellm_raised_comes_back_as_a_failure(started: Started) -> None:
    process = started(
        """
print(json.dumps({"litellm": "1"}), flush=True)
sys.stdin.readline()
error = {"kind": "AuthenticationError", "status": 401, "message": "no"}
print(json.dumps({"error": error}), flush=True)
"""
    )
    expected = Failure(kind="AuthenticationError", status=401, message="no")
    assert process.call(ENTRY, "chat") == expected


def test_an_interpreter_that_is_not_there_is_the_harnesss_fault(tmp_path: Path) -> None:
    process = LiteLLMProcess({}, python=tmp_path / "nowhere")
    with pytest.raises(HarnessError, match="cannot be run"):
        process.start()
    process.close()


def test_closing_ends_the_child(started: Started) -> None:
    process = started(TELLS_ALL)
    *_, identity = json.loads(process.version)
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(identity, 0)


def test_the_program_ends_with_its_stdin_and_says_nothing_but_its_lines() -> None:
    done = subprocess.run(
        [sys.executable, "-P", litellm_calls.__file__],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
    )
    assert done.returncode == 0, done.stderr
    assert [list(json.loads(line)) for line in done.stdout.splitlines()] == [["litellm"]]


def test_the_program_imports_litellm_and_the_standard_library_alone() -> None:
    tree = ast.parse(Path(litellm_calls.__file__).read_text(encoding="utf-8"))
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert names - sys.stdlib_module_names == {"litellm"}
