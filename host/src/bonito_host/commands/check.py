"""`bonito check`: try credentials out, item by item."""

from __future__ import annotations

from typing import Any

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.connecting import with_connection
from bonito_host.options import chosen, common_options, connection_options
from bonito_host.output import Output, printable
from bonito_providers.connection import Connection
from bonito_providers.credentials import Capabilities
from bonito_providers.report import CheckItem, CredentialReport, Verdict

_MARKS = {
    Verdict.PASSED: ("ok", "green"),
    Verdict.FAILED: ("FAILED", "red"),
    Verdict.NOT_CHECKED: ("not checked", "yellow"),
}


@click.command()
@common_options
@connection_options
@click.pass_context
def check(context: click.Context, /, **_: object) -> int:
    """Try credentials out, changing nothing: what works, what does not, how to mend it.

    Leaves with 0 only if the credentials are usable and nothing failed.
    """
    application: Application = context.obj
    output = application.output
    report, capabilities = with_connection(
        application, chosen(context), lambda connection: _checked(connection, output)
    )
    output.document(_document(report, capabilities))
    write_findings(report, output)
    write_capabilities(capabilities, output)
    return exit_code(report)


async def _checked(connection: Connection, output: Output) -> tuple[CredentialReport, Capabilities]:
    report = await check_aloud(connection, output)
    return report, connection.credentials.capabilities()


async def check_aloud(connection: Connection, output: Output) -> CredentialReport:
    """Check the credentials, and write each item as soon as it is known."""
    return await connection.provider.check_credentials(
        connection, progress=lambda item: _write_item(item, output)
    )


def exit_code(report: CredentialReport) -> int:
    """Return 0 for a usable connection without failures, else the first failure's code."""
    for item in report.failures:
        return exit_codes.code_of_name(item.error, *filter(None, (item.action,)))
    return exit_codes.DONE if report.usable else exit_codes.DEFECT


def write_findings(report: CredentialReport, output: Output) -> None:
    """Write what was learnt beside the items, which are written by now."""
    for note in report.notes:
        output.text(f"note: {printable(note)}")
    for change in report.proposals:
        proved = "a call proved it" if change.proved else "not proved"
        output.text(f"proposal: {change.field}: {printable(change.proposed)} ({proved})")
        output.text(f"  instead of {printable(change.given)}: {printable(change.reason)}")
    for name, value in report.facts.items():
        output.text(f"{name}: {printable(value)}")


def write_capabilities(capabilities: Capabilities, output: Output) -> None:
    """Write what these credentials can do, and which fields are missing for the rest."""
    words = sorted(each.value.replace("_", " ") for each in capabilities.available)
    output.text(f"can: {', '.join(words)}")
    for capability, fields in sorted(capabilities.missing.items()):
        missing = f"add {', '.join(fields)}" if fields else "this provider does not offer it"
        output.text(f"cannot: {capability.value.replace('_', ' ')} ({missing})")


def _write_item(item: CheckItem, output: Output) -> None:
    word, colour = _MARKS[item.verdict]
    took = "" if item.seconds is None else f" ({item.seconds:.2f} s)"
    reason = f": {printable(item.reason)}" if item.reason else ""
    output.text(f"{click.style(f'{word:<11}', fg=colour)} {printable(item.title)}{took}{reason}")
    if item.action:
        address = f" {item.action.url}" if item.action.url else ""
        output.text(f"            → {printable(item.action.instruction)}{address}")


def _document(report: CredentialReport, capabilities: Capabilities) -> dict[str, Any]:
    return {
        **report.model_dump(mode="json"),
        "usable": report.usable,
        "capabilities": {
            "available": sorted(capabilities.available),
            "missing": {name.value: list(each) for name, each in capabilities.missing.items()},
        },
    }
