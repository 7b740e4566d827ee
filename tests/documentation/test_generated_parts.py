"""What the build adds to the pages: excerpts of the source, pages of it, and the command line."""

from __future__ import annotations

import ast

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.root import bonito
from docs._build.command_line import sections
from docs._build.source_excerpts import excerpt
from docs._build.source_pages import LINK
from tests.documentation.blocks import PAGES, blocks_of

MODULE = '''"""A module."""

import functools

LIMIT = 3
"""How many."""


@functools.cache
def read(
    name: str,
) -> str:
    return name


class Row:
    id: str
'''


def test_an_excerpt_is_the_definition_with_its_decorators_and_nothing_else() -> None:
    wanted = "@functools.cache\ndef read(\n    name: str,\n) -> str:\n    return name"
    assert excerpt(MODULE, ["read"]) == wanted


def test_excerpts_come_in_the_order_of_the_source() -> None:
    assert excerpt(MODULE, ["Row", "LIMIT"]) == "LIMIT = 3\n\n\nclass Row:\n    id: str"


def test_an_excerpt_without_names_is_the_whole_file() -> None:
    assert excerpt(MODULE, []) == MODULE.rstrip("\n")


def test_a_name_that_is_not_there_stops_the_build() -> None:
    with pytest.raises(LookupError, match="gone"):
        excerpt(MODULE, ["read", "gone"])


@given(st.lists(st.sampled_from(["LIMIT", "read", "Row"]), min_size=1))
def test_whatever_is_chosen_is_code_that_defines_it(names: list[str]) -> None:
    found = ast.parse(excerpt(MODULE, names)).body
    assert len(found) == len(set(names))


@pytest.mark.parametrize(
    ("markdown", "targets"),
    [
        ("[a](../../core/x.py) [b](../y.md)", ["../../core/x.py", "../y.md"]),
        ("[a](https://example.com/../x.py)", []),
        ("[a](y.md#place)", []),
        ("![a](../pictures/a.png)", ["../pictures/a.png"]),
    ],
)
def test_links_upwards_are_found_and_others_left_alone(markdown: str, targets: list[str]) -> None:
    assert [match["target"] for match in LINK.finditer(markdown)] == targets


def test_the_page_of_the_command_line_has_every_command() -> None:
    text = "\n".join(sections())
    for name in bonito.list_commands(click.Context(bonito)):
        assert f"## bonito {name}\n" in text
    assert "## bonito gateway accept\n" in text
    assert "## bonito-contract run\n" in text
    assert "--credentials" in text


def test_blocks_are_found_with_what_is_said_above_them() -> None:
    blocks = [block for page in PAGES for block in blocks_of(page)]
    assert {block.language for block in blocks} >= {"console", "python", "text", "toml", "yaml"}
    assert any(block.exits == 1 for block in blocks)
    assert any(block.file == "policy.toml" for block in blocks)
    assert any(block.before and block.exits for block in blocks)
    assert any(block.at_night for block in blocks)
    assert any(block.meanwhile and block.before for block in blocks)
    assert any(block.run_by_ci == ("make test",) for block in blocks)
