"""The `bonito` command: subcommands that load when they are called, and one end for every error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click

from bonito_host import __version__, exit_codes
from bonito_host.application import Application
from bonito_host.options import common_options
from bonito_host.output import Output
from bonito_host.settings import Settings
from bonito_providers.errors import BonitoError
from bonito_providers.registry import RegistrySettings

_COMMANDS = {
    "demo": "bonito_host.commands.demo:demo",
    "serve": "bonito_host.commands.serve:serve",
    "providers": "bonito_host.commands.providers:providers",
    "connect": "bonito_host.commands.connect:connect",
    "connections": "bonito_host.commands.connections:connections",
    "check": "bonito_host.commands.check:check",
    "models": "bonito_host.commands.models:models",
    "deployments": "bonito_host.commands.deployments:deployments",
    "plan": "bonito_host.commands.plan:plan",
    "deploy": "bonito_host.commands.deploy:deploy",
    "verify": "bonito_host.commands.verify:verify",
    "delete": "bonito_host.commands.delete:delete",
    "chat": "bonito_host.commands.chat:chat",
    "gateway": "bonito_host.commands.gateway:gateway",
    "keys": "bonito_host.commands.keys:keys",
    "emulate": "bonito_host.commands.emulate:emulate",
    "doctor": "bonito_host.commands.doctor:doctor",
}


class WrongUsage(BonitoError):
    """The command line, or a variable, cannot mean anything."""


class HostDefect(BonitoError):
    """This program is at fault."""


class SystemRefusal(BonitoError):
    """The operating system refuses to read or write something."""


class ReaderGone(Exception):
    """Whoever read what is written has gone."""


class LazyGroup(click.Group):
    """A group whose commands are imported when one is called, or help lists them all.

    Other distributions bring further ones; of two with one name, this host's own is meant.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a first acquaintance, then those of others."""
        from bonito_host.further_commands import further_commands

        others = further_commands(_plugins(ctx))
        return [*_COMMANDS, *(name for name in others if name not in _COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _COMMANDS:
            from bonito_host.further_commands import further_command

            return further_command(cmd_name, _plugins(ctx))
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Read the command line; help is written here."""
        with _seen_by_a_reader():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _seen_by_a_reader():
            return super().invoke(ctx)


def _plugins(ctx: click.Context) -> RegistrySettings:
    application = ctx.find_object(Application)
    # Whoever looks at the command from outside, as a documentation does, has no operator.
    return RegistrySettings() if application is None else application.settings.plugins


@contextmanager
def _seen_by_a_reader() -> Iterator[None]:
    # click would end the process at a broken pipe, with the code of a defect.
    try:
        yield
    except BrokenPipeError:
        raise ReaderGone from None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bonito")
@common_options
def bonito() -> None:
    """AI models in your own cloud accounts: connect, list, deploy, call.

    Credentials come from a file, the environment, a prompt or stdin; never from an option.
    """


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code; every error ends here as words, not a trace."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    output = Output(as_json="--json" in own, colour=not os.environ.get("NO_COLOR"))
    try:
        return _run(arguments, output)
    except BrokenPipeError:
        return exit_codes.READER_GONE
    except OSError:
        # The words about the first error cannot be written either.
        return exit_codes.DEFECT


def _run(arguments: list[str], output: Output) -> int:
    try:
        settings = Settings.read(os.environ)
        if settings.log_level != "warning":
            from bonito_host.logs import start_logging

            start_logging(settings.log_level, as_json=settings.log_as_json)
        application = Application(settings=settings, output=output)
        code = bonito.main(arguments, prog_name="bonito", standalone_mode=False, obj=application)
    except (KeyboardInterrupt, click.Abort):
        output.progress("interrupted")
        return exit_codes.INTERRUPTED
    except click.ClickException as error:
        return _refused(error, output)
    except BonitoError as error:
        output.error(error)
        return exit_codes.code_of_error(error)
    except ReaderGone:
        return exit_codes.READER_GONE
    except Exception as error:  # noqa: BLE001 - a bug ends like any other error
        return _failed(error, output)
    return code if isinstance(code, int) else exit_codes.DONE


def _refused(error: click.ClickException, output: Output) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return exit_codes.USAGE
    hint = ""
    context = getattr(error, "ctx", None)
    if context is not None:
        hint = f"See `{context.command_path} --help`."
    output.error(WrongUsage(error.format_message(), hint=hint))
    return exit_codes.USAGE


def _failed(error: Exception, output: Output) -> int:
    # A deadline of asyncio's is an OSError too, but says nothing of the system.
    if not isinstance(error, OSError) or error.strerror is None:
        return _defect(error, output)
    what = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    hint = "Check where output and files go: is there space, and permission to write?"
    output.error(SystemRefusal(f"The operating system refuses: {what}.", hint=hint))
    return exit_codes.DEFECT


def _defect(error: Exception, output: Output) -> int:
    import logging

    from bonito_providers.redaction import redact_live

    logging.getLogger("bonito_host").debug("A defect of this program", exc_info=error)
    what = redact_live(f"{type(error).__name__}: {error}")
    hint = "This is a defect of bonito: run it again with --log-level debug and report it."
    output.error(HostDefect(what, hint=hint))
    return exit_codes.DEFECT
