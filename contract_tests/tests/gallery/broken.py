"""Deliberately broken plugins: each stands for an incident, and for the check meant to catch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Plugin = TypeVar("Plugin", bound=Callable[[], object])


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One broken plugin.

    Attributes:
        check: The id of the check meant to catch it.
        incident: What went wrong somewhere, in a sentence.
        source: Where: the monolith's file and row, a peer's issue, or a fact about the cloud.
        plugin: Makes the plugin.
    """

    check: str
    incident: str
    source: str
    plugin: Callable[[], object]

    @property
    def name(self) -> str:
        return getattr(self.plugin, "__name__", repr(self.plugin))


GALLERY: list[Broken] = []


def broken(check: str, *, incident: str, source: str) -> Callable[[Plugin], Plugin]:
    """Hang the class in the gallery."""

    def hang(plugin: Plugin) -> Plugin:
        GALLERY.append(Broken(check=check, incident=incident, source=source, plugin=plugin))
        return plugin

    return hang
