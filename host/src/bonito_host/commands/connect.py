"""`bonito connect`: check credentials, and store them only if they are accepted."""

from __future__ import annotations

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.commands.check import check_aloud, exit_code, write_capabilities, write_findings
from bonito_host.connecting import run_connected
from bonito_host.credentials_input import select_provider
from bonito_host.options import chosen, common_options, credential_options, store_options
from bonito_host.output import Output, printable
from bonito_host.saving import ID_RULE, accepted, fits_as_id, save_checked
from bonito_host.store.connections import taken
from bonito_providers.report import FieldChange


def _checked_id(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    if value is not None and not fits_as_id(value):
        raise click.BadParameter(f"{ID_RULE}.")
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
    output = application.output
    report = run_connected(connection, lambda opened: check_aloud(opened, output))
    write_findings(report, output)
    capabilities = connection.credentials.capabilities()
    write_capabilities(capabilities, application.output)
    stored = accepted(report)
    if stored:
        save_checked(
            application.store,
            connection,
            report,
            replace=replace,
            tell=lambda change: _tell(change, application.output),
        )
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


def _tell(change: FieldChange, output: Output) -> None:
    output.progress(
        f"{change.field} is stored as {printable(change.proposed)} instead of "
        f"{printable(change.given)}: {printable(change.reason)}"
    )
