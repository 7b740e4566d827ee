"""The distributions of this repository, read from their `pyproject.toml` files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Distribution:
    """One folder with a `pyproject.toml`."""

    folder: Path

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        return tomllib.loads((self.folder / "pyproject.toml").read_text())

    @property
    def name(self) -> str:
        return canonicalize_name(self.settings["project"]["name"])

    @property
    def package(self) -> Path:
        """The folder of its import package."""
        wheel = self.settings["tool"]["hatch"]["build"]["targets"]["wheel"]
        (package,) = wheel["packages"]
        return Path(self.folder, package)

    @property
    def extras(self) -> Mapping[str, list[str]]:
        extras: Mapping[str, list[str]] = self.settings["project"].get("optional-dependencies", {})
        return extras

    @property
    def entry_points(self) -> Mapping[str, Mapping[str, str]]:
        entry_points: Mapping[str, Mapping[str, str]] = self.settings["project"].get(
            "entry-points", {}
        )
        return entry_points

    @property
    def scripts(self) -> Mapping[str, str]:
        scripts: Mapping[str, str] = self.settings["project"].get("scripts", {})
        return scripts

    @property
    def requirements(self) -> Iterator[Requirement]:
        """Everything it may need: to run, for each extra, to be developed, to be built."""
        groups: Iterable[list[str]] = self.settings.get("dependency-groups", {}).values()
        declared = chain(
            self.settings["project"].get("dependencies", []),
            self.settings["build-system"]["requires"],
            *self.extras.values(),
            *groups,
        )
        return map(Requirement, declared)


def find_distributions() -> tuple[Distribution, ...]:
    """All of them, also the ones added after this was written; the core comes first."""
    groups = ("", "*/", "plugins/*/", "wrappers/*/")
    patterns = [f"{group}pyproject.toml" for group in groups]
    found = chain.from_iterable(sorted(ROOT.glob(pattern)) for pattern in patterns)
    return tuple(Distribution(project.parent) for project in found)


DISTRIBUTIONS = find_distributions()
