"""What a provider's own package says of its conformance, read without running anything.

The contract suite writes the report; an author ships it as `conformance.json` beside the module
that the entry point names. It is the author's word: a host shows it, and decides nothing by it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bonito_providers.values import Value

if TYPE_CHECKING:
    from bonito_providers.registry import PluginRecord

FILE = "conformance.json"


class KnownGap(Value):
    """A check that the provider is known not to pass.

    Attributes:
        kind: ``unsupported`` by the cloud, ``not-implemented`` or ``bug``.
        reason: Why.
    """

    kind: str
    reason: str


class ConformanceReport(Value):
    """What the suite found when the report was made.

    Attributes:
        provider: The provider's name.
        version: The version of its package then.
        contract: The contract it was judged by.
        headline: The verdict as one reads it.
        date: The day it was made.
        counts: How many checks came to what.
        gaps: Check id to the declared gap.
    """

    provider: str
    version: str
    contract: str
    headline: str
    date: str | None = None
    counts: Mapping[str, int] = {}
    gaps: Mapping[str, KnownGap] = {}

    def describes(self, record: PluginRecord) -> bool:
        """Tell whether it was made for the version that is installed."""
        return self.version == record.version


def shipped_report(record: PluginRecord) -> ConformanceReport | None:
    """Return the report that came with a plugin, or None where there is none for it.

    Raises:
        ValueError: The file cannot be read as a report.
    """
    text = _text(record)
    if text is None:
        return None
    try:
        report = ConformanceReport.model_validate_json(text)
    except ValidationError:
        message = f"{FILE} of {record.distribution} is no conformance report"
        raise ValueError(message) from None
    return report if report.provider == record.name else None


def _text(record: PluginRecord) -> bytes | None:
    module = record.target.partition(":")[0].strip()
    try:
        return resources.files(_package(module)).joinpath(FILE).read_bytes()
    except (ImportError, OSError, ValueError):
        # No such file, or a plugin that is one module on its own and cannot carry any.
        return None


def _package(module: str) -> str:
    """Return the package a module lies in; a package lies in itself."""
    loaded = sys.modules.get(module)
    return module if hasattr(loaded, "__path__") else module.rpartition(".")[0]
