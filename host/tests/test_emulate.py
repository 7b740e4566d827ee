"""`bonito emulate`: for a command, or until somebody has enough."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import bonito_emulators
from bonito_host.emulation import Emulation, prepare
from host.tests.running import BONITO, PATIENCE, Bonito

SERVE = "import sys; sys.exit(int(sys.argv[1]))"


@pytest.fixture
def alone(tmp_path: Path) -> Bonito:
    return Bonito(tmp_path)


def test_a_command_finds_the_emulated_cloud_and_its_credentials(alone: Bonito) -> None:
    done = alone.run("emulate", "--", str(BONITO), "check", "--json")
    assert done.code == 0, done.stderr
    assert done.document["usable"]


def test_the_commands_exit_code_is_the_commands_own(alone: Bonito) -> None:
    assert alone.run("emulate", "--", sys.executable, "-c", SERVE, "7").code == 7


def test_credentials_of_the_callers_own_win(alone: Bonito) -> None:
    key = {"BONITO_CREDENTIAL_API_KEY": "a-key-of-the-callers-own-0123456789"}
    done = alone.run("emulate", "--", str(BONITO), "check", **key)
    assert done.code == 3


def test_a_command_that_does_not_exist_is_wrong_usage(alone: Bonito) -> None:
    done = alone.run("emulate", "--", "no-such-command-anywhere")
    assert done.code == 2
    assert "no-such-command-anywhere" in done.stderr


def test_without_a_command_it_says_how_to_get_there_and_shows_who_comes(alone: Bonito) -> None:
    serving = alone.start("emulate", "--json")
    assert serving.stdout is not None
    announced = json.loads(serving.stdout.readline())
    visitor = Bonito(alone.folder, announced["environment"])
    assert visitor.run("check").code == 0
    code, stderr = _interrupt(serving)
    assert code == 130
    assert "GET https://contoso.services.ai.azure.com/" in stderr
    assert "Traceback" not in stderr


def test_the_announcement_can_be_read_by_a_shell(alone: Bonito) -> None:
    serving = alone.start("emulate")
    assert serving.stdout is not None
    first = serving.stdout.readline()
    assert first.startswith("export BONITO_CREDENTIAL_")
    assert _interrupt(serving)[0] == 130


def taken(emulation: bonito_emulators.Emulation) -> Emulation:
    """Mypy checks here that what is installed is what the host takes it for."""
    return emulation


def test_the_installed_scenarios_are_found_by_their_entry_points() -> None:
    stage = prepare()
    assert isinstance(stage.emulation, bonito_emulators.Emulation)
    assert taken(stage.emulation).log.requests == []
    assert {each.cloud for each in stage.connections} == {"azure"}


def _interrupt(serving: subprocess.Popen[str]) -> tuple[int, str]:
    serving.send_signal(signal.SIGINT)
    _, stderr = serving.communicate(timeout=PATIENCE)
    return serving.returncode, stderr
