"""What the provider checks before it deploys: model, SKU, capacity, terms, quota."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from bonito_emulators.azure import arm_deployment_errors as errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.arm_call import ArmCall
    from bonito_emulators.azure.arm_catalogue import Entry
    from bonito_emulators.azure.arm_deployment_wire import Order
    from bonito_emulators.azure.deployments import Deployment

SKU_NAMES = frozenset(
    {
        "DataZoneBatch",
        "DataZoneProvisionedManaged",
        "DataZoneStandard",
        "DeveloperTier",
        "GlobalBatch",
        "GlobalProvisionedManaged",
        "GlobalStandard",
        "Provisioned",
        "ProvisionedManaged",
        "Standard",
    }
)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}")
_PROVIDER_FIELDS = ("industry", "organizationName", "countryCode")


def check_name(name: str) -> None:
    """Refuses a name no deployment can have; the pattern is that of accounts, assumed here too."""
    if not _NAME.fullmatch(name):
        raise errors.invalid_name(name)


def check_order(
    call: ArmCall, account: Account, order: Order, *, standing: Deployment | None
) -> tuple[Entry, int]:
    """Gives the entry and the capacity of an order that may be carried out.

    Raises:
        Refusal: anything about it is not to be had.
    """
    if account.kind in call.subscription.blocked_kinds:
        raise errors.special_feature_required(account.kind)
    offered = call.state.entries(account.region)
    if standing is not None:
        base = account.model_of(standing)
        if (base.format, base.name) != (order.format, order.name):
            raise errors.model_cannot_change()
    entry = _find(offered, order, kind=account.kind)
    _check_life(entry, now=call.state.clock.now())
    capacity = check_sku(call, account, entry, order.sku, order.capacity, standing=standing)
    if entry.format == "Anthropic":
        _check_provider_data(order.provider_data)
    if entry.marketplace and standing is None and call.subscription.marketplace_refusal is not None:
        raise errors.not_eligible(call.subscription.marketplace_refusal)
    return entry, capacity


def check_sku(
    call: ArmCall,
    account: Account,
    entry: Entry,
    name: str | None,
    capacity: object,
    *,
    standing: Deployment | None,
) -> int:
    """Gives the capacity, once SKU, range and quota are found to be right.

    Raises:
        Refusal: one of them is not.
    """
    # Without a SKU at the root the account's own is read: Azure/bicep#16642.
    name = name or "S0"
    if name not in SKU_NAMES:
        raise errors.invalid_sku_name(name)
    sku = entry.sku(name)
    if sku is None:
        others = [each for each in call.state.entries(account.region) if each.name == entry.name]
        if any(each.sku(name) for each in others):
            raise errors.sku_not_of_model(name, entry)
        raise errors.sku_not_in_region(name, entry, account.region)
    number = _in_range(capacity, sku["capacity"])
    _check_quota(call, account, str(sku["usageName"]), number, standing=standing)
    return number


def _find(offered: Iterable[Entry], order: Order, *, kind: str) -> Entry:
    """Finds the entry for this kind of account; without a version the default one.

    That partner models, which have no default version, then are refused is assumed.
    """
    found = [
        entry
        for entry in offered
        if (entry.kind, entry.format, entry.name) == (kind, order.format, order.name)
        and (entry.version == order.version if order.version else entry.model["isDefaultVersion"])
    ]
    if not found:
        raise errors.unknown_model(order.format, order.name, order.version)
    return found[0]


def _check_life(entry: Entry, *, now: datetime.datetime) -> None:
    if entry.lifecycle == "Deprecated":
        raise errors.retired_model(entry.name)
    if entry.lifecycle == "Deprecating":
        raise errors.deprecating_model(entry)
    retired = entry.retired_at
    if retired is not None and retired <= now:
        raise errors.deprecated_model(entry, retired)


def _in_range(given: object, bounds: Mapping[str, Any]) -> int:
    """Reads a capacity; none at all is out of range too: business-process-automation#259."""
    minimum, maximum = int(bounds.get("minimum", 1)), int(bounds["maximum"])
    whole = isinstance(given, int) and not isinstance(given, bool)
    if not whole or not minimum <= int(str(given)) <= maximum:
        shown = "" if given is None else given
        raise errors.invalid_capacity(shown, minimum=minimum, maximum=maximum)
    number = int(str(given))
    step = int(bounds.get("step", 1))
    if number % step:
        raise errors.invalid_step(number, step=step)
    return number


def _check_quota(
    call: ArmCall, account: Account, usage: str, capacity: int, *, standing: Deployment | None
) -> None:
    """Compares what is new with what is left; a SKU without a row has nothing left, assumed."""
    row = call.subscription.quota(account.region).get(usage)
    used = call.state.used(call.subscription, account.region)[usage]
    limit, elsewhere, title = (row.limit, row.elsewhere, row.title) if row else (0, 0, usage)
    before = 0
    if standing is not None and call.state.usage_of(account, standing) == usage:
        before = standing.capacity
    required = capacity - before
    if required > limit - elsewhere - used and required > 0:
        raise errors.insufficient_quota(
            title, required=required, used=elsewhere + used, limit=limit
        )


def _check_provider_data(data: Mapping[str, Any]) -> None:
    missing = [
        name for name in _PROVIDER_FIELDS if not isinstance(data.get(name), str) or not data[name]
    ]
    country = data.get("countryCode")
    if "countryCode" not in missing and not _COUNTRY.fullmatch(str(country)):
        missing.append("countryCode")
    if missing:
        raise errors.no_provider_data(missing)
