"""The contract version a plugin asks for, read from its metadata before its code runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import Distribution

CORE = "bonito-providers"

_RANGE = re.compile(r"bonito-providers((?:,?(?:>=|<)\d+(?:\.\d+){0,2}){1,2})")
_BOUND = re.compile(r"(>=|<)([\d.]+)")


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
    lines = [text for text in distribution.requires or () if normalised(text).startswith(CORE)]
    plain = _RANGE.fullmatch(lines[0]) if len(lines) == 1 else None
    if plain is not None:
        stated, fits = plain[1], _within(plain[1], __version__)
    else:
        stated, fits = _by_packaging(lines, __version__)
    if not stated:
        return (
            f"{name} does not state which contract it was written for",
            f"Its author adds `{CORE}>=1.0,<2` to the dependencies of {name}.",
        )
    if fits:
        return None
    text = f"{name} {distribution.version} asks for {CORE}{stated}, installed is {__version__}"
    # The core comes up to a plugin; it never goes back to an older one, which others would not fit.
    wanted = stated if _asks_for_newer(stated, __version__) else _own_contract()
    return text, f'pip install --upgrade {name} "{CORE}{wanted}"'


def _own_contract() -> str:
    from bonito_providers import CONTRACT

    major, minor = CONTRACT
    return f">={major}.{minor},<{major + 1}"


def _asks_for_newer(stated: str, version: str) -> bool:
    lowest = [bound for sign, bound in re.findall(r"(>=?|~=|==)\s*([\d.]+)", stated)]
    return any(_release(bound) > _release(version) for bound in lowest)


def _within(stated: str, version: str) -> bool:
    """Whether a release fulfils a plain range; packaging would load as long as all plugins do."""
    bounds = [(sign, _release(text)) for sign, text in _BOUND.findall(stated)]
    actual = _release(version)
    return all(actual >= bound if sign == ">=" else actual < bound for sign, bound in bounds)


def _release(text: str) -> tuple[int, ...]:
    # The first three numbers; what comes after (a development release) decides nothing here.
    parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
    return (*parts, *[0] * (3 - len(parts)))


def _by_packaging(lines: Sequence[str], version: str) -> tuple[str, bool]:
    """Read requirements of any form: markers, extras, exclusions, several lines."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.specifiers import SpecifierSet

    stated = SpecifierSet()
    for text in lines:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if normalised(requirement.name) == CORE and applies:
            stated &= requirement.specifier
    return str(stated), stated.contains(version, prereleases=True)
