"""The contract version a plugin asks for, read from its metadata before its code runs."""

from __future__ import annotations

import re
from importlib.metadata import Distribution
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

CORE = "bonito-providers"


def normalised(name: str) -> str:
    """Return a distribution's name in the form all spellings of it share."""
    return re.sub(r"[-_.]+", "-", name).lower()


def verdict(distribution: Distribution | None) -> tuple[str, str] | None:
    """Return why a plugin's package does not fit this core and how to mend it, or None if it does.

    A plugin states its contract by a requirement such as ``bonito-providers>=1.2,<2``.
    """
    from bonito_providers import __version__

    if distribution is None:
        return None
    name = normalised(distribution.name)
    stated = _stated(distribution)
    if not stated:
        return (
            f"{name} does not state which contract it was written for",
            f"Its author adds `{CORE}>=1.0,<2` to the dependencies of {name}.",
        )
    if stated.contains(__version__, prereleases=True):
        return None
    text = f"{name} {distribution.version} asks for {CORE}{stated}, installed is {__version__}"
    return text, f'pip install --upgrade {name} "{CORE}{stated}"'


def _stated(distribution: Distribution) -> SpecifierSet:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import SpecifierSet

    stated = SpecifierSet()
    for text in distribution.requires or ():
        if not normalised(text).startswith(CORE):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if normalised(requirement.name) == CORE and applies:
            stated &= requirement.specifier
    return stated
