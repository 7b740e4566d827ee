"""What every command is given: the operator's settings, where to write, the installed plugins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bonito_host.output import Output
from bonito_host.settings import Settings
from bonito_providers.registry import ProviderRegistry


@dataclass
class Application:
    """One run of the command.

    Attributes:
        settings: The operator's settings.
        output: Where to write.
    """

    settings: Settings
    output: Output

    @cached_property
    def registry(self) -> ProviderRegistry:
        """The installed plugins, found at first use."""
        return ProviderRegistry.discover(self.settings.plugins)
