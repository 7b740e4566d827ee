"""What a command prints: data on stdout, as text or one JSON document, and the rest on stderr."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from bonito_providers.errors import BonitoError, InvalidCredentials, ProviderError

UNKNOWN = "unknown"
_UNSAFE = re.compile(r"[^\x20-\x7e]")


class Output:
    """Where a command writes.

    Args:
        as_json: Whether data is one JSON document.
        colour: Whether a terminal may be given colours; other streams never are.
    """

    def __init__(self, *, as_json: bool, colour: bool) -> None:
        self.as_json = as_json
        self._colour = None if colour else False

    def text(self, line: str = "") -> None:
        """Write a line for people; nothing in JSON."""
        if not self.as_json:
            click.echo(line, color=self._colour)

    def piece(self, text: str) -> None:
        """Write a piece of a line for people, at once; nothing in JSON."""
        if not self.as_json:
            click.echo(printable_lines(text), nl=False, color=self._colour)

    def document(self, value: object) -> None:
        """Write the command's JSON document, or one line of a stream; nothing in text."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, default=str))

    def progress(self, line: str) -> None:
        """Write a line on stderr: what is happening, what to know about the data."""
        click.echo(line, err=True, color=self._colour)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write a table for people, as wide as its contents; nothing in JSON."""
        for line in table_lines(head, rows):
            self.text(line)

    def error(self, error: BonitoError) -> None:
        """Write what went wrong and what mends it; in JSON also on stdout."""
        self.progress(click.style("error: ", fg="red") + printable(error.message))
        actions = error.actions if isinstance(error, ProviderError) else ()
        if error.hint and error.hint not in {action.instruction for action in actions}:
            self.progress(f"→ {printable(error.hint)}")
        for action in actions:
            self.progress(f"→ {printable(action.instruction)} {action.url or ''}".rstrip())
        details = _details(error)
        if details:
            self.progress("  " + ", ".join(f"{key} {value}" for key, value in details.items()))
        self.document({"error": error_document(error)})


def error_document(error: BonitoError) -> dict[str, Any]:
    """Return an error as JSON takes it."""
    document: dict[str, Any] = {
        "class": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
    }
    if isinstance(error, InvalidCredentials):
        document["problems"] = error.problems
    if isinstance(error, ProviderError):
        names = ("provider", "operation", "status", "code", "request_id", "retry_after")
        document |= {name: getattr(error, name) for name in names}
        document["actions"] = [action.model_dump(mode="json") for action in error.actions]
    return document


def table_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a table's lines: columns as wide as their widest cell, None written as unknown."""
    written = [[cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *written, strict=True)]
    styled = click.style("  ".join(_padded(head, widths)).rstrip(), bold=True)
    return [styled, *("  ".join(_padded(row, widths)).rstrip() for row in written)]


def cell(value: object) -> str:
    """Return a value as a table writes it: never empty where it is unknown."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(cell(item) for item in value) or "none"
    return printable(str(value))


def printable(text: str) -> str:
    """Return the text without control characters.

    Names and messages come from services; an escape sequence in them would act on the terminal.
    """
    return _UNSAFE.sub(lambda found: _visible(found.group()), text)


def printable_lines(text: str) -> str:
    """Return the text without control characters, its line breaks kept."""
    return "\n".join(map(printable, text.split("\n")))


def _visible(character: str) -> str:
    # Controls, and marks that reverse or hide what stands beside them.
    if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}:
        return " " if character in "\n\r\t" else f"\\u{ord(character):04x}"
    return character


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [text.ljust(width) for text, width in zip(row, widths, strict=True)]


def _details(error: BonitoError) -> Mapping[str, Any]:
    if not isinstance(error, ProviderError):
        return {}
    given = {
        "status": error.status,
        "code": error.code and printable(error.code),
        "request id": error.request_id and printable(error.request_id),
        "retry after": None if error.retry_after is None else f"{error.retry_after:g} s",
    }
    return {name: value for name, value in given.items() if value is not None}
