"""Every command of the documentation runs, and prints what the page shows."""

from __future__ import annotations

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
from tests.documentation.worlds import World, world

OURS = {"bonito": bonito, "bonito-contract": bonito_contract}
FIRST = "first-provider.md"
RUN = [page for page in PAGES if any(each.not_run is None for each in blocks_of(page, "console"))]
LEFT = [block for block in all_blocks("console") if block.not_run is not None]


def _by_day_or_night(page: Path) -> Any:
    """Run the tutorial's commands each day, the other pages' at night: many load LiteLLM."""
    marks = () if page.name == FIRST else pytest.mark.nightly
    return pytest.param(page, marks=marks, id=name_of(page))


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with start_forks() as started:
        yield started


@pytest.mark.slow
@pytest.mark.parametrize("page", [_by_day_or_night(page) for page in RUN])
def test_the_commands_of_a_page_print_what_it_shows(
    page: Path, tmp_path: Path, forks: Forks
) -> None:
    with world(tmp_path, forks) as reader:
        for block in blocks_of(page):
            if block.file is not None:
                reader.file(block.file).write_text(block.text)
            if block.excerpt_of is not None:
                written = yaml.safe_load(reader.file(block.excerpt_of).read_text())
                assert holds(written, yaml.safe_load(block.text)), block
            if block.language == "console" and block.not_run is None:
                follow(reader, block)


def follow(reader: World, block: Block) -> None:
    """Run the commands of a block as the reader would."""
    for text in block.before:
        assert reader.run(Command(text, "")).code == 0, text
    commands = list(commands_of(block.text))
    for command in commands:
        done = reader.run(command)
        seen = f"{block}: {command.text}\n{done.stdout}{done.stderr}"
        if block.exits is not None and command is commands[-1]:
            assert done.code == block.exits, seen
        else:
            assert (done.code == 0) is not command.fails, seen
        assert not command.shown or reader.agrees(command.shown, done), seen


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
    for block in LEFT:
        for command in commands_of(block.text):
            words = [word for word in command.words if "=" not in word.partition("/")[0]]
            if words and Path(words[0]).name in OURS:
                yield block, command, words


def test_commands_that_are_left_alone_are_spelt_as_the_program_takes_them() -> None:
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
