"""Choosing version, SKU and capacity from what the API offers, with the arithmetic shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bonito_azure_arm import errors
from bonito_azure_arm.catalogue import Entry
from bonito_providers.actions import Action, ActionKind
from bonito_providers.catalog import Model, Skipped, Sku
from bonito_providers.deployment import QuotaUse
from bonito_providers.errors import ModelNotFound

ENDING = ("Deprecating", "Deprecated")
"""`lifecycleStatus` of versions that take no new deployments (microsoft-foundry-for-vscode#557)."""


@dataclass(frozen=True)
class Choice:
    """What was chosen and why; while there is an action, nothing is deployed."""

    value: Any = None
    warnings: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    quota: QuotaUse | None = None


def choose_entry(
    entries: Sequence[Entry],
    model: str,
    version: str | None,
    *,
    skipped: Sequence[Skipped] = (),
) -> Entry:
    """Return the entry that a request means.

    Args:
        entries: The catalogue.
        model: A model's id, or its name.
        version: The version asked for; None is the one the service calls default, else the newest.
        skipped: What the catalogue leaves out, for the reason to be told.

    Raises:
        ModelNotFound: No such model or version; the text names what there is.
    """
    exact = [each for each in entries if each.model.id == model]
    if exact and version in (None, exact[0].model.version):
        return exact[0]
    name = exact[0].model.name if exact else model
    same = [each for each in entries if each.model.name.casefold() == name.casefold()]
    if version is None and same:
        lasting = [each for each in same if each.model.lifecycle not in ENDING] or same
        marked = [each for each in lasting if each.is_default]
        # Partners mark no version as default, even where there is only one.
        return (marked or sorted(lasting, key=_age))[-1]
    for each in same:
        if each.model.version == version:
            return each
    raise _not_found(entries, name, version, skipped)


def _not_found(
    entries: Sequence[Entry], name: str, version: str | None, skipped: Sequence[Skipped]
) -> ModelNotFound:
    same = [each.model for each in entries if each.model.name.casefold() == name.casefold()]
    names = {each.model.name.casefold(): each.model.name for each in entries}
    close = [names[each] for each in difflib.get_close_matches(name.casefold(), names, n=4)]
    if same:
        text = f"{name} has no version {version} in this region."
        hint = f"Its versions are {', '.join(sorted(str(each.version) for each in same))}."
    else:
        text = f"The catalogue of this region has no model {name}."
        hint = "List the models: names are written as there."
        hint += f" Names like it: {', '.join(close)}." if close else ""
    left_out = f".{name}.{version or ''}".casefold()
    for each in skipped:
        if each.id == name or left_out in f".{each.id}".casefold():
            text = f"{each.id} cannot be deployed: {each.reason}."
    return ModelNotFound(text, hint=hint)


def _age(entry: Entry) -> tuple[int, int, str]:
    # Versions are numbers ("5"), dates ("2025-04-14"), both with suffixes, words, and, in an older
    # scheme that numbers have replaced, dates without hyphens ("20250929").
    version = entry.model.version or ""
    head = version.partition("-")[0]
    number = int(head) if head.isascii() and head.isdecimal() and len(head) < 10 else -1  # noqa: PLR2004 - no version is longer
    compact_date = version == head and len(head) == len("20250929")
    hyphened_date = "-" in version and number > 1000  # noqa: PLR2004 - a year
    return (1 if hyphened_date else -1 if compact_date else 0, number, version)


def life_left(model: Model) -> tuple[Action, ...]:
    """Return what is to be done about a version that takes no new deployments any more."""
    if model.lifecycle not in ENDING:
        return ()
    text = f"Azure calls {model.name} {model.version} {model.lifecycle}: it takes no new "
    return (_choose(f"{text}deployments. Choose a newer version or another model."),)


def choose_sku(
    skus: Sequence[Sku] | None, asked: str | None, preferred: Sequence[str], *, now: datetime
) -> Choice:
    """Return the SKU asked for, else the first preferred one that is offered.

    What is billed by the hour or answers only in batches is never chosen unasked.
    """
    offered = [
        sku
        for sku in skus or ()
        if (sku.retires_at is None or sku.retires_at > now) and not sku.name.endswith("-finetune")
    ]
    by_name = {sku.name: sku for sku in offered}
    names = ", ".join(by_name) or "none"
    if asked is not None:
        if asked in by_name:
            return Choice(by_name[asked])
        return Choice(actions=(_choose(f"The model is not offered as {asked}, only as: {names}."),))
    for place, name in enumerate(preferred):
        if name in by_name:
            missed = preferred[:place]
            reason = f"{name} is used because the model is not offered as {' or '.join(missed)}."
            return Choice(by_name[name], warnings=(reason,) if missed else ())
    return Choice(
        actions=(
            _choose(
                f"The model is offered as {names}, not as {' or '.join(preferred)}; ask for one of "
                "these by name if it is what you want."
                if by_name
                else "The model cannot be deployed in this region: no SKU is offered."
            ),
        )
    )


def quota_row(
    usages: Iterable[Mapping[str, Any]], key: str | None, *, standing: int = 0
) -> QuotaUse | None:
    """Return a SKU's quota row, or None where the list has none: unknown, not zero.

    Args:
        usages: As ARM lists them. A new subscription's list is empty, which tells nothing.
        key: The SKU's quota key; rows are joined by it, never by a name made up.
        standing: Capacity that the deployment to be changed holds already.
    """
    for row in usages:
        name = row.get("name")
        if key is not None and isinstance(name, dict) and name.get("value") == key:
            limit, used = _whole(row.get("limit")), _whole(row.get("currentValue"))
            held = max(used - standing, 0) if used is not None else None
            return QuotaUse(key=key, limit=limit, used=held, unit=_unit(name))
    return None


def choose_capacity(sku: Sku, asked: int | None, quota: QuotaUse | None) -> Choice:
    """Return the capacity: as asked, else the SKU's default, within quota, maximum and step.

    A SKU's default can exceed the quota, and the maximum of shared rows can be one, so neither is
    sent unlooked.
    """
    bounds = sku.capacity
    minimum, step = bounds.minimum or 1, bounds.step or 1
    left = left_of(quota) if _known(quota) else None
    top = min(x for x in (left, bounds.maximum, 10**9) if x is not None)
    warnings: list[str] = []
    if quota is None or left is None:
        warnings.append("The quota is unknown: Azure lists no row for it. It may refuse.")
    if left is not None and left < minimum:
        return Choice(actions=(more_quota(quota, minimum),), quota=_requested(quota, minimum))
    if top < minimum:
        return _refused_capacity(asked or minimum, minimum, top, step)
    wanted = asked if asked is not None else (bounds.default or minimum)
    if asked is not None and (asked > top or asked < minimum or (asked - minimum) % step):
        if left is not None and asked > left:
            return Choice(actions=(more_quota(quota, asked),), quota=_requested(quota, asked))
        return _refused_capacity(asked, minimum, top, step)
    value = max(minimum, min(wanted, top))
    value -= (value - minimum) % step
    if asked is None and value < wanted:
        what = "quota" if left is not None and top == left else "maximum"
        warnings.append(f"The usual capacity is {wanted}; the {what} leaves {value}.")
    use = _requested(quota, value)
    if use is not None and left is not None:
        warnings.append(f"Uses {value} of {use.limit}, {use.used} in use.")
    return Choice(value, tuple(warnings), (), use)


def _refused_capacity(asked: int, minimum: int, top: int, step: int) -> Choice:
    steps = f" in steps of {step}" if step > 1 else ""
    text = f"A capacity of {asked} is not possible: it goes from {minimum} to {top}{steps}."
    return Choice(actions=(_choose(text),))


def left_of(quota: QuotaUse | None) -> int:
    """Return what is left of a quota; nothing where that is unknown."""
    if quota is None or quota.limit is None or quota.used is None:
        return 0
    return max(quota.limit - quota.used, 0)


def more_quota(quota: QuotaUse | None, needed: int) -> Action:
    """Return the action for too little quota, with the numbers."""
    limit, used = (quota.limit, quota.used) if quota else (None, None)
    numbers = f"{needed} needed, {used} of {limit} in use for {quota.key if quota else 'it'}"
    return errors.QUOTA.model_copy(
        update={"instruction": f"Not enough quota: {numbers}. {errors.QUOTA.instruction}"}
    )


def _choose(text: str) -> Action:
    return Action(
        kind=ActionKind.ENABLE_IN_CONSOLE,
        title="Choose otherwise",
        instruction=text,
        url="https://learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/deployment-types",
    )


def _requested(quota: QuotaUse | None, value: int) -> QuotaUse | None:
    return quota.model_copy(update={"requested": value}) if quota is not None else None


def _known(quota: QuotaUse | None) -> bool:
    return quota is not None and quota.limit is not None and quota.used is not None


def _whole(value: object) -> int | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e12:  # noqa: PLR2004 - no quota is larger
        return None
    return int(value)


def _unit(name: Mapping[str, Any]) -> str | None:
    words = name.get("localizedValue")
    return words if isinstance(words, str) and words else None
