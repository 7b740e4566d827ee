"""`bonito deployments`: what is callable now, and how the gateway will call it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bonito_host.application import Application
from bonito_host.connecting import with_connection
from bonito_host.listings import limits_document, write_limits
from bonito_host.options import chosen, common_options, connection_options
from bonito_host.output import Output, printable
from bonito_host.routes import entry_for
from bonito_providers.catalog import Listing
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment
from bonito_providers.gateway import GatewayEntry

_HEAD = ("NAME", "MODEL", "VERSION", "PUBLISHER", "KIND", "STATE", "ROUTE", "SURFACE")


@click.command()
@common_options
@connection_options
@click.pass_context
def deployments(context: click.Context, /, **_: object) -> None:
    """List what is callable now in the account, and how the gateway will call it."""
    application: Application = context.obj
    listing, entries = with_connection(application, chosen(context), _listed)
    found = list(zip(listing.items, entries, strict=True))
    documents = [
        deployment.model_dump(mode="json") | {"gateway": entry.model_dump(mode="json")}
        for deployment, entry in found
    ]
    application.output.document({"deployments": documents, **limits_document(listing)})
    write_deployments(listing.items, entries, application.output)
    write_limits(listing, application.output)


async def _listed(connection: Connection) -> tuple[Listing[Deployment], list[GatewayEntry]]:
    listing = await connection.provider.list_deployments(connection)
    return listing, [entry_for(connection, deployment) for deployment in listing.items]


def write_deployments(
    found: Sequence[Deployment], entries: Sequence[GatewayEntry], output: Output
) -> None:
    """Write a table of deployments, then where it was learnt and what is odd about a route."""
    pairs = list(zip(found, entries, strict=True))
    output.table(_HEAD, [_row(deployment, entry) for deployment, entry in pairs])
    for source in dict.fromkeys(deployment.source for deployment in found if deployment.source):
        names = ", ".join(each.ref.name for each in found if each.source == source)
        output.text(f"learnt from: {printable(source)} ({printable(names)})")
    for deployment, entry in pairs:
        if entry.reason:
            output.text(f"{printable(deployment.ref.name)}: {printable(entry.reason)}")


def _row(deployment: Deployment, entry: GatewayEntry) -> tuple[object, ...]:
    model = deployment.model
    route = entry.litellm_params.get("model") if entry.supported else "not routed"
    return (
        deployment.ref.name,
        model.name,
        model.version,
        model.publisher,
        model.kind,
        deployment.state.value,
        route,
        entry.surface if entry.supported else "-",
    )
