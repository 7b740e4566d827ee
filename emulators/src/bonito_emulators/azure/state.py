"""Everything the emulated cloud knows, shared by its hosts."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING

from bonito_emulators.azure.arm_catalogue import (
    Entry,
    bundled_entries,
    bundled_locations,
    recorded_entries,
)
from bonito_emulators.azure.bill import Bill
from bonito_emulators.azure.clock import Clock
from bonito_emulators.azure.directory import Directory, Tenant
from bonito_emulators.azure.quota import recorded_quota
from bonito_emulators.azure.subscriptions import DEFAULT_TENANT, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from bonito_emulators.azure.accounts import Account
    from bonito_emulators.azure.deployments import Deployment
    from bonito_emulators.azure.operations import Operation


class State:
    """Directory, subscriptions, catalogues and accounts.

    Attributes:
        page_size: how many items ARM puts on a page; all of them when None.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        tenants: Iterable[Tenant],
        subscriptions: Iterable[Subscription],
        clock: Clock,
    ) -> None:
        self.clock = clock
        self.bill = Bill()
        self.directory = Directory(tenants, clock=clock)
        self.accounts = list(accounts)
        self.subscriptions = {each.id.lower(): each for each in subscriptions}
        self.operations: dict[str, Operation] = {}
        self.page_size: int | None = None
        self.pages: dict[str, tuple[str, int]] = {}
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._everywhere = bundled_entries()
        self._locations = dict(bundled_locations())
        for account in self.accounts:
            account.use(clock)
            self._add_subscription(account.subscription_id)

    def account(self, name: str) -> Account:
        """Gives an account.

        Raises:
            KeyError: there is none of that name.
        """
        for account in self.accounts:
            if account.name.lower() == name.lower():
                return account
        raise KeyError(name)

    def accounts_of(self, subscription: Subscription, group: str | None = None) -> list[Account]:
        """Gives the accounts of a subscription, or of one of its resource groups."""
        return [
            account
            for account in self.accounts
            if account.subscription_id.lower() == subscription.id.lower()
            and (group is None or account.resource_group.lower() == group.lower())
        ]

    def location(self, name: str) -> str | None:
        """Gives a region as ids spell it; None when there is no such region."""
        key = name.lower().replace(" ", "")
        known = {account.region.lower(): account.region for account in self.accounts}
        return self._locations.get(key, known.get(key))

    @property
    def locations(self) -> list[str]:
        """The regions that exist."""
        return sorted({*self._locations, *(account.region.lower() for account in self.accounts)})

    def entries(self, location: str) -> tuple[Entry, ...]:
        """Gives a region's catalogue."""
        return self._entries.get(location.lower(), self._everywhere)

    def offer_only(self, names: Collection[str]) -> None:
        """Leaves only the models of these names, in ARM's catalogues and on the data planes."""
        self._everywhere = _named(self._everywhere, names)
        self._entries = {place: _named(each, names) for place, each in self._entries.items()}
        for account in self.accounts:
            standing = {account.model_of(each) for each in account.standing()}
            account.catalogue = tuple(
                model for model in account.catalogue if model.name in names or model in standing
            )

    def offer(self, entries: Iterable[Entry]) -> None:
        """Adds entries, in ARM's catalogues and on the data planes."""
        more = tuple(entries)
        self._everywhere += more
        self._entries = {place: (*each, *more) for place, each in self._entries.items()}
        for account in self.accounts:
            served = {each.served_model(): None for each in more}
            account.catalogue += tuple(each for each in served if each not in account.catalogue)

    def entry_of(self, account: Account, deployment: Deployment) -> Entry | None:
        """Finds the entry a deployment was made from; without a version the last one listed."""
        return next(
            (
                entry
                for entry in reversed(self.entries(account.region))
                if entry.name == deployment.model and deployment.version in (None, entry.version)
            ),
            None,
        )

    def used(self, subscription: Subscription, location: str) -> Counter[str]:
        """Counts the capacity that the accounts of a region take from each row of its quota."""
        found: Counter[str] = Counter()
        for account in self.accounts_of(subscription):
            if account.region.lower() == location.lower():
                for deployment in account.standing():
                    if (usage := self.usage_of(account, deployment)) is not None:
                        found[usage] += deployment.capacity
        return found

    def next_page(self, path: str, offset: int) -> str:
        """Makes a token for what follows on a page."""
        token = secrets.token_urlsafe(24)
        self.pages[token] = (path, offset)
        return token

    def load_recorded(self, models: Path, usages: Path) -> str:
        """Takes a region's catalogue and quota from recorded answers; gives the region's name."""
        written, entries = recorded_entries(models)
        location = written.lower()
        self._locations[location] = written
        self._entries[location] = entries
        served = tuple(entry.served_model() for entry in entries)
        for account in self.accounts:
            if account.region.lower() == location:
                standing = {account.model_of(each) for each in account.standing()}
                account.catalogue = (*served, *(standing - set(served)))
        for subscription in self.subscriptions.values():
            subscription.replace_quota(location, recorded_quota(usages))
        return location

    def usage_of(self, account: Account, deployment: Deployment) -> str | None:
        """Gives the row of the quota that a deployment counts in, where it counts."""
        entry = self.entry_of(account, deployment)
        sku = entry.sku(deployment.sku) if entry is not None else None
        # Assumed: what failed gives its quota back.
        if sku is None or deployment.provisioning_state == "Failed":
            return None
        return str(sku["usageName"])

    def _add_subscription(self, identity: str) -> None:
        tenant = self.directory.tenants[0].id if self.directory.tenants else DEFAULT_TENANT
        self.subscriptions.setdefault(identity.lower(), Subscription(id=identity, tenant_id=tenant))


def _named(entries: Iterable[Entry], names: Collection[str]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.name in names)
