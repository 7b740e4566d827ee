"""Whose defect a failed call is, and the error of this package that says so."""

from __future__ import annotations

from bonito_providers.crashes import described
from bonito_providers.errors import BonitoError, PluginError, ProviderError

PLUGIN, WRAPPER = "plugin", "wrapper"
"""Whose defect it is."""


def named(error: BaseException, provider: str, hook: str, *, who: str = PLUGIN) -> BonitoError:
    """Return the error of this package that stands for what was raised, without its frames.

    Args:
        error: What a plugin or a wrapper raised.
        provider: The provider's name.
        hook: The hook that was called.
        who: Whose defect it is, if it is one.
    """
    if isinstance(error, ProviderError):
        return filled(error, provider, hook)
    if isinstance(error, BonitoError):
        return _bare(error)
    return defect(described(error), provider, hook, who=who)


def filled(error: ProviderError, provider: str, hook: str) -> ProviderError:
    """Return the error with the provider and the hook in it, where it names none."""
    error.provider = error.provider or provider
    error.operation = error.operation or hook
    _bare(error)
    return error


def mistyped(
    result: object, expected: type, provider: str, hook: str, *, who: str = PLUGIN
) -> PluginError:
    """Return the error for a result of a wrong type; the result itself is not told."""
    what = f"returned {type(result).__name__} instead of {expected.__name__}"
    return defect(what, provider, hook, who=who)


def defect(what: str, provider: str, hook: str, *, who: str = PLUGIN) -> PluginError:
    """Return the error that names provider, hook and author."""
    failed = f"The plugin {provider} failed in {hook}"
    if who == WRAPPER:
        failed = f"A wrapper failed around {hook} of {provider}"
    return PluginError(
        f"{failed}: {what}.",
        hint=f"This is a defect of the {who}: report it to its author.",
        provider=provider,
        operation=hook,
    )


def _bare(error: BonitoError) -> BonitoError:
    # The frames and causes hold requests, and requests hold keys.
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error
