"""`bonito delete`: remove a deployment from the cloud and stay until it is gone."""

from __future__ import annotations

import sys

import click

from bonito_host.application import Application
from bonito_host.commands.deploy import write_outcome
from bonito_host.connecting import connect_stored, run_connected
from bonito_host.options import common_options, store_options
from bonito_host.progress import Progress
from bonito_host.reconciling import reconcile
from bonito_host.removal import locate, remove
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment


@click.command()
@common_options
@store_options
@click.argument("connection")
@click.argument("deployment")
@click.option("--include-unowned", is_flag=True, help="Also what this project did not make.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(
    application: Application,
    /,
    *,
    connection: str,
    deployment: str,
    include_unowned: bool,
    yes: bool,
) -> None:
    """Delete DEPLOYMENT. What is gone already is gone; run it again after a crash."""
    opened = connect_stored(application, connection)
    if not yes:
        _ask(f"Delete {deployment} of {connection}?")
    store, output = application.store, application.output

    async def work(opened: Connection) -> Deployment:
        ref, stored = await locate(store, opened, deployment)
        await reconcile(store, opened, output.progress, besides=stored.id if stored else None)
        with Progress(deployment, output) as display:
            return await remove(
                store,
                opened,
                ref,
                stored,
                include_unowned=include_unowned,
                progress=display.show,
            )

    gone = run_connected(opened, work)
    output.document({"deployment": gone.model_dump(mode="json")})
    write_outcome(gone, output)


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to ask: add --yes to delete.")
    click.confirm(question, abort=True, err=True)
