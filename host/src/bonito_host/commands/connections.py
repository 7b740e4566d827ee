"""`bonito connections`: what is stored, and forgetting it."""

from __future__ import annotations

from dataclasses import asdict

import click

from bonito_host.application import Application
from bonito_host.options import common_options, store_options
from bonito_host.output import UNKNOWN
from bonito_host.store.connections import StoredConnection


@click.group(invoke_without_command=True)
@common_options
@store_options
@click.pass_context
def connections(context: click.Context) -> None:
    """List the stored connections; their credentials stay sealed."""
    if context.invoked_subcommand is not None:
        return
    application: Application = context.obj
    found = application.store.connections.all()
    application.output.document({"connections": [asdict(each) for each in found]})
    head = ("ID", "SERVICE", "PROVIDER", "USABLE", "CHECKED")
    application.output.table(head, [_row(each) for each in found])
    if not found:
        application.output.progress("Nothing is stored yet. Try: bonito connect")


@connections.command()
@common_options
@store_options
@click.argument("id")
@click.option("--forget", is_flag=True, help="Also where its deployments stay in the cloud.")
@click.pass_obj
def remove(application: Application, /, *, id: str, forget: bool) -> None:
    """Forget a stored connection and its plans. Nothing in the cloud is touched."""
    application.store.connections.remove(id, forget=forget)
    application.output.document({"removed": id})
    application.output.progress(f"{id} is forgotten")


def _row(found: StoredConnection) -> tuple[object, ...]:
    report = found.report or {}
    checked = found.checked_at[:16].replace("T", " ") if found.checked_at else UNKNOWN
    return found.id, found.title, found.provider, report.get("usable"), checked
