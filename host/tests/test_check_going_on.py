"""`bonito check` and `bonito connect` print each item when it is known, to a pipe or a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from bonito_emulators.azure import AzureCloud
from host.tests.holding import Held
from host.tests.running import BONITO, PATIENCE, Bonito

FIRST = "/openai/v1/models"


@contextmanager
def holding(cloud: AzureCloud) -> Iterator[Held]:
    held = Held(FIRST)
    cloud.faults.add(held.fault)
    try:
        yield held
    finally:
        held.go.set()
        cloud.faults.clear()


def read_until(lines: IO[str], words: str) -> list[str]:
    read: list[str] = []
    while not read or words not in read[-1]:
        line = lines.readline()
        assert line, read
        read.append(line)
    return read


@pytest.mark.parametrize("command", [("check",), ("connect", "--store", "store.db", "mine")])
def test_a_pipe_carries_the_first_item_before_the_second_question_is_answered(
    bonito: Bonito, cloud: AzureCloud, command: tuple[str, ...]
) -> None:
    with holding(cloud) as held:
        process = bonito.start(*command)
        assert process.stdout is not None
        with process.stdout, process:
            read = read_until(process.stdout, "Authenticate")
            assert held.waits
            assert not any("List deployments" in line for line in read)
            held.go.set()
            rest = process.stdout.read()
            _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "List deployments" in rest
    assert "Authenticate" not in rest
    assert "can: " in rest


def test_a_terminal_shows_it_too(bonito: Bonito, cloud: AzureCloud) -> None:
    with holding(cloud) as held:
        screen, terminal = pty.openpty()
        process = subprocess.Popen(
            [str(BONITO), "check"],
            env=bonito.environment(),
            cwd=bonito.folder,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.DEVNULL,
        )
        os.close(terminal)
        with process, os.fdopen(screen, "r") as lines:
            read_until(lines, "Authenticate")
            assert held.waits
            held.go.set()
            read_until(lines, "can: ")
            assert process.wait(PATIENCE) == 0


def test_json_stays_one_document(bonito: Bonito) -> None:
    done = bonito.run("check", "--json")
    names = [item["name"] for item in json.loads(done.stdout)["items"]]
    assert names[:2] == ["reach", "authenticate"]
