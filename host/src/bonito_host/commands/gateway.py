"""`bonito gateway`: how LiteLLM calls the deployments; its export for LiteLLM Proxy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import click

from bonito_host.application import Application
from bonito_host.commands.gateway_chat import chat
from bonito_host.commands.gateway_groups import accept, groups, withdraw, write_unreachable
from bonito_host.connecting import with_connection
from bonito_host.gateway_export import clean, export, to_yaml
from bonito_host.gateway_places import gather
from bonito_host.listings import write_limits
from bonito_host.options import ConnectionChoice, chosen, common_options, connection_options
from bonito_host.output import printable
from bonito_host.routes import routes_of
from bonito_providers.connection import Connection
from bonito_providers.gateway import GatewayConfig


@click.group()
def gateway() -> None:
    """How an LLM gateway calls the deployments."""


for each in (groups, accept, withdraw, chat):
    gateway.add_command(each)


@gateway.command("export")
@common_options
@connection_options
@click.option("--name", metavar="NAME", help="What routes and variables call this connection.")
@click.option("--all", "every", is_flag=True, help="All stored connections and accepted groups.")
@click.option(
    "--format", "style", type=click.Choice(["litellm"]), default="litellm", show_default=True
)
@click.option("--output", "target", metavar="FILE", help="Write there instead of to stdout.")
@click.pass_context
def export_gateway(
    context: click.Context,
    /,
    *,
    name: str | None,
    every: bool,
    style: str,
    target: str | None,
    **_: object,
) -> None:
    """Write the configuration of LiteLLM Proxy: references to variables, never a secret."""
    application: Application = context.obj
    output = application.output
    if every:
        _refuse_choice(context)
        as_yaml, as_json = asyncio.run(_all(application))
    else:
        as_yaml, as_json = _one(application, chosen(context), name)
    if target:
        _write(Path(target), as_yaml)
        output.progress(f"wrote {target}")
    else:
        output.text(as_yaml.rstrip("\n"))
    output.document(json.loads(as_json))


def _refuse_choice(context: click.Context) -> None:
    names = ("name", "stored", "cloud", "provider", "credentials", "set_fields")
    if any(context.params[name] for name in names):
        raise click.UsageError("--all takes every stored connection: leave the others out.")


def _one(application: Application, choice: ConnectionChoice, name: str | None) -> tuple[str, str]:
    async def work(connection: Connection) -> tuple[str, str]:
        listing = await connection.provider.list_deployments(connection)
        write_limits(listing, application.output)
        config = routes_of(connection, listing.items, name=name or connection.id)
        return _written(config, application, connection.redact)

    return with_connection(application, choice, work)


async def _all(application: Application) -> tuple[str, str]:
    gathered = await gather(application)
    write_unreachable(gathered, application.output)
    return _written(gathered.config, application, gathered.redact)


def _written(
    config: GatewayConfig, application: Application, redact: Callable[[str], str]
) -> tuple[str, str]:
    """Return the configuration as YAML and as a JSON document, free of secrets."""
    written = export(config)
    for each in written.left_out:
        reason = printable(each.reason)
        application.output.progress(f"not routed: {printable(each.deployment)}: {reason}")
    document = {
        "configuration": written.configuration,
        "variables": written.variables,
        "left_out": [each.model_dump(mode="json") for each in written.left_out],
    }
    return to_yaml(written, redact=redact), clean(json.dumps(document), redact=redact)


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}.") from None
