"""From what a harness names to the plugin itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bonito_providers import Provider

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Harness


def plugin_of(harness: Harness[Any]) -> object:
    """Return the plugin: the harness may name its module, or module and object (``a.b:c``)."""
    named = harness.plugin
    if not isinstance(named, str):
        return named
    module, _, attribute = named.partition(":")
    found = import_module(module)
    return getattr(found, attribute) if attribute else found


def provider_of(harness: Harness[Any]) -> Provider:
    """Return the plugin behind its typed face.

    Raises:
        PluginError: It does not keep the contract's form.
    """
    return Provider(plugin_of(harness))
