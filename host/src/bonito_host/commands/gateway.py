"""`bonito gateway export`: the configuration of LiteLLM Proxy for a connection."""

from __future__ import annotations

import json
from pathlib import Path

import click

from bonito_host.application import Application
from bonito_host.connecting import with_connection
from bonito_host.gateway_export import clean, export, to_yaml
from bonito_host.listings import write_limits
from bonito_host.options import chosen, common_options, connection_options
from bonito_host.output import printable
from bonito_host.routes import routes_of
from bonito_providers.connection import Connection


@click.group()
def gateway() -> None:
    """How an LLM gateway calls the deployments."""


@gateway.command("export")
@common_options
@connection_options
@click.option("--name", metavar="NAME", help="What routes and variables call this connection.")
@click.option(
    "--format", "style", type=click.Choice(["litellm"]), default="litellm", show_default=True
)
@click.option("--output", "target", metavar="FILE", help="Write there instead of to stdout.")
@click.pass_context
def export_gateway(
    context: click.Context, /, *, name: str | None, style: str, target: str | None, **_: object
) -> None:
    """Write the configuration of LiteLLM Proxy: references to variables, never a secret."""
    application: Application = context.obj
    output = application.output

    async def work(connection: Connection) -> tuple[str, str]:
        listing = await connection.provider.list_deployments(connection)
        write_limits(listing, output)
        written = export(routes_of(connection, listing.items, name=name or connection.id))
        for each in written.left_out:
            output.progress(f"not routed: {printable(each.deployment)}: {printable(each.reason)}")
        document = {
            "configuration": written.configuration,
            "variables": written.variables,
            "left_out": [each.model_dump(mode="json") for each in written.left_out],
        }
        as_json = clean(json.dumps(document), redact=connection.redact)
        return to_yaml(written, redact=connection.redact), as_json

    as_yaml, as_json = with_connection(application, chosen(context), work)
    if target:
        _write(Path(target), as_yaml)
        output.progress(f"wrote {target}")
    else:
        output.text(as_yaml.rstrip("\n"))
    output.document(json.loads(as_json))


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}.") from None
