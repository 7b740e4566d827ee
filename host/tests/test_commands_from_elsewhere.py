"""Commands that other distributions bring: found by their entry points, loaded at need."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from host.tests.running import Bonito, Finished

WHISTLE = """
import pathlib
import click

pathlib.Path("loaded").touch()


@click.command()
@click.argument("tune")
def whistle(tune):
    '''Whistle a TUNE.'''
    click.echo(f"whistling {tune}")
"""


class Machine:
    """A machine with further distributions, each of one module that brings commands."""

    def __init__(self, folder: Path) -> None:
        self.packages = folder / "packages"
        self.bonito = Bonito(folder, {"PYTHONPATH": str(self.packages)})
        self.mark = folder / "loaded"

    def install(self, name: str, code: str, **commands: str) -> None:
        metadata = self.packages / f"{name}-1.0.dist-info"
        metadata.mkdir(parents=True)
        (self.packages / f"{name}.py").write_text(code)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n")
        points = [f"{command} = {name}:{target}" for command, target in commands.items()]
        (metadata / "entry_points.txt").write_text("\n".join(["[bonito_commands]", *points]))

    def run(self, *arguments: str, **variables: str) -> Finished:
        return self.bonito.run(*arguments, **variables)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_distributions_command_is_listed_and_run(machine: Machine) -> None:
    machine.install("whistling", WHISTLE, whistle="whistle")
    listed = machine.run("--help")
    assert listed.code == 0
    assert "Whistle a TUNE." in listed.stdout
    ran = machine.run("whistle", "reveille")
    assert (ran.code, ran.stdout) == (0, "whistling reveille\n")


def test_wrong_usage_of_it_is_told_as_of_every_command(machine: Machine) -> None:
    machine.install("whistling", WHISTLE, whistle="whistle")
    refused = machine.run("whistle", "--json")
    assert refused.code == 2
    assert "bonito whistle --help" in refused.stdout + refused.stderr


def test_other_commands_do_not_load_it(machine: Machine) -> None:
    machine.install("whistling", WHISTLE, whistle="whistle")
    assert machine.run("providers", "list").code == 0
    assert not machine.mark.exists()
    machine.run("whistle", "reveille")
    assert machine.mark.exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('out of order')", "out of order at whistling.py:1"),
        ("raise SystemExit(3)", "sys.exit(3)"),
        ("whistle = 'a tune'", "no command of click"),
        ("", "whistle"),
    ],
)
def test_one_that_does_not_load_stops_nobody_and_is_said(
    machine: Machine, code: str, said: str
) -> None:
    machine.install("whistling", code, whistle="whistle")
    listed = machine.run("--help")
    assert listed.code == 0
    assert "Cannot be used: whistling does not" in listed.stdout
    for arguments in (("reveille", "--loud"), ("--help",)):
        refused = machine.run("whistle", *arguments)
        assert refused.code == 1
        assert said in refused.stderr
        assert "pip uninstall" in refused.stderr
        assert "Traceback" not in refused.stderr


def test_the_hosts_own_command_is_meant_where_another_has_its_name(machine: Machine) -> None:
    machine.install("whistling", WHISTLE, providers="whistle")
    assert "azure_foundry" in machine.run("providers", "list").stdout
    listed = machine.run("--help").stdout
    assert "Whistle a TUNE." not in listed
    assert listed.count("\n  providers ") == 1
    assert not machine.mark.exists()


def test_of_two_with_one_name_neither_runs(machine: Machine) -> None:
    machine.install("whistling", WHISTLE, whistle="whistle")
    machine.install("whistling_too", WHISTLE, whistle="whistle")
    refused = machine.run("whistle", "reveille")
    assert refused.code == 1
    assert "whistling, whistling-too all bring it" in refused.stderr
    assert not machine.mark.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"BONITO_PLUGINS_BLOCKED": "Whistling"},
        {"BONITO_PLUGINS_ALLOWED": "bonito-scaffold"},
        {"BONITO_PLUGINS_ALLOWED": ""},
    ],
    ids=["blocked", "not allowed", "nobody allowed"],
)
def test_code_that_the_operator_does_not_let_load_does_not_run(
    machine: Machine, variables: dict[str, str]
) -> None:
    machine.install("whistling", WHISTLE, whistle="whistle")
    assert "whistle" not in machine.run("--help", **variables).stdout
    assert machine.run("whistle", "reveille", **variables).code == 2
    assert not machine.mark.exists()


def test_help_loads_no_template_engine(machine: Machine) -> None:
    program = (
        "import sys\n"
        "from bonito_host.root import run\n"
        "code = run(['--help'])\n"
        "heavy = ('copier', 'jinja2', 'yaml', 'httpx', 'litellm')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = machine.bonito.program(sys.executable, "-c", program)
    assert "new-provider" in done.stdout
    assert done.stderr == "[]\n"
