"""Reading `requirements.lock`: what is pinned, and whether it can be trusted as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Pin:
    """One locked version, with all its hashes."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    def satisfies(self, requirement: Requirement) -> bool:
        (pinned,) = self.requirement.specifier
        return self.name == canonicalize_name(requirement.name) and requirement.specifier.contains(
            pinned.version, prereleases=True
        )


def read_pins(text: str) -> tuple[Pin, ...]:
    """The pins of a lock. Raises `InvalidRequirement` for a line that is anything else."""
    lines = text.replace("\\\n", " ").splitlines()
    return tuple(_read_pin(line) for line in lines if line.strip())


def _read_pin(line: str) -> Pin:
    requirement, *_ = line.split("--hash=")
    return Pin(Requirement(requirement.strip()), tuple(_HASH.findall(line)))


def missing(requirements: Iterable[Requirement], pins: tuple[Pin, ...]) -> list[str]:
    """The requirements that no pin satisfies, as their authors wrote them."""
    return [
        str(requirement)
        for requirement in requirements
        if not any(pin.satisfies(requirement) for pin in pins)
    ]
