"""Who runs the host finds on one page what they can set."""

from __future__ import annotations

import inspect
import re

import click

from bonito_host import settings
from bonito_host.root import bonito
from tests.workspace.distributions import ROOT

PAGE = (ROOT / "docs/how-to/run-the-host.md").read_text("utf-8")
ELSEWHERE = ("BONITO_CREDENTIAL_", "BONITO_PLUGINS_", "BONITO_WRAPPERS")
"""Of single commands, and of plugins, which have pages of their own."""


def test_every_variable_of_the_host_stands_there() -> None:
    read = set(re.findall(r'"(BONITO_[A-Z_]+)"', inspect.getsource(settings)))
    assert "BONITO_STORE" in read
    wanted = {each for each in read if not each.startswith(ELSEWHERE)}
    assert sorted(each for each in wanted if f"`{each}" not in PAGE) == []


def test_every_option_that_only_serving_has_stands_there() -> None:
    own = options("serve") - options("check") - options("plan")
    assert "--public-url" in own
    assert sorted(each for each in own if each not in PAGE) == []


def options(name: str) -> set[str]:
    command = bonito.get_command(click.Context(bonito), name)
    assert command is not None
    return {name for each in command.params for name in each.opts if name.startswith("--")}
