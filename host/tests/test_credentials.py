"""Where credentials may come from, and that an option is no such place."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from bonito_emulators import RequestLog
from host.tests.conftest import CREDENTIALS, ENDPOINT, KEY
from host.tests.running import BONITO, PATIENCE, Bonito

INTERRUPT = "\x03"
FIELDS = {"endpoint": ENDPOINT, "api_key": KEY}


@pytest.fixture
def bare(bonito: Bonito) -> Bonito:
    """The command without credentials in its environment."""
    left = {name: text for name, text in bonito.variables.items() if name not in CREDENTIALS}
    return Bonito(bonito.folder, left)


@pytest.mark.parametrize("text", [json.dumps(FIELDS), yaml.safe_dump(FIELDS)])
def test_a_file_or_stdin_holds_json_or_yaml(bare: Bonito, tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials").write_text(text)
    assert bare.run("check", "--credentials", "credentials").code == 0
    assert bare.run("check", "--credentials", "-", stdin=text).code == 0


def test_a_file_is_taken_as_it_is_without_the_environments_fields(
    bonito: Bonito, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text(json.dumps({"endpoint": ENDPOINT}))
    done = bonito.run("check", "--credentials", "credentials", "--json")
    assert done.code == 2
    assert done.document["error"]["problems"] == {
        "api_key": "is required, or all of Deployment permissions"
    }
    assert "BONITO_CREDENTIAL_API_KEY" in done.document["error"]["hint"]


def test_an_option_gives_a_field_that_is_no_secret_and_wins(bonito: Bonito) -> None:
    other = "https://nobody.services.ai.azure.com"
    done = bonito.run("check", "--set", f"endpoint={ENDPOINT}", BONITO_CREDENTIAL_ENDPOINT=other)
    assert done.code == 0


def test_a_secret_as_an_option_is_refused_with_where_it_belongs(
    bonito: Bonito, log: RequestLog
) -> None:
    done = bonito.run("check", "--set", f"api_key={KEY}", "--json")
    assert done.code == 2
    message = done.document["error"]["message"]
    assert "BONITO_CREDENTIAL_API_KEY" in message
    assert "--credentials" in message
    assert KEY not in done.stdout + done.stderr
    assert log.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--credentials", "absent.json"), "absent.json cannot be read"),
        (("--set", KEY), "FIELD=VALUE"),
        (("--set", "=x"), "FIELD=VALUE"),
        (("--cloud", "nowhere"), "nowhere"),
        (("--provider", "nobody"), "nobody"),
        (("--set", "azure_mode=other"), "azure_mode=other"),
        (("--set", "colour=red"), "colour"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    bonito: Bonito, log: RequestLog, arguments: tuple[str, ...], words: str
) -> None:
    done = bonito.run("check", *arguments)
    assert done.code == 2
    assert words in done.stderr
    assert KEY not in done.stderr
    assert log.requests == []


@pytest.mark.parametrize("text", ["[]", "7", "", "1: 2", "\x00", "a: b: c"])
def test_a_file_that_holds_no_object_is_refused(bare: Bonito, tmp_path: Path, text: str) -> None:
    (tmp_path / "credentials").write_text(text)
    done = bare.run("check", "--credentials", "credentials")
    assert done.code == 2
    assert "credentials" in done.stderr


def test_without_a_terminal_nothing_is_asked_for(bare: Bonito) -> None:
    done = bare.run("check", "--cloud", "azure", "--json")
    assert done.code == 2
    assert set(done.document["error"]["problems"]) == {"endpoint", "api_key"}


def test_at_a_terminal_the_fields_are_asked_for_and_a_secret_is_not_shown(bare: Bonito) -> None:
    chosen = {"Cloud number": "2", "Service number": ""}
    answers = {**chosen, "Endpoint:": ENDPOINT, "API key:": KEY, "[y/N]": "n"}
    code, screen = at_terminal(bare, answers)
    assert code == 0, screen
    assert "2. azure: Azure AI Foundry" in screen
    assert "For example: https://contoso.services.ai.azure.com" in screen
    assert ENDPOINT in screen
    assert KEY not in screen
    assert screen.index("Endpoint:") < screen.index("API key:")


def test_the_fields_that_are_given_tell_the_cloud(bare: Bonito) -> None:
    given = {"region": "eu-west-1", "access_key_id": "AKIAIOSFODNN7EXAMPLE"}
    variables = {f"BONITO_CREDENTIAL_{name.upper()}": text for name, text in given.items()}
    done = bare.run("check", "--json", **variables)
    assert done.code == 2
    assert "secret_access_key" in done.document["error"]["problems"]
    assert "Amazon Bedrock" in done.stderr


@pytest.mark.parametrize("given", [{}, {"BONITO_CREDENTIAL_API_KEY": KEY}])
def test_fields_that_fit_several_clouds_need_the_clouds_name(
    bare: Bonito, given: dict[str, str]
) -> None:
    done = bare.run("check", **given)
    assert done.code == 2
    assert "add --cloud NAME" in done.stderr


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells who waits")
def test_ctrl_c_at_the_prompt_leaves_with_130(bare: Bonito) -> None:
    chosen = {"Cloud number": "2", "Service number": ""}
    code, screen = at_terminal(bare, {**chosen, "Endpoint: ": INTERRUPT})
    assert code == 130
    assert "Traceback" not in screen


def at_terminal(bonito: Bonito, answers: dict[str, str]) -> tuple[int, str]:
    """Run `bonito check` at a terminal of its own, answering each question when it is asked.

    A question that does not come, such as for the service where only one is installed, stays open.
    """
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [str(BONITO), "check"],
        env=bonito.environment(TERM="dumb"),
        cwd=bonito.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    screen, waiting = "", dict(answers)
    while shown := _read(ours):
        screen += shown
        question = next((each for each in waiting if each in screen), None)
        if question is not None:
            _answer(ours, waiting.pop(question), running)
    os.close(ours)
    return running.wait(PATIENCE), screen


def _answer(terminal: int, answer: str, running: subprocess.Popen[bytes]) -> None:
    if answer != INTERRUPT:
        os.write(terminal, f"{answer}\n".encode())
        return
    # A signal between the question and the reading of its answer would wait for the answer.
    while "(running)" in _state(running.pid):
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)


def _state(process: int) -> str:
    """What Linux says the process is doing."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(line for line in lines if line.startswith("State:"))


def _read(terminal: int) -> str:
    """Read what is shown next; nothing once the other side is closed."""
    ready, _, _ = select.select([terminal], [], [], PATIENCE)
    try:
        return os.read(terminal, 4096).decode() if ready else ""
    except OSError:
        return ""
