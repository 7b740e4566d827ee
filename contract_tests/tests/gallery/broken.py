"""Deliberately broken plugins: each stands for an incident, and for the check meant to catch it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from contract_tests.tests.gallery.bases import AVIARY, Base

Plugin = TypeVar("Plugin", bound=Callable[[], object])


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One broken plugin.

    Attributes:
        check: The id of the check meant to catch it.
        incident: What went wrong somewhere, in a sentence.
        source: Where: the monolith's file and row, a peer's issue, or a fact about the cloud.
        plugin: Makes the plugin.
        exchanged: What stands in the place of a function of a shipped plugin, by its full name,
            while this one is tried. For faults that lie deeper than the hooks.
    """

    check: str
    incident: str
    source: str
    plugin: Callable[[], object]
    exchanged: Mapping[str, object]

    @property
    def name(self) -> str:
        return getattr(self.plugin, "__name__", repr(self.plugin))

    @property
    def base(self) -> Base:
        """The honest provider it is made of."""
        found: Base = getattr(self.plugin, "base", AVIARY)
        return found


GALLERY: list[Broken] = []


def broken(
    check: str,
    *,
    incident: str,
    source: str,
    exchanged: Mapping[str, object] = MappingProxyType({}),
) -> Callable[[Plugin], Plugin]:
    """Hang the class in the gallery."""

    def hang(plugin: Plugin) -> Plugin:
        GALLERY.append(
            Broken(
                check=check, incident=incident, source=source, plugin=plugin, exchanged=exchanged
            )
        )
        return plugin

    return hang
