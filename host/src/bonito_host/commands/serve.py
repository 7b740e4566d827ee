"""`bonito serve`: the pages, their API and the gateway, until a signal."""

from __future__ import annotations

import dataclasses
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bonito_host import exit_codes
from bonito_host.application import Application
from bonito_host.options import common_options, store_options

if TYPE_CHECKING:
    from bonito_host.emulation import DemoConnection
    from bonito_host.web.security.door import Door
    from bonito_host.web.security.public_url import PublicUrl

PORT = 8640


@dataclass(frozen=True)
class Place:
    """Where this host is found.

    Attributes:
        bound: What listens.
        names: What it is called besides localhost.
        public_url: Where a reverse proxy shows it.
    """

    bound: socket.socket
    names: Sequence[str]
    public_url: PublicUrl | None

    @property
    def address(self) -> str:
        """Where it answers on this machine."""
        host, port = self.bound.getsockname()
        return f"http://{host}:{port}"

    @property
    def shown(self) -> str:
        """What to open in a browser."""
        return self.public_url.text if self.public_url else self.address


def _public_url(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> PublicUrl | None:
    from bonito_host.web.security.public_url import PublicUrl

    try:
        return PublicUrl.read(value) if value else None
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None


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
@click.option(
    "--public-url",
    metavar="URL",
    callback=_public_url,
    help="Where a reverse proxy shows this host, such as https://bonito.example: what pages tell "
    "callers to use, and a name as with --name.",
)
@click.option("--demo", is_flag=True, help="Emulated clouds and a store that ends with it.")
@click.pass_obj
def serve(
    application: Application,
    /,
    *,
    port: int,
    names: tuple[str, ...],
    public_url: PublicUrl | None,
    demo: bool,
) -> int | None:
    """Serve pages, API and gateway on this machine until Ctrl-C.

    Whoever opens the pages signs in with BONITO_PASSWORD, or with a token made for this run,
    which is printed here.
    """
    place = Place(_listening(port), names, public_url)
    if demo:
        return _serve_demo(application, place)
    _serve(application, place)
    return None


def _serve_demo(application: Application, place: Place) -> int:
    from bonito_host.ending import ending_signals

    if application.store_path or application.settings.store:
        raise click.UsageError("--demo has a store of its own: leave --store and BONITO_STORE out.")
    with ending_signals() as ending, _demonstration(application) as (inside, offered):
        _serve(inside, place, demo=offered)
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
    place: Place,
    *,
    demo: Sequence[DemoConnection] = (),
) -> None:
    from bonito_host.logs import redact_unhandled
    from bonito_host.web.application import create_app
    from bonito_host.web.server import serve as serve_until_signal

    redact_unhandled()
    door, token = _door(application, place)
    _ = application.store  # a wrong key or an unusable file is said now
    app = create_app(application, door, demo=demo)
    _announce(application, place, token, demo=bool(demo))
    serve_until_signal(app, place.bound)


def _door(application: Application, place: Place) -> tuple[Door, str | None]:
    from bonito_host.web.security.door import Door

    names, public = place.names, place.public_url
    cookie = f"bonito-session-{place.bound.getsockname()[1]}"
    password = application.settings.password
    if password is None:
        return Door.with_token(names=names, cookie=cookie, public_url=public)
    try:
        return Door(password, names=names, cookie=cookie, public_url=public), None
    except ValueError as error:
        raise click.UsageError(f"BONITO_PASSWORD: {error}.") from None


def _announce(application: Application, place: Place, token: str | None, *, demo: bool) -> None:
    output = application.output
    # What stands after the # stays in the browser: it is in no log and no request.
    link = f"{place.shown}/sign-in" + (f"#{token}" if token else "")
    output.document({"address": place.address, "sign_in": link, "token": token, "demo": demo})
    output.text(f"Bonito is at {place.shown}" + (", with emulated clouds" if demo else ""))
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
