"""The page of the command line, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PAGE = "reference/command-line.md"
HEAD = """# The command line

Every command of the host and of the contract suite, as `--help` tells it. This page is made from
the commands themselves.

"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page."""
    files.append(File.generated(config, PAGE, content=HEAD + "\n".join(sections())))
    return files


def sections() -> Iterator[str]:
    """Yield a section for each command, groups before what is in them."""
    from bonito_contract_tests.command import main
    from bonito_host.root import bonito

    for group, name in ((bonito, "bonito"), (main, "bonito-contract")):
        yield from _sections(group, click.Context(group, info_name=name))


def _sections(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n"
    # As wide as a page shows it, whatever terminal builds it.
    context.terminal_width = context.max_content_width = 88
    yield f"```text\n{command.get_help(context)}\n```\n"
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        each = command.get_command(context, name)
        if each is not None:
            yield from _sections(each, click.Context(each, info_name=name, parent=context))
