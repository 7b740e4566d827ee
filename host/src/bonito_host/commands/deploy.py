"""`bonito deploy`: carry a plan out and follow it until the model answers."""

from __future__ import annotations

import click

from bonito_host import exit_codes
from bonito_host.activation import carry_out, planned, started
from bonito_host.application import Application
from bonito_host.connecting import connect_stored, run_connected
from bonito_host.deployment_options import deployment_options, refuse_options, requested
from bonito_host.options import common_options, store_options
from bonito_host.output import Output, printable
from bonito_host.plan_output import action_line, write_plan
from bonito_host.progress import Progress
from bonito_host.reconciling import reconcile
from bonito_host.store.plans import StoredPlan
from bonito_host.store.status import PlanStatus
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, State


@click.command()
@common_options
@store_options
@deployment_options
@click.argument("target", metavar="PLAN_ID|CONNECTION")
@click.argument("model", required=False)
@click.option("--no-wait", is_flag=True, help="Leave as soon as the cloud has it.")
@click.pass_context
def deploy(
    context: click.Context, /, *, target: str, model: str | None, no_wait: bool, **_: object
) -> int:
    """Carry out a stored plan, or plan MODEL and carry it out at once.

    Interrupted, or after a crash, the same command carries on from where it stands.
    """
    application: Application = context.obj
    store, output = application.store, application.output
    given: StoredPlan | None = None
    if model is None:
        refuse_options(context)
        given = store.plans.get(target)
    request = given.plan.request if given is not None else requested(context, str(model))

    async def work(opened: Connection) -> tuple[StoredPlan, Deployment]:
        stored = given or await started(store, opened, request)
        await reconcile(store, opened, output.progress, besides=stored.id if stored else None)
        stored = stored or await planned(store, opened, request)
        _announce(stored, output)
        with Progress(stored.plan.ref.name, output) as display:
            deployment = await carry_out(
                store, opened, stored, progress=display.show, waiting=not no_wait
            )
        return stored, deployment

    connection = connect_stored(application, given.connection if given else target)
    stored, deployment = run_connected(connection, work)
    output.document({"plan_id": stored.id, "deployment": deployment.model_dump(mode="json")})
    write_outcome(deployment, output)
    return exit_code(deployment)


def exit_code(deployment: Deployment) -> int:
    """Return 0 for a deployment that is ready and answered, or that no short call can prove."""
    if deployment.state is State.READY and deployment.verified is False:
        return exit_codes.DEFECT
    return exit_codes.code_of_deployment(deployment)


def write_outcome(deployment: Deployment, output: Output) -> None:
    """Write where a deployment stands and what is left to do."""
    name = printable(deployment.ref.name)
    output.text(f"{name}: {deployment.state.value.replace('_', ' ')}{_made(deployment)}")
    if deployment.error:
        output.text(f"  {printable(deployment.error)}")
    if deployment.state is State.READY and deployment.verified_reason:
        word = {True: "proved", False: "NOT proved", None: "not proved"}[deployment.verified]
        output.text(f"  {word}: {printable(deployment.verified_reason)}")
    for action in deployment.actions:
        output.progress(action_line(action))


def _made(deployment: Deployment) -> str:
    if deployment.state not in (State.READY, State.PROVISIONING) or deployment.created is None:
        return ""
    return ", made by this" if deployment.created else ", stood already"


def _announce(stored: StoredPlan, output: Output) -> None:
    if stored.status is PlanStatus.STARTED:
        output.progress(f"carrying on with plan {stored.id}")
    else:
        output.progress(f"plan {stored.id}")
        if not output.as_json:
            write_plan(stored, output)
