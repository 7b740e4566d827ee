"""`bonito emulate`: the emulated clouds, for a command or until a signal."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.emulation import RecordedRequest, Stage, prepare
from bonito_host.ending import Ending, ending_signals
from bonito_host.options import common_options
from bonito_host.output import Output, printable
from bonito_host.settings import CREDENTIAL_PREFIX

_POLL = 0.2


@click.command(context_settings={"ignore_unknown_options": True})
@common_options
@click.option("--cloud", metavar="NAME", help="The cloud whose credentials are given.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def emulate(application: Application, /, *, cloud: str | None, command: tuple[str, ...]) -> int:
    """Start the emulated clouds and run COMMAND against them, or serve until Ctrl-C.

    \b
    bonito emulate -- bonito check
    """  # noqa: D301 - click's mark for lines to keep
    stage = prepare()
    credentials = _credentials(stage, cloud)
    with ending_signals() as ending, stage.emulation as emulation:
        variables = {**credentials, **emulation.environment()}
        if command:
            return _run(command, variables, ending)
        _announce(variables, stage, application.output)
        return _serve(stage, application.output, ending)


def _credentials(stage: Stage, cloud: str | None) -> dict[str, str]:
    """Return the credentials of a cloud's first connection, or of the very first, as variables."""
    found = [each for each in stage.connections if cloud in (None, each.cloud)]
    if not found:
        known = ", ".join(dict.fromkeys(each.cloud for each in stage.connections))
        raise click.UsageError(f"--cloud: {cloud} is not emulated. There are {known}.")
    given = {**found[0].choice, **found[0].fields}
    return {f"{CREDENTIAL_PREFIX}{name.upper()}": value for name, value in given.items()}


def _run(command: Sequence[str], variables: Mapping[str, str], ending: Ending) -> int:
    own = {key: text for key, text in os.environ.items() if key.startswith(CREDENTIAL_PREFIX)}
    # The terminal sends Ctrl-C to both: the command decides what it means. A handler of Python's,
    # unlike "ignore", is not inherited by the command.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        # Credentials the caller has set win over the demo's.
        child = subprocess.Popen(command, env={**os.environ, **variables, **own})  # noqa: S603 - the command is the user's own
        ending.forward_to(child)
        code = child.wait()
    except OSError as error:
        raise click.UsageError(f"{command[0]} cannot be started: {error.strerror}.") from None
    finally:
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else exit_codes.code_of_signal(-code)


def _announce(variables: Mapping[str, str], stage: Stage, output: Output) -> None:
    output.document(
        {
            "environment": variables,
            "connections": [
                {"cloud": each.cloud, **each.choice, **each.fields} for each in stage.connections
            ],
        }
    )
    for name, value in variables.items():
        output.text(f"export {name}={shlex.quote(value)}")
    for each in stage.connections:
        given = " ".join(
            f"{name}={shlex.quote(value)}" for name, value in {**each.choice, **each.fields}.items()
        )
        output.text(f"# {each.cloud}: {given}")
    output.progress("Serving until Ctrl-C; these variables lead another shell here.")


def _serve(stage: Stage, output: Output, ending: Ending) -> int:
    # Whoever reads stdout through a pipe wants the variables now.
    sys.stdout.flush()
    log, shown = stage.emulation.log, 0
    try:
        while ending.signal is None:
            shown = _show(log.requests, shown, output)
            time.sleep(_POLL)
    except KeyboardInterrupt:
        ending.signal = signal.SIGINT
    shown = _show(log.requests, shown, output)
    output.progress(f"{shown} requests served")
    return exit_codes.code_of_signal(ending.signal)


def _show(requests: Sequence[RecordedRequest], shown: int, output: Output) -> int:
    for request in requests[shown:]:
        output.progress(line_of(request))
    return len(requests)


def line_of(request: RecordedRequest) -> str:
    """Return a request in one line, without the values of its headers."""
    status = "broken off" if request.status is None else str(request.status)
    query = f"?{request.query}" if request.query else ""
    return printable(f"{status} {request.method} https://{request.host}{request.path}{query}")
