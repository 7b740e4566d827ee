"""`bonito chat`: one call to a deployment, through LiteLLM as the gateway makes it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.connecting import with_connection
from bonito_host.options import chosen, common_options, connection_options
from bonito_host.output import Output, printable, printable_lines
from bonito_host.routes import routes_of
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, DeploymentRequest, State
from bonito_providers.errors import DeploymentNotFound, InvalidRequest
from bonito_providers.invocation import InvocationRequest
from bonito_providers.waiting import wait

_MAX_TOKENS = 1024
_SHOWN = 20


@click.command()
@common_options
@connection_options
@click.argument("deployment")
@click.argument("prompt", default="-")
@click.option("--kind", type=click.Choice(["chat", "embedding"]), help="Where no listing tells.")
@click.option("--direct", is_flag=True, help="Call the provider itself instead of LiteLLM.")
@click.option("--stream", is_flag=True, help="Print the answer as it comes.")
@click.pass_context
def chat(
    context: click.Context,
    /,
    *,
    deployment: str,
    prompt: str,
    kind: str | None,
    direct: bool,
    stream: bool,
    **_: object,
) -> int:
    """Ask DEPLOYMENT something; a PROMPT of - is read from stdin."""
    application: Application = context.obj
    choice = chosen(context)
    if prompt == "-" and choice.source == "-":
        raise click.UsageError("stdin holds the credentials: give the prompt as an argument.")
    if stream and direct:
        raise click.UsageError("--stream goes through LiteLLM; leave --direct out.")
    text = _prompt(prompt)

    async def work(connection: Connection) -> int:
        found = await find(connection, deployment, kind=kind, output=application.output)
        if found.state is not State.READY:
            return _not_ready(found, application.output)
        asked = kind or found.model.kind or "chat"
        if direct:
            await _ask_provider(connection, found, asked, text, application.output)
        else:
            await _ask_gateway(connection, found, asked, text, application, stream=stream)
        return exit_codes.DONE

    return with_connection(application, choice, work)


def _prompt(given: str) -> str:
    try:
        text = sys.stdin.read() if given == "-" else given
        # Bytes that are no text arrive as lone surrogates, which no request can carry.
        text.encode()
    except UnicodeError:
        raise click.UsageError("The prompt is not text in UTF-8.") from None
    if not text.strip():
        raise click.UsageError("The prompt is empty.")
    return text


async def find(
    connection: Connection, name: str, *, kind: str | None, output: Output
) -> Deployment:
    """Return the deployment of that name: from a listing, else adopted as it was typed.

    Raises:
        DeploymentNotFound: The service does not know it.
    """
    provider = connection.provider
    listing = await provider.list_deployments(connection)
    for found in listing.items:
        if found.ref.name == name:
            return found
    if not provider.deploys:
        raise _no_such(name, [each.ref.name for each in listing.items])
    output.progress(f"No listing names {name}; trying it as typed.")
    request = DeploymentRequest(adopt=True, name=name, kind=kind)
    plan = await provider.plan_deployment(connection, request)
    return await wait(connection, plan)


def _no_such(name: str, known: Sequence[str]) -> DeploymentNotFound:
    shown = ", ".join(map(printable, known[:_SHOWN])) + (" …" if len(known) > _SHOWN else "")
    hint = f"There are: {shown}." if known else "There is none yet: `bonito models` lists models."
    return DeploymentNotFound(f"There is no deployment {name}.", hint=hint)


def _not_ready(found: Deployment, output: Output) -> int:
    output.document({"deployment": found.model_dump(mode="json")})
    output.progress(f"{found.ref.name} is {found.state.value}. {printable(found.error or '')}")
    for action in found.actions:
        output.progress(f"→ {printable(action.instruction)} {action.url or ''}".rstrip())
    return exit_codes.code_of_deployment(found)


async def _ask_provider(
    connection: Connection, found: Deployment, kind: str, prompt: str, output: Output
) -> None:
    request = InvocationRequest.model_validate(
        {"kind": kind, "prompt": prompt, "max_tokens": _MAX_TOKENS}
    )
    answer = await connection.provider.invoke_model(connection, found, request)
    output.document(answer.model_dump(mode="json"))
    words = f"{answer.dimensions} dimensions" if answer.text is None else answer.text
    output.text(printable_lines(words))
    output.progress(f"{answer.model or 'the model'} answered on {answer.surface}")


async def _ask_gateway(
    connection: Connection,
    found: Deployment,
    kind: str,
    prompt: str,
    application: Application,
    *,
    stream: bool,
) -> None:
    from bonito_host import gateway_calls

    config = routes_of(connection, [found], name=connection.id)
    if not config.routes:
        reason = config.left_out[0].reason
        raise InvalidRequest(
            f"LiteLLM cannot call {found.ref.name}: {reason}.", hint="--direct calls it anyway."
        )
    async with gateway_calls.open_gateway(application, config, connection.redact) as gateway:
        call = gateway_calls.Asking(gateway, config.routes[0].entry.model_name, application.output)
        if kind == "embedding":
            await call.embed(prompt)
        elif stream:
            await call.stream(prompt)
        else:
            await call.chat(prompt)
