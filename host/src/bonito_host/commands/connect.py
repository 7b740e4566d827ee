"""`bonito connect`: check credentials, and store them only if they are accepted."""

from __future__ import annotations

import re
from typing import Any

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.commands.check import exit_code, write_capabilities, write_report
from bonito_host.connecting import run_connected
from bonito_host.credentials_input import select_provider
from bonito_host.options import chosen, common_options, credential_options, store_options
from bonito_host.output import Output, printable
from bonito_host.store.connections import taken
from bonito_providers.connection import Connection
from bonito_providers.errors import CredentialsRejected
from bonito_providers.report import CredentialReport
from bonito_providers.selection import Selection

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


def _checked_id(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    if value is not None and not _ID.fullmatch(value):
        raise click.BadParameter("up to 64 letters, digits, dots, hyphens and underscores.")
    return value


@click.command()
@common_options
@store_options
@credential_options
@click.argument("id", required=False, callback=_checked_id)
@click.option("--replace", is_flag=True, help="Give a stored connection these credentials.")
@click.pass_context
def connect(context: click.Context, /, *, id: str | None, replace: bool, **_: object) -> int:
    """Check credentials and store them as ID, encrypted; the provider's name is the usual ID.

    Nothing is stored unless the service accepts them. Leaves with 0 only if nothing failed.
    """
    application: Application = context.obj
    selection = select_provider(application, chosen(context))
    info = selection.provider.info
    name = id or info.name
    if not replace and application.store.connections.exists(name):
        # Said before anybody's credentials are sent anywhere; storing looks again.
        raise taken(name)
    application.output.progress(f"{info.title} ({selection.reason})")
    network = application.settings.network()
    connection = selection.provider.connect(selection.fields, id=name, network=network)
    report = run_connected(connection, connection.provider.check_credentials)
    write_report(report, application.output)
    capabilities = connection.credentials.capabilities()
    write_capabilities(capabilities, application.output)
    stored = accepted(report)
    if stored:
        _save(application, connection, selection, report, replace=replace)
        application.output.progress(f"stored as {name}")
        if report.failures:
            application.output.progress("What failed above does not work yet.")
    else:
        application.output.progress("Nothing was stored: the credentials were not accepted.")
    application.output.document(
        {
            "connection": name if stored else None,
            **report.model_dump(mode="json"),
            "usable": report.usable,
        }
    )
    return exit_code(report) if stored or report.failures else exit_codes.DEFECT


def accepted(report: CredentialReport) -> bool:
    """Tell whether the credentials authenticated, each of those that were tried."""
    rejected = CredentialsRejected.__name__
    return report.usable and all(item.error != rejected for item in report.failures)


def _save(
    application: Application,
    connection: Connection,
    selection: Selection,
    report: CredentialReport,
    *,
    replace: bool,
) -> None:
    provider = selection.provider
    fields = {**provider.info.selector, **connection.credentials.reveal()}
    fields |= _proved(report, application.output)
    # Read once more: a proposal has to fit the schema as what a person types has.
    credentials = {**fields, **provider.read_credentials(fields).reveal()}
    application.store.connections.save(
        connection.id,
        provider=provider.info.name,
        cloud=provider.info.cloud,
        title=provider.info.title,
        credentials=credentials,
        report=_summary(report),
        replace=replace,
    )


def _proved(report: CredentialReport, output: Output) -> dict[str, str]:
    """Return the changes that a call proved, and say each."""
    changes = [change for change in report.proposals if change.proved]
    for change in changes:
        output.progress(
            f"{change.field} is stored as {printable(change.proposed)} instead of "
            f"{printable(change.given)}: {printable(change.reason)}"
        )
    return {change.field: change.proposed for change in changes}


def _summary(report: CredentialReport) -> dict[str, Any]:
    return {
        "usable": report.usable,
        "verdicts": {item.name: item.verdict.value for item in report.items},
        "facts": dict(report.facts),
    }
