"""Options that say what is to be deployed."""

from __future__ import annotations

from collections.abc import Iterable

import click

from bonito_host.options import Command
from bonito_providers.deployment import DeploymentRequest

_OPTIONS = (
    click.option("--version", metavar="VERSION", help="Of the model; the plan chooses otherwise."),
    click.option("--sku", metavar="NAME", help="How to deploy; the plan chooses otherwise."),
    click.option(
        "--capacity",
        type=click.IntRange(min=1),
        help="In the SKU's own unit; the plan chooses within quota otherwise.",
    ),
    click.option("--name", metavar="NAME", help="The deployment's name."),
    click.option(
        "--field",
        "fields",
        metavar="FIELD=VALUE",
        multiple=True,
        help="What the provider asks for beyond these; may be repeated.",
    ),
    click.option(
        "--consent",
        "consents",
        metavar="NAME",
        multiple=True,
        help="A legal or billing consent, given by its name; may be repeated.",
    ),
    click.option("--update", is_flag=True, help="Change what stands under that name."),
    click.option(
        "--adopt", is_flag=True, help="Take over what stands; MODEL is the deployment's name then."
    ),
)
_SINGLE = ("version", "sku", "capacity", "name")
_REPEATED = ("fields", "consents")
_FLAGS = ("update", "adopt")


def deployment_options(command: Command) -> Command:
    """Give a command what `requested` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def requested(context: click.Context, model: str) -> DeploymentRequest:
    """Return the request that the options make."""
    given = context.params
    adopt = given["adopt"]
    return DeploymentRequest(
        model=None if adopt else model,
        name=given["name"] or (model if adopt else None),
        version=given["version"],
        sku=given["sku"],
        capacity=given["capacity"],
        fields=dict(map(_split, given["fields"])),
        consents=frozenset(given["consents"]),
        update=given["update"],
        adopt=adopt,
    )


def refuse_options(context: click.Context) -> None:
    """Refuse options beside the id of a plan, which says everything already."""
    given: Iterable[str] = [
        name for name in (*_SINGLE, *_REPEATED, *_FLAGS) if context.params[name]
    ]
    if given:
        raise click.UsageError("A plan's id says everything: leave the other options out.")


def _split(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise click.UsageError("--field takes FIELD=VALUE.")
    return name, value
