"""What every command is given: the operator's settings, where to write, the installed plugins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bonito_host.output import Output
from bonito_host.settings import Settings
from bonito_providers.registry import ProviderRegistry

if TYPE_CHECKING:
    from bonito_host.store.store import Store


@dataclass
class Application:
    """One run of the command.

    Attributes:
        settings: The operator's settings.
        output: Where to write.
        store_path: The store named by ``--store``, if one was.
    """

    settings: Settings
    output: Output
    store_path: str | None = None

    @cached_property
    def registry(self) -> ProviderRegistry:
        """The installed plugins, found at first use."""
        return ProviderRegistry.discover(self.settings.plugins)

    @cached_property
    def store(self) -> Store:
        """What is kept between runs, opened at first use."""
        from bonito_host.store.store import Store

        return Store(self.store_location, key=self.settings.key)

    @property
    def store_location(self) -> Path | str:
        """Where the store lies: a file, or a database's URL."""
        from bonito_host.store.store import located

        return located(self.store_path or self.settings.store)
