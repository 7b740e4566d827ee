"""The installed packages: what each needs and does not find, and what is there twice."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion

from bonito_host import __version__ as host_version
from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part
from bonito_providers import CONTRACT
from bonito_providers import __version__ as core_version
from bonito_providers.requirements import normalised

_PREFIX = "bonito-"
_TOLD_ELSEWHERE = frozenset({"bonito-providers", "litellm"})
"""The contract, of which the registry says more, and LiteLLM, which has a part of its own."""


def examine(plugins: Iterable[str]) -> Part:
    """Look at this project's own packages and at those of plugins and wrappers.

    Args:
        plugins: The packages of plugins and wrappers, by normalised name.
    """
    installed = _installed()
    ours = {name for name in installed if name.startswith(_PREFIX)}
    mine = sorted(ours.union(plugins).intersection(installed))
    return Part(
        title="installation",
        facts={
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "bonito-providers": core_version,
            "bonito-host": host_version,
            "contract": ".".join(map(str, CONTRACT)),
        },
        findings=(*_unmet(mine, installed), *_doubled(mine, installed)),
    )


def _installed() -> dict[str, list[Distribution]]:
    """Return every package by its normalised name, the one that Python takes first."""
    found: dict[str, list[Distribution]] = {}
    for each in distributions():
        if name := _name(each):
            found.setdefault(normalised(name), []).append(each)
    return found


def _name(distribution: Distribution) -> str | None:
    try:
        name: str | None = distribution.name
    except Exception:  # noqa: BLE001 - damaged metadata raise differently in each Python
        return None
    return name


def _version(distribution: Distribution) -> str:
    return distribution.metadata["Version"] or "of an unknown version"


def fits(version: str, wanted: SpecifierSet) -> bool:
    """Tell whether a version is among those wanted; one that cannot be read is not."""
    try:
        return wanted.contains(version, prereleases=True)
    except InvalidVersion:
        return False


def _unmet(names: Iterable[str], installed: dict[str, list[Distribution]]) -> Iterator[Finding]:
    for name in names:
        for requirement in _required(installed[name][0]):
            if normalised(requirement.name) in _TOLD_ELSEWHERE:
                continue
            there = installed.get(normalised(requirement.name))
            if there and fits(_version(there[0]), requirement.specifier):
                continue
            seen = f"installed is {_version(there[0])}" if there else "it is not installed"
            wanted = f"{requirement.name}{requirement.specifier}"
            yield find(
                "requirement-unmet",
                f"{name} needs {wanted}; {seen}.",
                mend=f'pip install "{wanted}"',
            )


def _required(distribution: Distribution) -> Iterator[Requirement]:
    for line in distribution.requires or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement


def _doubled(names: Iterable[str], installed: dict[str, list[Distribution]]) -> Iterator[Finding]:
    for name in names:
        places = {str(each.locate_file("")) for each in installed[name]}
        versions = sorted(set(map(_version, installed[name])))
        if len(versions) > 1 or len(places) > 1:
            yield find(
                "installed-twice",
                f"{name} is installed {len(installed[name])} times: {', '.join(versions)}.",
                mend=f"pip uninstall {name}, until it finds none; then pip install {name}",
            )
