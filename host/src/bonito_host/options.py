"""Options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from bonito_host.application import Application
from bonito_host.settings import LOG_LEVELS

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class ConnectionChoice:
    """Which provider to connect to, and where its credentials are.

    Attributes:
        cloud: One of the installed clouds, or None to find out.
        provider: One provider by its own name, or None to choose by the selector field.
        source: A file, ``-`` for stdin, or None for the environment.
        fields: ``field=value`` as given; never a secret.
        stored: The id of a stored connection; the others are None then.
    """

    cloud: str | None
    provider: str | None
    source: str | None
    fields: tuple[str, ...]
    stored: str | None = None


def common_options(command: Command) -> Command:
    """Give a command ``--json`` and ``--log-level``."""
    for option in (_json_option, _log_level_option):
        command = option(command)
    return command


def credential_options(command: Command) -> Command:
    """Give a command what chooses a provider and the source of its credentials."""
    for option in reversed(_CREDENTIALS):
        command = option(command)
    return command


def connection_options(command: Command) -> Command:
    """Give a command what chooses a connection, stored or by credentials."""
    for option in (_store_option, _stored_option):
        command = option(command)
    return credential_options(command)


def store_options(command: Command) -> Command:
    """Give a command ``--store``."""
    return _store_option(command)


def chosen(context: click.Context) -> ConnectionChoice:
    """Return what `connection_options` or `credential_options` read."""
    parameters = context.params
    stored = parameters.get("stored")
    if stored and any(parameters[name] for name in _CREDENTIAL_NAMES):
        raise click.UsageError(
            "--connection names stored credentials: leave --cloud, --provider, --credentials and "
            "--set out."
        )
    return ConnectionChoice(
        stored=stored,
        cloud=parameters["cloud"],
        provider=parameters["provider"],
        source=parameters["credentials"],
        fields=parameters["set_fields"],
    )


def _write_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it
    if value:
        context.find_object(Application).output.as_json = True  # type: ignore[union-attr] # set by the group


def _log_from(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        from bonito_host.logs import start_logging

        settings = context.find_object(Application).settings  # type: ignore[union-attr] # set by the group
        start_logging(value, as_json=settings.log_as_json)


_json_option = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    callback=_write_json,
    help="Write one JSON document on stdout.",
)
_log_level_option = click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS),
    expose_value=False,
    callback=_log_from,
    help="How much goes to stderr; never a secret.",
)


def _store_at(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        context.find_object(Application).store_path = value  # type: ignore[union-attr] # set by the group


_store_option = click.option(
    "--store",
    metavar="FILE",
    expose_value=False,
    callback=_store_at,
    help="The database of connections and plans, instead of BONITO_STORE or the user's own.",
)
_stored_option = click.option(
    "--connection", "stored", metavar="ID", help="A connection that `bonito connect` stored."
)
_CREDENTIAL_NAMES = ("cloud", "provider", "credentials", "set_fields")
_CREDENTIALS = (
    click.option("--cloud", metavar="NAME", help="The cloud, where several are installed."),
    click.option("--provider", metavar="NAME", help="One provider by its own name."),
    click.option(
        "--credentials",
        metavar="FILE|-",
        help="JSON or YAML object with the credential fields; - reads stdin. Without it: "
        "BONITO_CREDENTIAL_<FIELD> in the environment, then a prompt.",
    ),
    click.option(
        "--set",
        "set_fields",
        metavar="FIELD=VALUE",
        multiple=True,
        help="One credential field that is no secret; may be repeated.",
    ),
)
