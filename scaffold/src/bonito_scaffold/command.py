"""`bonito new-provider`: a package that is conformant as written, and what to do with it next."""

from __future__ import annotations

import re
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

import click

NAME = re.compile(r"[a-z][a-z0-9_]{1,31}")
"""A provider's name by the contract, and no longer than lines of code can bear."""


@click.command("new-provider")
@click.argument("name", required=False)
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="What people call the service.")
@click.option("--host", metavar="HOST", help="The host name of its API.")
def new_provider(
    name: str | None, target: Path | None, title: str | None, host: str | None
) -> None:
    """Write a provider package for NAME to TARGET, conformant as written.

    What is left out is asked for at a terminal, and guessed elsewhere.
    """
    name = name or _asked("Name of the provider, such as acme").strip()
    if not name:
        raise click.UsageError("Name the provider, as in `bonito new-provider acme`.")
    _refuse_name(name)
    folder = target or Path(f"bonito-{name.replace('_', '-').strip('-')}")
    _refuse_folder(folder)
    answers = {
        "name": name,
        "title": (title or _asked("What people call the service [by its name]")).strip(),
        "host": (host or _asked("Host name of its API [an example's]")).strip(),
    }
    _write(folder, {question: answer for question, answer in answers.items() if answer})
    _say_next(folder)


def _asked(question: str) -> str:
    """Return what a person at a terminal answers; nothing where there is nobody to ask."""
    if not sys.stdin.isatty():
        return ""
    return str(click.prompt(question, default="", show_default=False, err=True))


def _refuse_name(name: str) -> None:
    if not NAME.fullmatch(name):
        near = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        meant = f" Did you mean {near}?" if NAME.fullmatch(near) else ""
        raise click.UsageError(
            f"{name!r} is no provider's name: write 2 to 32 small letters, digits and underscores, "
            f"a letter first.{meant}"
        )
    if find_spec(f"bonito_{name}") is not None:
        raise click.UsageError(f"bonito_{name} is installed already: choose another name.")


def _refuse_folder(folder: Path) -> None:
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise click.UsageError(f"{folder} exists and is not an empty folder: nothing was written.")


def _write(folder: Path, answers: dict[str, str]) -> None:
    # Loaded here, since the list of commands has to come up at once.
    from copier import run_copy

    from bonito_scaffold import TEMPLATE

    try:
        run_copy(str(TEMPLATE), folder, data=answers, defaults=True, quiet=True)
    except ValueError as error:  # an answer that the template refuses
        raise click.UsageError(f"{error}; nothing was written.") from None


def _say_next(folder: Path) -> None:
    click.echo(f"{folder} is a provider package, conformant as it is. Next:")
    for command in (f"cd {shlex.quote(str(folder))}", 'pip install -e ".[dev]"', "pytest"):
        click.echo(f"  {command}")
    click.echo("Then follow its README.md from one FILL IN to the next.")
