"""Questions at a terminal, drawn from a credential schema; they go to stderr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from bonito_host.forms import is_secret


def ask_one(title: str, choices: Mapping[str, str], *, preselected: str) -> str:
    """Ask for one of several choices; Return takes the preselected one."""
    click.echo(f"{title}:", err=True)
    numbers = {str(number): value for number, value in enumerate(choices, start=1)}
    for number, value in numbers.items():
        mark = " (recommended)" if value == preselected and len(choices) > 1 else ""
        click.echo(f"  {number}. {choices[value] or value}{mark}", err=True)
    default = next(number for number, value in numbers.items() if value == preselected)
    answer = click.prompt("Number", type=click.Choice(list(numbers)), default=default, err=True)
    return numbers[answer]


def ask_fields(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the required fields that are not given, then offer each group of optional ones."""
    fields = dict(given)
    replaced = {
        name
        for group in schema.get("x-groups", ())
        if all(field in fields for field in group["fields"])
        for name in group.get("replaces", ())
    }
    required = tuple(name for name in schema.get("required", ()) if name not in replaced)
    for name in _missing(schema, required, fields):
        fields[name] = _ask(schema, name)
    started = set(fields) - set(given)
    for group in schema.get("x-groups", ()):
        partly = any(name in fields for name in group["fields"])
        # Who gave everything that is required was not asking for questions.
        wanted = partly or (started and click.confirm(f"Add {group['title']}?", err=True))
        for name in _missing(schema, group["fields"], fields) if wanted else ():
            fields[name] = _ask(schema, name)
    return fields


def _missing(
    schema: Mapping[str, Any], names: Mapping[str, Any] | tuple[str, ...], fields: Mapping[str, Any]
) -> Iterator[str]:
    for name in schema["properties"]:
        if name in names and name not in fields and "const" not in schema["properties"][name]:
            yield name


def _ask(schema: Mapping[str, Any], name: str) -> str:
    field = schema["properties"][name]
    if hint := field.get("description"):
        click.echo(f"  {hint}", err=True)
    if examples := field.get("examples"):
        click.echo(f"  For example: {examples[0]}", err=True)
    secret = is_secret(field)
    answer: str = click.prompt(field.get("title", name), hide_input=secret, type=str, err=True)
    return answer.strip()
