"""From what a harness names to the plugin itself."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.violation import HarnessError
from bonito_providers import Provider
from bonito_providers.crashes import described
from bonito_providers.errors import PluginError

if TYPE_CHECKING:
    from bonito_contract_tests.harness import Harness


def plugin_of(harness: Harness[Any]) -> object:
    """Return the plugin: the harness may name its module, or module and object (``a.b:c``).

    Raises:
        HarnessError: There is no such module or object.
        PluginError: The module is there and cannot be imported.
    """
    named = harness.plugin
    if not isinstance(named, str):
        return named
    module, _, attribute = named.partition(":")
    found = _imported(named, module)
    if attribute and not hasattr(found, attribute):
        raise HarnessError(f"`plugin` names {named}, and {module} has no {attribute}")
    return getattr(found, attribute) if attribute else found


def _imported(named: str, module: str) -> object:
    try:
        return import_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's code may raise anything
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing and f"{module}.".startswith(f"{missing}."):
            text = f"`plugin` names {named}, and there is no module {missing}"
            raise HarnessError(text) from None
        text = f"the plugin {named} cannot be imported: {described(_innermost(error))}"
        raise PluginError(text) from None


def _innermost(error: BaseException) -> BaseException:
    return error if error.__cause__ is None else _innermost(error.__cause__)


def provider_of(harness: Harness[Any]) -> Provider:
    """Return the plugin behind its typed face.

    Raises:
        PluginError: It does not keep the contract's form.
    """
    return Provider(plugin_of(harness))
