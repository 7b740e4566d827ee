"""What a region or an account offers, and how much of it is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bonito_emulators.azure.arm_pages import listing

if TYPE_CHECKING:
    from starlette.responses import Response

    from bonito_emulators.azure.arm_call import ArmCall


def of_location(call: ArmCall) -> Response:
    """Serves `GET locations/{location}/models`: wrapped entries of every kind, in one big page."""
    location = call.location
    items = [
        entry.wrapped(subscription=call.subscription.id, location=location)
        for entry in call.state.entries(location)
    ]
    return listing(call, items)


def of_account(call: ArmCall) -> Response:
    """Serves `GET accounts/{account}/models`: flat entries of the account's kind."""
    account = call.account()
    entries = call.state.entries(account.region)
    return listing(call, [dict(entry.model) for entry in entries if entry.kind == account.kind])


def location_usages(call: ArmCall) -> Response:
    """Serves `GET locations/{location}/usages`."""
    return listing(call, _usages(call, call.location))


def account_usages(call: ArmCall) -> Response:
    """Serves `GET accounts/{account}/usages`; assumed to be the rows of the account's region."""
    return listing(call, _usages(call, call.account().region))


def _usages(call: ArmCall, location: str) -> list[dict[str, Any]]:
    # A brand-new subscription has an empty list, which means unknown and not zero: azure-dev#8533.
    if not call.subscription.usages_listed:
        return []
    used = call.state.used(call.subscription, location)
    return [row.wire(used=used[row.name]) for row in call.subscription.quota(location).values()]
