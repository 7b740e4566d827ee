"""`bonito gateway groups`, `accept` and `withdraw`: failover from one place to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from bonito_host.accepted_groups import AcceptedGroup
from bonito_host.application import Application
from bonito_host.gateway_groups import (
    HEAD,
    GroupRefused,
    Member,
    members_of,
    open_proposals,
    require_acceptable,
)
from bonito_host.gateway_places import Gathered, gather
from bonito_host.options import common_options, store_options
from bonito_host.output import Output, printable
from bonito_host.store.errors import RecordExists
from bonito_host.store.groups import taken
from bonito_providers.errors import InvalidRequest
from bonito_providers.gateway import FailoverGroup

_WORDS = {"name": "NAME", "order": "--order"}
"""What the command calls the fields of a group."""


@click.command()
@common_options
@store_options
@click.pass_obj
def groups(application: Application, /) -> None:
    """List failover groups: one model in several places, proposed and accepted, side by side."""
    gathered = asyncio.run(gather(application))
    accepted = [(each, members_of(each, gathered.places)) for each in gathered.groups]
    proposed = [
        (each, members_of(each, gathered.places))
        for each in open_proposals(gathered.config, gathered.groups)
    ]
    output = application.output
    for group, members in accepted:
        output.text(f"Accepted: {group.name}")
        write_members(members, output, ordered=True)
    for proposal, members in proposed:
        output.text(f"Proposed: {proposal.name}")
        write_members(members, output, ordered=False)
        order = ",".join(proposal.members)
        output.text(f"  bonito gateway accept {proposal.name} --order {order}\n")
    output.document(
        {
            "accepted": [_document(*each) for each in accepted],
            "proposed": [_document(*each) for each in proposed],
            "unreachable": [vars(each) for each in gathered.unreachable],
        }
    )
    write_unreachable(gathered, output)
    if not accepted and not proposed:
        output.progress("No two routes lead to one model. `bonito connect` adds a connection.")


@click.command()
@common_options
@store_options
@click.argument("name")
@click.option(
    "--order",
    required=True,
    metavar="ROUTE,ROUTE…",
    help="The routes, the first to be tried first, with commas between them.",
)
@click.option("--replace", is_flag=True, help="Give an accepted group this order.")
@click.pass_obj
def accept(application: Application, /, *, name: str, order: str, replace: bool) -> None:
    """Accept a failover group: NAME is called at its first route, and at the next where that fails.

    A short name that led to one route alone leads to the group from then on.
    """
    output = application.output
    members = [each.strip() for each in order.split(",") if each.strip()]
    with _in_own_words():
        if not replace and name in {each.name for each in application.store.groups.all()}:
            # Said before anybody is asked; storing looks again.
            raise taken(name)
        gathered = asyncio.run(gather(application))
        write_unreachable(gathered, output)
        model = require_acceptable(name, members, (each.route for each in gathered.places))
        application.store.groups.save(name, members, model=model, replace=replace)
    group = AcceptedGroup(name=name, members=tuple(members), model=model)
    found = members_of(group, gathered.places)
    output.text(f"Accepted: {name}")
    write_members(found, output, ordered=True)
    output.document({"accepted": _document(group, found)})
    before = gathered.config.aliases.get(name)
    if before:
        output.progress(f"{name} led to {printable(before)} alone so far.")


@click.command()
@common_options
@store_options
@click.argument("name")
@click.pass_obj
def withdraw(application: Application, /, *, name: str) -> None:
    """Forget an accepted group; its routes stay under their own names."""
    application.store.groups.remove(name)
    application.output.document({"withdrawn": name})
    application.output.progress(f"{name} is withdrawn")


def write_members(members: Sequence[Member], output: Output, *, ordered: bool) -> None:
    """Write the members of a group as a table."""
    places = enumerate(members, start=1)
    output.table(HEAD, [each.row(place if ordered else None) for place, each in places])
    for each in members:
        if each.reason:
            output.text(f"  {printable(each.route)} is not called: {printable(each.reason)}")
    if ordered:
        output.text()


def write_unreachable(gathered: Gathered, output: Output) -> None:
    """Say which connections could not be asked."""
    for each in gathered.unreachable:
        output.progress(f"{each.connection} cannot be asked: {printable(each.reason)}")


@contextmanager
def _in_own_words() -> Iterator[None]:
    """Refuse as the rules do, by the names of this command's arguments."""
    try:
        yield
    except GroupRefused as error:
        message = f"{_WORDS[error.field]}: {error.problem}"
        raise InvalidRequest(message, hint=error.hint) from None
    except RecordExists as error:
        hint = "Add --replace to give it this order, or choose another name."
        raise RecordExists(f"NAME: {error.message}", hint=hint) from None


def _document(group: FailoverGroup, members: Sequence[Member]) -> dict[str, object]:
    return {"name": group.name, "members": [each.document() for each in members]}
