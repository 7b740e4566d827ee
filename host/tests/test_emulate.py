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

pytestmark = pytest.mark.slow

CLOUDS = {"aws", "azure", "gcp", "openai_compatible"}
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
    done = alone.run("emulate", "--cloud", "azure", "--", str(BONITO), "check", **key)
    assert done.code == 3


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_a_command_is_given_the_credentials_of_the_cloud_that_is_named(
    alone: Bonito, cloud: str
) -> None:
    done = alone.run("emulate", "--cloud", cloud, "--", str(BONITO), "check", "--json")
    assert done.code == 0, done.stderr
    assert done.document["usable"]


def test_a_cloud_that_is_not_emulated_is_refused_with_those_that_are(alone: Bonito) -> None:
    done = alone.run("emulate", "--cloud", "nowhere", "--", str(BONITO), "check")
    assert done.code == 2
    assert "There are aws, azure, gcp, openai_compatible" in done.stderr


def test_a_command_that_does_not_exist_is_wrong_usage(alone: Bonito) -> None:
    done = alone.run("emulate", "--", "no-such-command-anywhere")
    assert done.code == 2
    assert "no-such-command-anywhere" in done.stderr


def test_without_a_command_it_says_how_to_get_there_and_shows_who_comes(alone: Bonito) -> None:
    serving = alone.start("emulate", "--cloud", "azure", "--json")
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


TOLD = """
import signal, sys
def told(number, frame):
    sys.exit(number + 50)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, told if sys.argv[1] == "handles" else signal.SIG_DFL)
print("ready", flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("way", ["handles", "ends"])
def test_a_signal_to_end_reaches_the_command_and_leaves_nothing_behind(
    alone: Bonito, number: signal.Signals, way: str
) -> None:
    (temporary := alone.folder / "temporary").mkdir()
    command = ("emulate", "--", sys.executable, "-c", TOLD, way)
    running = alone.start(*command, TMPDIR=str(temporary))
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    assert list(temporary.iterdir())
    running.send_signal(number)
    # The command has stdout as well: this ends when both have.
    _, stderr = running.communicate(timeout=PATIENCE)
    assert running.returncode == (number + 50 if way == "handles" else number + 128)
    assert list(temporary.iterdir()) == []
    assert "Traceback" not in stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_stops_the_serving_and_leaves_nothing_behind(
    alone: Bonito, number: signal.Signals
) -> None:
    (temporary := alone.folder / "temporary").mkdir()
    serving = alone.start("emulate", TMPDIR=str(temporary))
    assert serving.stdout is not None
    assert serving.stdout.readline().startswith("export ")
    assert list(temporary.iterdir())
    serving.send_signal(number)
    _, stderr = serving.communicate(timeout=PATIENCE)
    assert serving.returncode == number + 128
    assert list(temporary.iterdir()) == []
    assert "0 requests served" in stderr


def taken(emulation: bonito_emulators.Emulation) -> Emulation:
    """Mypy checks here that what is installed is what the host takes it for."""
    return emulation


def test_the_installed_scenarios_are_found_by_their_entry_points() -> None:
    stage = prepare()
    assert isinstance(stage.emulation, bonito_emulators.Emulation)
    assert taken(stage.emulation).log.requests == []
    assert {each.cloud for each in stage.connections} == CLOUDS


def _interrupt(serving: subprocess.Popen[str]) -> tuple[int, str]:
    serving.send_signal(signal.SIGINT)
    _, stderr = serving.communicate(timeout=PATIENCE)
    return serving.returncode, stderr
