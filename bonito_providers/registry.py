"""Finding plugins: read once, judged by their metadata, imported behind a guard.

pluggy's own loader stops at the first broken distribution and silently drops a second one of the
same name; this one does neither. Quarantine is against accident. A plugin is code with the host's
rights: against strangers an operator lists the distributions that may load.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Self

from bonito_providers import requirements
from bonito_providers.errors import UnknownProvider
from bonito_providers.hookspecs import PROJECT
from bonito_providers.installed import NOBODY, guarded, owner_of, stated, unique
from bonito_providers.provider import Provider
from bonito_providers.selection import Selection, group_schema, misplaced, select
from bonito_providers.wrappers import GROUP

if TYPE_CHECKING:
    from bonito_providers.wrappers import Wrapper

_STOPPED = "Nothing runs without it:"


class Status(StrEnum):
    """What became of a plugin."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    NOT_LISTED = "not_listed"
    CONFLICT = "conflict"
    INCOMPATIBLE = "incompatible"
    BROKEN = "broken"
    OFF = "off"
    """A wrapper that nobody has named."""


@dataclass(frozen=True)
class PluginRecord:
    """One plugin that was found, and what became of it.

    Attributes:
        name: The entry point's name.
        distribution: The package it came with, by its normalised name.
        version: That package's version.
        target: The module or object the entry point names.
        status: Active, or why not.
        reason: Why not, in a sentence.
        mend: What to do about it.
        file: The file it was loaded from.
        import_seconds: How long importing it took.
        provider: The typed face, when active.
    """

    name: str
    distribution: str
    version: str
    target: str
    status: Status = Status.ACTIVE
    reason: str = ""
    mend: str = ""
    file: str | None = None
    import_seconds: float | None = None
    provider: Provider | None = None


@dataclass(frozen=True)
class RegistrySettings:
    """What the operator decides about plugins.

    Attributes:
        blocked: Provider or distribution names that never load.
        allowed: The only distributions that may load; None is all.
        preferred: Provider names that win where two claim the same place.
        wrappers: Wrappers to call through, by entry-point name, the first one outermost.
        data_overrides: By provider name, rows that come before those of its data file.
    """

    blocked: frozenset[str] = frozenset()
    allowed: frozenset[str] | None = None
    preferred: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()
    data_overrides: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ProviderRegistry:
    """The installed providers, in the order of their names.

    Attributes:
        records: Every plugin found, working or not.
    """

    records: tuple[PluginRecord, ...]
    _by_name: Mapping[str, Provider] = field(default_factory=dict)

    @classmethod
    def discover(cls, settings: RegistrySettings | None = None) -> Self:
        """Find and load the installed plugins. One that is broken never stops the others.

        Raises:
            UnknownProvider: The operator named a wrapper that is not installed, not allowed, made
                for another contract, or broken.
        """
        chosen = settings or RegistrySettings()
        around = load_wrappers(chosen)
        return cls.of(entry_points(group=PROJECT), settings=chosen, around=around)

    @classmethod
    def of(
        cls,
        points: Iterable[EntryPoint],
        *,
        settings: RegistrySettings | None = None,
        around: Sequence[Wrapper] = (),
    ) -> Self:
        """Load the plugins behind these entry points: what `discover` does, for tests too."""
        chosen = settings or RegistrySettings()
        found = unique(points)
        records = [_judged(point, found, chosen) for point in found]
        records = [
            record if record.status is not Status.ACTIVE else _loaded(record, point, around, chosen)
            for record, point in zip(records, found, strict=True)
        ]
        records = _placed(records, chosen)
        records.sort(key=lambda record: (record.name, record.distribution))
        active = {record.name: record.provider for record in records if record.provider}
        return cls(records=tuple(records), _by_name=active)

    @property
    def providers(self) -> tuple[Provider, ...]:
        """The providers that work, by name."""
        return tuple(self._by_name.values())

    def provider(self, name: str) -> Provider:
        """Return a provider by its own name.

        Raises:
            UnknownProvider: Not installed, or in quarantine: the text says which and how to mend.
        """
        if name in self._by_name:
            return self._by_name[name]
        for record in self.records:
            if record.name == name:
                raise UnknownProvider(
                    f"The provider {name} is {record.status.value}: {record.reason}",
                    hint=record.mend,
                )
        known = ", ".join(self._by_name) or "none"
        raise UnknownProvider(f"No provider {name} is installed.", hint=f"Installed are: {known}.")

    @property
    def clouds(self) -> tuple[str, ...]:
        """The clouds the installed providers belong to."""
        return tuple(sorted({provider.info.cloud for provider in self.providers}))

    def select(self, cloud: str, raw: Mapping[str, Any], *, stored: bool = False) -> Selection:
        """Choose among a cloud's providers by the selector field.

        Args:
            cloud: As in `ProviderInfo.cloud`.
            raw: What the user gave, or what is stored.
            stored: Whether `raw` is a stored record; one without the selector field is from
                before the field existed.

        Raises:
            UnknownProvider: No installed provider takes that place.
        """
        return select(self.providers, cloud, raw, stored=stored)

    def schema(self, cloud: str) -> dict[str, Any]:
        """Return the JSON Schema of a cloud's choice: one form, or several to choose from.

        Raises:
            UnknownProvider: No provider of that cloud is installed.
        """
        return group_schema(self.providers, cloud)


def load_wrappers(settings: RegistrySettings) -> tuple[Wrapper, ...]:
    """Load the wrappers the operator named, in that order.

    A policy that does not load must not be skipped, so this raises where plugins are quarantined.

    Raises:
        UnknownProvider: Not installed, not allowed, made for another contract, or broken.
    """
    if not settings.wrappers:
        return ()
    found = dict(_wrappers(settings))
    return tuple(_wrapper(name, found) for name in settings.wrappers)


