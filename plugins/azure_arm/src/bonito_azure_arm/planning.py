"""Choosing version, SKU and capacity from what the API offers, with the arithmetic shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bonito_azure_arm import errors
from bonito_azure_arm.catalogue import Entry
from bonito_azure_arm.documents import mapping, text, whole
from bonito_providers.actions import Action, ActionKind
from bonito_providers.catalog import Model, Skipped, Sku
from bonito_providers.deployment import QuotaUse
from bonito_providers.errors import ModelNotFound

ENDING = ("Deprecating", "Deprecated")
"""`lifecycleStatus` of versions that take no new deployments (microsoft-foundry-for-vscode#557)."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*")
_COMPACT_DATE = re.compile(r"\d{8}")
_PLENTY = 10**15
"""More than any number that `whole` reads."""


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
    close = [names[each] for each in difflib.get_close_matches(name.casefold(), names)]
    if same:
        text = f"{name} has no version {version} in this region."
        hint = f"Its versions are {', '.join(sorted(str(each.version) for each in same))}."
    else:
        text = f"The catalogue of this region has no model {name}."
        hint = "List the models: names are written as there."
        hint += f" Names like it: {', '.join(close)}." if close else ""
    left_out = f".{name}.{version or ''}".casefold()
    for each in skipped:
        if each.id == name or left_out in each.id.casefold():
            text = f"{each.id} cannot be deployed: {each.reason}."
    return ModelNotFound(text, hint=hint)


def _age(entry: Entry) -> tuple[bool, bool, int, str, str]:
    # Versions are numbers ("5"), dates ("2025-04-14"), both with suffixes, words, and, in an older
    # scheme that numbers have replaced, dates without hyphens ("20250929").
    version = str(entry.model.version)
    head = version.partition("-")[0]
    numeric = head.isascii() and head.isdecimal()
    # By digits, as no number is too long then to be compared; "007" is 7, and any is above a word.
    number = head.lstrip("0") if numeric else ""
    dated = _DATE.fullmatch(version) is not None
    numbered = _COMPACT_DATE.fullmatch(version) is None
    return (dated, numbered, len(number) if numeric else -1, number, version)


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
        usages: As ARM lists them. A new subscription's list is empty, which tells nothing; nor
            does a row without its limit or what is in use.
        key: The SKU's quota key; rows are joined by it, never by a name made up.
        standing: Capacity that the deployment to be changed holds already.
    """
    for row in usages:
        name = mapping(row.get("name"))
        limit, used = whole(row.get("limit")), whole(row.get("currentValue"))
        if key and name.get("value") == key and limit is not None and used is not None:
            unit = text(name.get("localizedValue"))
            return QuotaUse(key=key, limit=limit, used=max(used - standing, 0), unit=unit)
    return None


def choose_capacity(sku: Sku, asked: int | None, quota: QuotaUse | None) -> Choice:
    """Return the capacity: as asked, else the SKU's default, within quota, maximum and step.

    A SKU's default can exceed the quota, and the maximum of shared rows can be one, so neither is
    sent unlooked.
    """
    bounds = sku.capacity
    minimum, step = bounds.minimum or 1, bounds.step or 1
    left = left_of(quota) if quota else _PLENTY
    top = left if bounds.maximum is None else min(left, bounds.maximum)
    if quota and left < minimum:
        return Choice(actions=(more_quota(quota, minimum),), quota=_requested(quota, minimum))
    if top < minimum:
        return _refused_capacity(asked or minimum, minimum, top, step)
    wanted = asked if asked is not None else (bounds.default or minimum)
    if asked is not None and (asked > top or asked < minimum or (asked - minimum) % step):
        if quota and asked > left:
            return Choice(actions=(more_quota(quota, asked),), quota=_requested(quota, asked))
        return _refused_capacity(asked, minimum, top, step)
    value = max(minimum, min(wanted, top))
    value -= (value - minimum) % step
    warnings: list[str] = []
    if value < wanted:
        limit = f"step of {step}" if wanted <= top else "quota" if top == left else "maximum"
        warnings.append(f"The usual capacity is {wanted}; the {limit} leaves {value}.")
    if quota:
        warnings.append(f"Uses {value} of {quota.limit}, {quota.used} in use.")
    else:
        warnings.append("The quota is unknown: Azure does not tell it. It may refuse.")
    return Choice(value, tuple(warnings), quota=_requested(quota, value))


def _refused_capacity(asked: int, minimum: int, top: int, step: int) -> Choice:
    steps = f" in steps of {step}" if step > 1 else ""
    end = f"to {top}" if top < _PLENTY else "on"
    text = f"A capacity of {asked} is not possible: it goes from {minimum} {end}{steps}."
    return Choice(actions=(_choose(text),))


def left_of(quota: QuotaUse) -> int:
    """Return what is left of a quota whose row tells limit and use."""
    return max((quota.limit or 0) - (quota.used or 0), 0)


def more_quota(quota: QuotaUse, needed: int) -> Action:
    """Return the action for too little quota, with the numbers."""
    numbers = f"{needed} needed, {quota.used} of {quota.limit} in use for {quota.key}"
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
    return quota.model_copy(update={"requested": value}) if quota else None
