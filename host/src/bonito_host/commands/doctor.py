"""`bonito doctor`: what is wrong with an installation or a connection, and what mends it."""

from __future__ import annotations

import os

import click

from bonito_host.application import Application
from bonito_host.logs import redact_unhandled
from bonito_host.options import chosen, common_options, connection_options


@click.command()
@common_options
@connection_options
@click.option("--offline", is_flag=True, help="Call nothing outside this machine.")
@click.option(
    "--report", is_flag=True, help="Write what to paste into a bug report: no secret, no names."
)
@click.pass_context
def doctor(context: click.Context, /, *, offline: bool, report: bool, **_: object) -> int:
    """Say what is wrong here, why it matters and what mends it; change nothing.

    Examines the installation and the store; with --connection or credentials also the connection:
    what its endpoint means, the way to it, the check, and the addresses LiteLLM would call.

    Leaves with 0 unless something does not work, else with the code of the worst finding.
    """
    from bonito_host.doctor import privacy, writing
    from bonito_host.doctor.examination import examine
    from bonito_providers.redaction import redact_live

    redact_unhandled()
    application: Application = context.obj
    secrets = privacy.secrets_of(os.environ)
    examined = examine(application, chosen(context), os.environ, offline=offline)
    diagnosis = examined.diagnosis.written(redact_live)
    if report:
        providers = examined.registry.providers
        names = privacy.Anonymous(
            os.environ,
            providers=providers,
            chosen=examined.chosen,
            store=application.store_location,
        )
        diagnosis = diagnosis.written(names)
        for line in writing.report_lines(diagnosis):
            application.output.text(line)
    else:
        writing.write(diagnosis, application.output)
    application.output.document(diagnosis.document())
    del secrets  # until here, whatever was written went by it
    return diagnosis.code
