"""Plugins as they are installed: distributions with metadata, in a folder on the path."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

from bonito_providers.hookspecs import PROJECT as GROUP

FITTING = ("bonito-providers>=1.0,<2",)
_HOOKS = """
from bonito_providers import ProviderInfo, hookimpl
from tests.core.plugins import (
    build_gateway_entry, check_credentials, credential_schema, delete_deployment, deploy,
    get_deployment, invoke_model, list_deployments, list_models, plan_deployment,
)
"""
_CARD = """
@hookimpl
def provider_info():
    return ProviderInfo(
        name={name!r}, cloud={cloud!r}, title={name!r}, summary="A test.",
        host_suffixes=(".acme.example",), **{card!r},
    )
"""


def working(name: str, *, cloud: str | None = None, **card: object) -> str:
    """Return the source of a plugin that works."""
    return _HOOKS + _CARD.format(name=name, cloud=cloud or f"{name}land", card=card)


@dataclass(frozen=True)
class Site:
    """A folder of installed distributions."""

    folder: Path

    def add(
        self,
        name: str,
        source: str,
        *,
        distribution: str | None = None,
        version: str = "1.0",
        requires: tuple[str, ...] = FITTING,
        point: str | None = None,
        group: str = GROUP,
    ) -> str:
        """Install a distribution of one module and one entry point; return the module's name."""
        module = f"{(distribution or name).replace('-', '_')}_{name}_module"
        (self.folder / f"{module}.py").write_text(source, encoding="utf-8")
        value = module if point is None else point
        self.describe(
            distribution or f"bonito-{name}",
            version=version,
            requires=requires,
            entry_points=f"[{group}]\n{name} = {value}\n",
        )
        return module

    def describe(
        self, distribution: str, *, version: str, requires: tuple[str, ...], entry_points: str
    ) -> Path:
        """Write a distribution's metadata and return their folder."""
        metadata = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {distribution}", f"Version: {version}"]
        lines += [f"Requires-Dist: {each}" for each in requires]
        (metadata / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (metadata / "entry_points.txt").write_text(entry_points, encoding="utf-8")
        (metadata / "RECORD").write_text("", encoding="utf-8")
        return metadata

    def points(self) -> list[EntryPoint]:
        """Return the entry points of the folder, and of no other."""
        found = distributions(path=[str(self.folder)])
        return [point for each in found for point in each.entry_points if point.group == GROUP]

    def noisy(self, name: str) -> str:
        """Return a working plugin's source that leaves a file behind when it runs."""
        path = self.folder / f"{name}.ran"
        return f"import pathlib\npathlib.Path({str(path)!r}).touch()\n{working(name)}"

    def left_behind(self) -> list[str]:
        """Return the names of the files that sources of `noisy` have left."""
        return [path.name for path in self.folder.glob("*.ran")]
