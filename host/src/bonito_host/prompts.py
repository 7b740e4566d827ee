"""Questions at a terminal, drawn from a credential schema; they go to stderr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from bonito_host.forms import is_secret


def ask_one(title: str, choices: Mapping[str, str], *, preselected: str | None = None) -> str:
    """Ask for one of several choices; Return takes the preselected one, where there is one."""
    click.echo(f"{title}:", err=True)
    numbers = {str(number): value for number, value in enumerate(choices, start=1)}
    for number, value in numbers.items():
        mark = " (recommended)" if value == preselected and len(choices) > 1 else ""
        click.echo(f"  {number}. {choices[value] or value}{mark}", err=True)
    default = next((number for number, value in numbers.items() if value == preselected), None)
    offered = click.Choice(list(numbers))
    return numbers[click.prompt(f"{title} number", type=offered, default=default, err=True)]


def ask_fields(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the required fields that are not given, then offer each group of optional ones.

    What a group may stand in for may be left empty; then the group is asked for instead.
    """
    fields = dict(given)
    groups = schema.get("x-groups", ())
    replaced = {
        name
        for group in groups
        if all(field in fields for field in group["fields"])
        for name in _replaces(group)
    }
    required = tuple(name for name in schema.get("required", ()) if name not in replaced)
    for name in _missing(schema, required, fields):
        instead = [group["title"] for group in groups if name in _replaces(group)]
        if answer := _ask(schema, name, instead=instead):
            fields[name] = answer
    started = set(fields) - set(given)
    for group in groups:
        partly = any(name in fields for name in group["fields"])
        stands_in = any(name in required and name not in fields for name in _replaces(group))
        # Who gave everything that is required was not asking for questions.
        offered = started and not partly and not stands_in
        if partly or stands_in or (offered and click.confirm(f"Add {group['title']}?", err=True)):
            for name in _missing(schema, group["fields"], fields):
                fields[name] = _ask(schema, name)
    return fields


def _replaces(group: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(group.get("replaces", ()))


def _missing(
    schema: Mapping[str, Any], names: Mapping[str, Any] | tuple[str, ...], fields: Mapping[str, Any]
) -> Iterator[str]:
    for name in schema["properties"]:
        if name in names and name not in fields and "const" not in schema["properties"][name]:
            yield name


def _ask(schema: Mapping[str, Any], name: str, *, instead: Sequence[str] = ()) -> str:
    field = schema["properties"][name]
    if hint := field.get("description"):
        click.echo(f"  {hint}", err=True)
    if examples := field.get("examples"):
        click.echo(f"  For example: {examples[0]}", err=True)
    if instead:
        click.echo(f"  Leave it empty to give {' or '.join(instead)} instead.", err=True)
    answer: str = click.prompt(
        field.get("title", name),
        hide_input=is_secret(field),
        default="" if instead else None,
        show_default=False,
        type=str,
        err=True,
    )
    return answer.strip()
