"""Commands that other distributions bring, by the entry-point group `bonito_commands`.

Their code runs when one is called, or help lists them all. The operator's word on distributions
holds for them as for plugins, and what does not load is said where it would have been called.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

import click

from bonito_providers.errors import BonitoError
from bonito_providers.installed import guarded, owner_of, unique
from bonito_providers.requirements import normalised

if TYPE_CHECKING:
    from bonito_providers.registry import RegistrySettings

GROUP = "bonito_commands"


class CommandUnusable(BonitoError):
    """A command of another distribution does not load, or two claim its name."""


def further_commands(settings: RegistrySettings) -> list[str]:
    """Return the names of the commands that the operator lets load, in alphabetical order."""
    return sorted({point.name for point in _permitted(settings)})


def further_command(name: str, settings: RegistrySettings) -> click.Command | None:
    """Load a command; one that cannot be used says so when it is called.

    Returns:
        None where there is no such command, or none that the operator lets load.
    """
    points = [point for point in _permitted(settings) if point.name == name]
    if not points:
        return None
    owners = ", ".join(owner_of(point) for point in points)
    if len(points) > 1:
        return _unusable(name, f"{owners} all bring it.", "Uninstall all but one of them.")
    command, problem, _ = guarded(points[0].load)
    if isinstance(command, click.Command):
        return command
    reason = f"{owners} does not load: {problem or 'it is no command of click'}."
    return _unusable(name, reason, f"Report it to the author of {owners}, or pip uninstall it.")


def _permitted(settings: RegistrySettings) -> list[EntryPoint]:
    blocked = {normalised(name) for name in settings.blocked}
    allowed = None if settings.allowed is None else {normalised(name) for name in settings.allowed}
    return [
        point
        for point in unique(entry_points(group=GROUP))
        if owner_of(point) not in blocked and (allowed is None or owner_of(point) in allowed)
    ]


def _unusable(name: str, reason: str, mend: str) -> click.Command:
    def refuse() -> None:
        raise CommandUnusable(f"bonito {name} cannot be used: {reason}", hint=mend)

    return click.Command(
        name,
        callback=refuse,
        short_help=f"Cannot be used: {reason}",
        add_help_option=False,
        # Whatever it is called with, the reason is the answer.
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
