"""`bonito verify`: prove a deployment by one short call."""

from __future__ import annotations

import asyncio

import click

from bonito_host.application import Application
from bonito_host.commands.chat import find
from bonito_host.commands.deploy import exit_code, write_outcome
from bonito_host.connecting import connect_stored, run_connected
from bonito_host.options import common_options, store_options
from bonito_host.reconciling import reconcile
from bonito_host.store.plans import newest
from bonito_host.store.status import PlanStatus
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, State
from bonito_providers.waiting import verify as prove


@click.command()
@common_options
@store_options
@click.argument("connection")
@click.argument("deployment")
@click.option("--kind", type=click.Choice(["chat", "embedding"]), help="Where no listing tells.")
@click.pass_obj
def verify(
    application: Application, /, *, connection: str, deployment: str, kind: str | None
) -> int:
    """Call DEPLOYMENT once, with as few tokens as will do, and say whether it answered."""
    store, output = application.store, application.output

    async def work(opened: Connection) -> Deployment:
        await reconcile(store, opened, output.progress)
        found = await find(opened, deployment, kind=kind, output=output)
        if found.state is State.READY:
            found = await prove(opened, found)
        known = await asyncio.to_thread(store.plans.named, connection, deployment)
        if (stored := newest(known, PlanStatus.DONE)) is not None:
            await asyncio.to_thread(store.plans.seen, stored.id, found)
        return found

    found = run_connected(connect_stored(application, connection), work)
    output.document({"deployment": found.model_dump(mode="json")})
    write_outcome(found, output)
    return exit_code(found)
