"""Every command of the documentation runs, and prints what the page shows.

At night each page is followed from its beginning to its end, with what it installs in an empty
environment. By day it is the commands of some pages, without what takes long.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from bonito_contract_tests.command import main as bonito_contract
from bonito_host.root import bonito
from host.tests.forks import Forks, start_forks
from tests.documentation.blocks import PAGES, Block, all_blocks, blocks_of, name_of
from tests.documentation.console import Command, agrees, commands_of
from tests.documentation.installing import Wheels
from tests.documentation.worlds import World, world
from tests.workspace.distributions import ROOT

OURS = {"bonito": bonito, "bonito-contract": bonito_contract}
BY_DAY = ("docs/tutorials/first-provider.md",)
"""Pages that are followed each day as well; most others load LiteLLM again and again."""
WITH_COMMANDS = [page for page in PAGES if list(blocks_of(page, "console"))]
CI = (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with start_forks() as started:
        yield started


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    return Wheels(tmp_path_factory.mktemp("wheels"))


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_DAY)
def test_the_commands_of_a_page_print_what_it_shows(
    name: str, tmp_path: Path, forks: Forks, wheels: Wheels
) -> None:
    blocks = [block for block in blocks_of(ROOT / name) if block.at_night is None]
    with world(tmp_path, forks, wheels) as reader:
        read(reader, blocks)


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_all_commands_of_a_page_print_what_it_shows(
    page: Path, tmp_path: Path, forks: Forks, wheels: Wheels
) -> None:
    with world(tmp_path, forks, wheels) as reader:
        read(reader, list(blocks_of(page)))


def read(reader: World, blocks: list[Block]) -> None:
    """Do what the blocks tell, one after the other."""
    for block in blocks:
        if block.file is not None:
            reader.file(block.file).write_text(block.text)
        if block.excerpt_of is not None:
            written = yaml.safe_load(reader.file(block.excerpt_of).read_text())
            assert holds(written, yaml.safe_load(block.text)), block
        if block.language == "console":
            follow(reader, block)


def follow(reader: World, block: Block) -> None:
    """Run the commands of a block as the reader would, but for those that CI runs itself."""
    commands = [each for each in commands_of(block.text) if plain(each) not in block.run_by_ci]
    with reader.shell():
        for text in block.before:
            try_out(reader, Command(text, ""), block)
        with reader.meanwhile(block.meanwhile):
            for command in commands:
                last = command is commands[-1]
                try_out(reader, command, block, exits=block.exits if last else None)


def try_out(reader: World, command: Command, block: Block, *, exits: int | None = None) -> None:
    """Run a command, and compare how it ends and what it prints with the page."""
    done = reader.run(command)
    seen = f"{block}: {command.text}\n{done.stdout}{done.stderr}"
    if exits is not None:
        assert done.code == exits, seen
    else:
        assert (done.code == 0) is not command.fails, seen
    assert not command.shown or reader.agrees(command.shown, done), seen


def plain(command: Command) -> str:
    """The command without its remark."""
    return shlex.join(command.words)


def test_what_is_left_to_ci_is_what_it_makes() -> None:
    (made,) = re.findall(r"^exec make (.*)$", CI, re.MULTILINE)
    for block in all_blocks("console"):
        there = {plain(command) for command in commands_of(block.text)}
        assert there >= {*block.run_by_ci}, block
        for command in block.run_by_ci:
            program, target = command.split()
            assert program == "make"
            assert target in made.split(), block


def test_a_block_waits_for_the_night_only_where_the_page_is_followed_by_day() -> None:
    assert {name_of(block.page) for block in all_blocks() if block.at_night} == {*BY_DAY}


def holds(whole: Any, part: Any) -> bool:
    """Whether a document holds what is shown of it, at whatever depth."""
    inner = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
    return _covers(whole, part) or any(holds(each, part) for each in inner)


def _covers(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and _covers(whole[name], value) for name, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(
            any(_covers(each, item) for each in whole) for item in part
        )
    return bool(whole == part)


@pytest.mark.parametrize(
    ("part", "expected"),
    [({"b": 1}, True), ([{"b": 1}], True), ({"b": 2}, False), ({"c": 1}, False), ([3], False)],
)
def test_an_excerpt_has_to_be_in_the_file(part: object, *, expected: bool) -> None:
    assert holds({"a": [{"b": 1, "d": 2}, {"b": 3}]}, part) is expected


def ours() -> Iterator[tuple[Block, Command, list[str]]]:
    for block in all_blocks("console"):
        for command in commands_of(block.text):
            words = [word for word in command.words if "=" not in word.partition("/")[0]]
            if words and Path(words[0]).name in OURS:
                yield block, command, words


def test_commands_are_spelt_as_the_program_takes_them() -> None:
    found = list(ours())
    assert found
    for block, command, words in found:
        group: click.Command = OURS[Path(words[0]).name]
        try:
            _read(group, words[1:])
        except click.ClickException as error:
            pytest.fail(f"{block}: {shlex.join(words)} ({command.text}): {error.format_message()}")


def _read(command: click.Command, words: list[str]) -> None:
    """Read a command line as the program does, without running it."""
    context = click.Context(command, resilient_parsing=True)
    while isinstance(command, click.Group):
        name, *words = words
        found = command.get_command(context, name)
        if found is None:
            raise click.UsageError(f"no command {name}")
        command = found
        context = click.Context(command, info_name=name, parent=context, resilient_parsing=True)
    command.make_parser(context).parse_args(list(words))


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("one\n", "one\n", True),
        ("one\n", "one\ntwo\n", False),
        ("one\n…\n", "one\ntwo\nthree\n", True),
        ("…\nthree\n", "one\ntwo\nthree\n", True),
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a\nb c\n", False),
        ("a.c\n", "abc\n", False),
        ("one   \n", "one\n", True),
    ],
)
def test_an_ellipsis_stands_for_any_text_and_nothing_else_does(
    shown: str, printed: str, *, expected: bool
) -> None:
    assert agrees(shown, printed) is expected


def test_a_command_goes_on_after_a_backslash_and_ends_before_a_remark() -> None:
    first, second = commands_of("$ curl x \\\n    -H 'A: b'  # why\nout\n$ next\n")
    assert first.words == ["curl", "x", "-H", "A: b"]
    assert (first.shown, second.text) == ("out\n", "next")


def test_a_console_block_without_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with a command"):
        list(commands_of("pip install x\n"))
