"""Standard streams that are closed, full or read by nobody; and Ctrl-C before anything runs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from host.tests.running import BONITO, PATIENCE, Bonito, Finished

FULL = "/dev/full"


def shell(bonito: Bonito, line: str) -> Finished:
    """Run a line of shell in which `bonito` is the command."""
    return bonito.program("/bin/sh", "-c", line.replace("bonito", shlex.quote(str(BONITO))))


def test_a_closed_stdin_asks_nobody(bonito: Bonito) -> None:
    done = shell(bonito, "unset BONITO_CREDENTIAL_API_KEY; bonito check <&-")
    assert done.code == 2
    assert "api_key" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", ["chat x", "check --credentials -"])
def test_a_closed_stdin_holds_nothing_to_read(bonito: Bonito, arguments: str) -> None:
    done = shell(bonito, f"bonito {arguments} <&-")
    assert done.code == 2
    assert done.stderr.startswith("error: ")


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing_else(bonito: Bonito, streams: str) -> None:
    done = shell(bonito, f"bonito models {streams}")
    assert done.code == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["providers", "list"], ["--help"], ["check", "--json"]])
def test_a_reader_who_has_gone_ends_the_command_quietly(
    bonito: Bonito, arguments: list[str]
) -> None:
    command = [str(BONITO), *arguments]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(
            command,
            env=bonito.environment(),
            stdin=subprocess.DEVNULL,
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode == 141
    assert "Traceback" not in done.stderr
    assert "error" not in done.stderr


@pytest.mark.parametrize("option", ["", "--json"])
def test_a_full_disk_is_no_defect(bonito: Bonito, option: str) -> None:
    done = shell(bonito, f"bonito providers list {option} >{FULL}")
    assert done.code == 1
    assert "No space left on device" in done.stderr
    assert "→" in done.stderr
    assert "defect" not in done.stderr


def test_where_nothing_at_all_can_be_written_the_code_still_tells(bonito: Bonito) -> None:
    assert shell(bonito, f"bonito providers list >{FULL} 2>{FULL}").code == 1


@pytest.mark.parametrize("command", [[str(BONITO)], [sys.executable, "-m", "bonito_host"]])
def test_interrupting_the_imports_leaves_as_interrupting_the_command_does(
    bonito: Bonito, command: list[str]
) -> None:
    # Whichever module is being imported when Ctrl-C comes: here it is this one.
    interrupting = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nsignal.pause()\n"
    (bonito.folder / "click.py").write_text(interrupting)
    done = bonito.program(*command, "providers", "list", PYTHONPATH=str(bonito.folder))
    assert done.code == 130
    assert done.stderr == "interrupted\n"
