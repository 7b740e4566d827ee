"""`bonito plan`: what a deployment would come to, changing nothing but this host's store."""

from __future__ import annotations

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.connecting import connect_stored, run_connected
from bonito_host.deployment_options import deployment_options, requested
from bonito_host.options import common_options, store_options
from bonito_host.plan_output import plan_document, write_plan
from bonito_host.reconciling import reconcile
from bonito_host.store.plans import StoredPlan
from bonito_providers.connection import Connection


@click.command()
@common_options
@store_options
@deployment_options
@click.argument("connection")
@click.argument("model")
@click.pass_context
def plan(context: click.Context, /, *, connection: str, model: str, **_: object) -> int:
    """Work out what deploying MODEL would do, and store the plan. Changes nothing in the cloud.

    Leaves with 5 where quota is missing, and with 6 where a person has to do something first.
    """
    application: Application = context.obj
    request = requested(context, model)

    async def work(opened: Connection) -> StoredPlan:
        await reconcile(application.store, opened, application.output.progress)
        made = await opened.provider.plan_deployment(opened, request)
        return application.store.plans.add(connection, made)

    stored = run_connected(connect_stored(application, connection), work)
    write_plan(stored, application.output)
    application.output.document(plan_document(stored))
    if stored.plan.actions:
        application.output.progress("Not ready to deploy: something has to be done first.")
    else:
        application.output.progress(f"Carry it out with: bonito deploy {stored.id}")
    return exit_codes.code_of_actions(stored.plan.actions)
