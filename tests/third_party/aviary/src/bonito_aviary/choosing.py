"""Choosing SKU and capacity from what is offered, with the arithmetic shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bonito_aviary.errors import CONSOLE, QUOTA
from bonito_aviary.rows import QuotaRow, SkuRow
from bonito_providers.actions import Action, ActionKind
from bonito_providers.deployment import QuotaUse

PREFERRED = "shared"
"""Billed by use alone."""
_UNLIMITED = 10**9

Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class Choice(Generic[Chosen]):
    """What was chosen and why; while there is an action, nothing is deployed."""

    value: Chosen | None = None
    warnings: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    quota: QuotaUse | None = None


def otherwise(text: str) -> Action:
    """Return the action for a wish that Aviary does not fulfil."""
    return Action(
        kind=ActionKind.ENABLE_IN_CONSOLE,
        title="Choose otherwise",
        instruction=text,
        url=f"{CONSOLE}/models",
    )


def choose_sku(skus: Sequence[SkuRow] | None, asked: str | None) -> Choice[SkuRow]:
    """Return the SKU asked for, else the preferred one, else the first, with the reason."""
    if skus is None:
        name = asked or PREFERRED
        text = f"The catalogue does not tell how the model can be deployed; {name} is tried."
        return Choice(SkuRow(name=name), (text,))
    by_name = {sku.name: sku for sku in skus}
    names = ", ".join(by_name) or "nothing"
    if asked is not None and asked not in by_name:
        return Choice(actions=(otherwise(f"The model is offered as {names}, not as {asked}."),))
    if not by_name:
        return Choice(actions=(otherwise("The model cannot be deployed: no SKU is offered."),))
    chosen = by_name.get(asked or PREFERRED)
    if chosen is not None:
        return Choice(chosen)
    first = next(iter(by_name.values()))
    text = f"{first.name} is used because the model is not offered as {PREFERRED}."
    return Choice(first, (text,))


def quota_of(rows: Sequence[QuotaRow], sku: SkuRow, *, held: int) -> QuotaUse | None:
    """Return a SKU's quota, or None where it is not listed: unknown, not zero.

    Args:
        rows: As the account lists them.
        sku: Joined by its key.
        held: Capacity that the deployment to be changed uses of it already.
    """
    row = next((row for row in rows if row.key == sku.quota_key), None)
    if row is None:
        return None
    used = None if row.used is None else max(row.used - held, 0)
    return QuotaUse(key=row.key, limit=row.limit, used=used, unit=row.unit)


def choose_capacity(sku: SkuRow, asked: int | None, quota: QuotaUse | None) -> Choice[int]:
    """Return the capacity: as asked, else the default, within quota, bounds and step."""
    bounds = sku.capacity
    least, step = max(bounds.minimum or 1, 1), max(bounds.step or 1, 1)
    left = _left(quota)
    most = bounds.maximum if bounds.maximum is not None else _UNLIMITED
    wanted = asked if asked is not None else max(bounds.default or least, least)
    possible = least <= wanted <= most and (wanted - least) % step == 0
    if most < least or (asked is not None and not possible):
        steps = f" in steps of {step}" if step > 1 else ""
        text = f"A capacity of {wanted} is not possible: it goes from {least} to {most}{steps}."
        return Choice(actions=(otherwise(text),))
    if left is None:
        text = "The quota is unknown: the account does not tell it. It may refuse."
        value = min(wanted, most)
        return Choice(value - max(value - least, 0) % step, (text,), quota=_with(quota, value))
    if left < (asked or least):
        return Choice(actions=(_more(quota, asked or least),), quota=_with(quota, asked or least))
    value = min(wanted, most, left)
    value -= (value - least) % step
    warnings = [_arithmetic(quota, value)]
    if value < wanted:
        what = "quota" if left < most else "maximum"
        warnings.append(f"The usual capacity is {wanted}; the {what} leaves {value}.")
    return Choice(value, tuple(warnings), quota=_with(quota, value))


def _left(quota: QuotaUse | None) -> int | None:
    if quota is None or quota.limit is None or quota.used is None:
        return None
    return max(quota.limit - quota.used, 0)


def _with(quota: QuotaUse | None, value: int) -> QuotaUse | None:
    return None if quota is None else quota.model_copy(update={"requested": value})


def _arithmetic(quota: QuotaUse | None, value: int) -> str:
    if quota is None:
        return ""
    return f"Uses {value} of {quota.limit} for {quota.key}, {quota.used} in use."


def _more(quota: QuotaUse | None, needed: int) -> Action:
    numbers = (
        f"{needed} needed, {quota.used} of {quota.limit} in use for {quota.key}" if quota else ""
    )
    return QUOTA.model_copy(
        update={"instruction": f"Not enough quota: {numbers}. {QUOTA.instruction}"}
    )
