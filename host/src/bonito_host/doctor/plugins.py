"""Providers and wrappers: which are there, and why one is off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bonito_host.doctor.causes import find
from bonito_host.doctor.findings import Finding, Part
from bonito_providers.errors import UnknownProvider
from bonito_providers.registry import (
    PluginRecord,
    ProviderRegistry,
    RegistrySettings,
    Status,
    installed_wrappers,
    load_wrappers,
)

_KINDS = {
    Status.BROKEN: "plugin-broken",
    Status.INCOMPATIBLE: "plugin-incompatible",
    Status.CONFLICT: "plugin-conflict",
    Status.BLOCKED: "plugin-blocked",
    Status.NOT_LISTED: "plugin-not-listed",
}

_LISTS = {
    Status.BLOCKED: "The list is BONITO_PLUGINS_BLOCKED.",
    Status.NOT_LISTED: "The list is BONITO_PLUGINS_ALLOWED.",
    Status.CONFLICT: "The list is BONITO_PLUGINS_ALLOWED; who is preferred stands in "
    "BONITO_PLUGINS_PREFERRED.",
}
"""Where this host's operator says what the core only speaks of."""


def examine_providers(registry: ProviderRegistry) -> Part:
    """Say of every plugin found what became of it."""
    return Part(
        title="providers",
        facts={_key(record): _described(record) for record in registry.records},
        findings=tuple(_findings(registry)),
    )


def _key(record: PluginRecord) -> str:
    return f"{record.name} ({record.distribution} {record.version})"


def _described(record: PluginRecord) -> str:
    if record.provider is None:
        return record.status.value
    deploys = "deploys" if record.provider.deploys else "offers what exists"
    return f"{record.status.value}, {record.provider.info.title}, {deploys}"


def _findings(registry: ProviderRegistry) -> Iterator[Finding]:
    for record in registry.records:
        if record.status is not Status.ACTIVE:
            yield find(
                _KINDS[record.status],
                f"The plugin {record.name} of {record.distribution} {record.version} is "
                f"{_word(record.status)}: {record.reason.rstrip('.')}.",
                mend=f"{record.mend} {_LISTS.get(record.status, '')}".strip(),
            )
    if not registry.providers:
        yield find("no-provider", "No provider works here.")


def _word(status: Status) -> str:
    return "in conflict" if status is Status.CONFLICT else status.value.replace("_", " ")


def examine_wrappers(settings: RegistrySettings) -> Part:
    """Load each wrapper the operator names by itself, so that each says what is wrong with it."""
    records = installed_wrappers(settings)
    return Part(
        title="wrappers",
        facts={
            "named": list(settings.wrappers),
            **{_key(record): record.status.value for record in records},
        },
        findings=tuple(_unusable(settings)),
    )


def _unusable(settings: RegistrySettings) -> Iterator[Finding]:
    for name in settings.wrappers:
        try:
            load_wrappers(replace(settings, wrappers=(name,)))
        except UnknownProvider as error:
            mend = f"{error.hint} BONITO_WRAPPERS names it."
            yield find("wrapper-unusable", error.message, mend=mend)


def packages(registry: ProviderRegistry) -> set[str]:
    """Return the packages of plugins and wrappers, by normalised name."""
    wrappers = installed_wrappers(RegistrySettings())
    return {record.distribution for record in (*registry.records, *wrappers)}