def installed_wrappers(settings: RegistrySettings) -> tuple[PluginRecord, ...]:
    """Return every installed wrapper: those the operator named first, then the others, off.

    Judged by their metadata alone: no code of a wrapper runs.
    """
    order = {name: place for place, name in enumerate(settings.wrappers)}
    records = [record for record, _ in _wrappers(settings)]
    return tuple(sorted(records, key=lambda record: order.get(record.name, len(order))))


def _wrappers(settings: RegistrySettings) -> list[tuple[PluginRecord, EntryPoint]]:
    points = unique(entry_points(group=GROUP))
    judged = [(_judged(point, points, settings), point) for point in points]
    unnamed = "the operator has not named it", "Name it among the wrappers."
    return [
        (_off(record, Status.OFF, *unnamed), point)
        if record.status is Status.ACTIVE and record.name not in settings.wrappers
        else (record, point)
        for record, point in judged
    ]


def _wrapper(name: str, found: Mapping[PluginRecord, EntryPoint]) -> Wrapper:
    records = [record for record in found if record.name == name]
    if not records:
        raise UnknownProvider(
            f"The wrapper {name} is not installed.",
            hint=f"{_STOPPED} install it, or take it off the list.",
        )
    record = min(records, key=lambda each: each.status is not Status.ACTIVE)
    if record.status is not Status.ACTIVE:
        raise UnknownProvider(
            f"The wrapper {name} is {record.status.value}: {record.reason}",
            hint=f"{_STOPPED} {record.mend}",
        )
    loaded, problem, _ = guarded(found[record].load)
    if problem or not callable(getattr(loaded, "around_call", None)):
        raise UnknownProvider(
            f"The wrapper {name} does not load: {problem or 'it has no around_call'}",
            hint=f"{_STOPPED} mend {record.distribution}, or take it off the list.",
        )
    wrapper: Wrapper = loaded
    return wrapper


def _judged(
    point: EntryPoint, others: Iterable[EntryPoint], settings: RegistrySettings
) -> PluginRecord:
    """Judge a plugin by its metadata alone, before any of its code runs."""
    owner = owner_of(point)
    record = PluginRecord(
        name=point.name,
        distribution=owner,
        version=stated(point, "version") or "unknown",
        target=point.value,
    )
    if owner == NOBODY and point.dist is not None:
        mend = "Remove it, or install the package it came with again."
        return _off(record, Status.BROKEN, "its package's metadata cannot be read", mend)
    if _blocked(point, settings):
        reason = "the operator blocked it"
        return _off(record, Status.BLOCKED, reason, "Take it off the block list.")
    if not _listed(owner, settings):
        return _off(
            record,
            Status.NOT_LISTED,
            f"{owner} is not on the operator's list of distributions",
            f"If you trust {owner}, add it to the list.",
        )
    rivals = sorted(
        f"{owner_of(other)} {stated(other, 'version') or ''}".strip()
        for other in others
        if other.name == point.name
        and other is not point
        and _listed(owner_of(other), settings)
        and not _blocked(other, settings)
    )
    if rivals:
        return _off(
            record,
            Status.CONFLICT,
            f"the name {point.name} is also claimed by {', '.join(rivals)}",
            "Uninstall one of them, or list the distributions that may load.",
        )
    verdict = requirements.verdict(point.dist)
    return record if verdict is None else _off(record, Status.INCOMPATIBLE, *verdict)


def _blocked(point: EntryPoint, settings: RegistrySettings) -> bool:
    blocked = {requirements.normalised(name) for name in settings.blocked}
    return not blocked.isdisjoint({owner_of(point), requirements.normalised(point.name)})


def _listed(owner: str, settings: RegistrySettings) -> bool:
    return settings.allowed is None or owner in {
        requirements.normalised(name) for name in settings.allowed
    }


def _loaded(
    record: PluginRecord,
    point: EntryPoint,
    around: Sequence[Wrapper],
    settings: RegistrySettings,
) -> PluginRecord:
    plugin, problem, seconds = guarded(point.load)
    record = replace(record, import_seconds=seconds, file=_file_of(plugin))
    report = f"Report it to the author of {record.distribution}, or pip uninstall it."
    if problem:
        return _off(record, Status.BROKEN, problem, report)
    rows = settings.data_overrides.get(record.name)
    provider, problem, _ = guarded(lambda: Provider(plugin, wrappers=around, data_overrides=rows))
    if problem or provider is None:
        return _off(record, Status.BROKEN, problem, report)
    if provider.info.name != record.name:
        text = f"it calls itself {provider.info.name}, its entry point {record.name}"
        return _off(record, Status.BROKEN, text, report)
    return replace(record, provider=provider)


def _file_of(plugin: object) -> str | None:
    module = plugin if hasattr(plugin, "__file__") else sys.modules.get(type(plugin).__module__)
    return getattr(module, "__file__", None)


def _placed(records: list[PluginRecord], settings: RegistrySettings) -> list[PluginRecord]:
    """Take plugins that cannot be told apart by their selector out of the running."""
    active = {record.name: record.provider.info for record in records if record.provider}
    problems = misplaced(active, settings.preferred)
    return [
        _off(record, Status.CONFLICT, *problems[record.name])
        if record.provider and record.name in problems
        else record
        for record in records
    ]


def _off(record: PluginRecord, status: Status, reason: str, mend: str) -> PluginRecord:
    return replace(record, status=status, reason=reason, mend=mend, provider=None)
