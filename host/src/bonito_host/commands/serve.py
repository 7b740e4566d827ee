"""`bonito serve`: the pages, their API and the gateway, until a signal."""

from __future__ import annotations

import dataclasses
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.options import common_options, store_options

if TYPE_CHECKING:
    from bonito_host.emulation import DemoConnection
    from bonito_host.web.security.door import Door

PORT = 8640


@click.command()
@common_options
@store_options
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where to listen on this machine; 0 takes a free one.",
)
@click.option(
    "--name",
    "names",
    metavar="HOST",
    multiple=True,
    help="A name a reverse proxy is reached by, besides localhost; may be repeated.",
)
@click.option("--demo", is_flag=True, help="Emulated clouds and a store that ends with it.")
@click.pass_obj
def serve(
    application: Application, /, *, port: int, names: tuple[str, ...], demo: bool
) -> int | None:
    """Serve pages, API and gateway on this machine until Ctrl-C.

    Whoever opens the pages signs in with BONITO_PASSWORD, or with a token made for this run,
    which is printed here.
    """
    bound = _listening(port)
    if demo:
        return _serve_demo(application, bound, names)
    _serve(application, bound, names)
    return None


def _serve_demo(application: Application, bound: socket.socket, names: Sequence[str]) -> int:
    from bonito_host.ending import ending_signals

    if application.store_path or application.settings.store:
        raise click.UsageError("--demo has a store of its own: leave --store and BONITO_STORE out.")
    with ending_signals() as ending, _demonstration(application) as (inside, offered):
        _serve(inside, bound, names, demo=offered)
    return exit_codes.DONE if ending.signal is None else exit_codes.code_of_signal(ending.signal)


@contextmanager
def _demonstration(
    application: Application,
) -> Iterator[tuple[Application, Sequence[DemoConnection]]]:
    from bonito_host.demo import LOOPBACK
    from bonito_host.emulation import prepare

    stage = prepare()
    with (
        tempfile.TemporaryDirectory(prefix="bonito-demo-") as folder,
        stage.emulation as emulation,
        emulation.in_process(),
    ):
        # The emulated clouds stand on this machine, and no proxy leads to them.
        settings = dataclasses.replace(
            application.settings,
            trusted_networks=(LOOPBACK,),
            proxy=None,
            credentials={},
            key=None,
            store=str(Path(folder) / "bonito.db"),
        )
        inside = Application(settings=settings, output=application.output)
        inside.registry = application.registry
        yield inside, stage.connections


def _serve(
    application: Application,
    bound: socket.socket,
    names: Sequence[str],
    *,
    demo: Sequence[DemoConnection] = (),
) -> None:
    from bonito_host.logs import redact_unhandled
    from bonito_host.web.application import create_app
    from bonito_host.web.server import serve as serve_until_signal

    redact_unhandled()
    address = f"http://{bound.getsockname()[0]}:{bound.getsockname()[1]}"
    door, token = _door(application, bound.getsockname()[1], names)
    _ = application.store  # a wrong key or an unusable file is said now
    app = create_app(application, door, demo=demo)
    _announce(application, address, token, demo=bool(demo))
    serve_until_signal(app, bound)


def _door(application: Application, port: int, names: Sequence[str]) -> tuple[Door, str | None]:
    from bonito_host.web.security.door import Door

    cookie = f"bonito-session-{port}"
    password = application.settings.password
    if password is None:
        return Door.with_token(names=names, cookie=cookie)
    try:
        return Door(password, names=names, cookie=cookie), None
    except ValueError as error:
        raise click.UsageError(f"BONITO_PASSWORD: {error}.") from None


def _announce(application: Application, address: str, token: str | None, *, demo: bool) -> None:
    output = application.output
    # What stands after the # stays in the browser: it is in no log and no request.
    link = f"{address}/sign-in" + (f"#{token}" if token else "")
    output.document({"address": address, "sign_in": link, "token": token, "demo": demo})
    output.text(f"Bonito is at {address}" + (", with emulated clouds" if demo else ""))
    if token:
        output.text(f"Sign in: {link}")
        output.text(f"Without JavaScript, paste this token there: {token}")
    else:
        output.text("Sign in with BONITO_PASSWORD.")
    output.progress("Serving until Ctrl-C.")


def _listening(port: int) -> socket.socket:
    from bonito_host.web.server import ADDRESS, listen

    try:
        return listen(port)
    except OSError as error:
        message = f"Port {port} of {ADDRESS} cannot be had: {error.strerror}. Try --port 0."
        raise click.UsageError(message) from None
