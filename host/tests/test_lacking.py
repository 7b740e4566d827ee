"""What is not installed is named with what installs it, and is no defect of the host."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from host.tests.running import Bonito, Finished

LACKING = """
import sys
sys.modules[sys.argv[1]] = None
from bonito_host.cli import main
main(sys.argv[2:])
"""


def lacking(bonito: Bonito, module: str, *arguments: str) -> Finished:
    return bonito.program(sys.executable, "-c", LACKING, module, *arguments)


@pytest.mark.parametrize("command", [("emulate", "--", "true"), ("demo",)])
def test_emulated_clouds_without_their_server_name_the_extra(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = lacking(Bonito(tmp_path), "bonito_emulators", *command)
    assert done.code == 2
    assert "need bonito_emulators, which is not installed" in done.stderr
    assert '"bonito-openai-compatible[conformance]"' in done.stderr
    assert "defect" not in done.stderr


def test_a_call_without_litellm_names_the_extra_of_the_gateway(bonito: Bonito) -> None:
    done = lacking(bonito, "litellm", "chat", "DeepSeek-V3.1", "hello")
    assert done.code == 1
    assert "bonito-host[gateway]" in done.stderr
    assert "defect" not in done.stderr


def test_a_demonstration_without_any_provider_for_it_says_so(tmp_path: Path) -> None:
    done = Bonito(tmp_path).run("demo", BONITO_PLUGINS_ALLOWED="nobody")
    assert done.code == 2
    assert "No provider is installed for what is emulated" in done.stderr


@pytest.mark.slow
def test_a_demonstration_plays_what_is_installed(tmp_path: Path) -> None:
    done = Bonito(tmp_path).run("demo", BONITO_PLUGINS_ALLOWED="bonito-openai-compatible")
    assert done.code == 0, done.stdout + done.stderr
    assert "Left out: aws" in done.stdout
    assert "by AsyncOpenAI/" in done.stdout
    assert "--cloud aws" not in done.stdout
