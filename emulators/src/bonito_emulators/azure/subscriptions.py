"""A subscription: what it may do, and what it may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bonito_emulators.azure.quota import QuotaRow, bundled_quota

if TYPE_CHECKING:
    from bonito_emulators.azure.operations import Failure

DEFAULT_SUBSCRIPTION = "5b0f7a52-6c1e-4d37-9a43-2f8e1c6d9b10"
DEFAULT_TENANT = "8f3c2b1a-90de-4c57-8a6b-71e4d5f0c2a9"


@dataclass(kw_only=True)
class Subscription:
    """A customer's subscription; attributes are switches for tests.

    Attributes:
        resource_groups: further ones, beside those of its accounts.
        registered: False makes every call a 409, until the provider is registered.
        blocked_kinds: kinds of account this sort of subscription may not deploy in.
        usages_listed: False gives an empty list, as brand-new subscriptions do; limits still hold.
        marketplace_refusal: why nothing can be bought, at once; in the words within the brackets.
        marketplace_failure: how buying fails, minutes later.
    """

    id: str = DEFAULT_SUBSCRIPTION
    tenant_id: str = DEFAULT_TENANT
    resource_groups: set[str] = field(default_factory=set)
    registered: bool = True
    blocked_kinds: frozenset[str] = frozenset()
    usages_listed: bool = True
    marketplace_refusal: str | None = None
    marketplace_failure: Failure | None = None

    def __post_init__(self) -> None:
        """Starts with the bundled quota everywhere."""
        self._quotas: dict[str, dict[str, QuotaRow]] = {}

    def quota(self, location: str) -> dict[str, QuotaRow]:
        """Gives the rows of a region by name, to look at or to change."""
        return self._quotas.setdefault(location.lower(), bundled_quota())

    def replace_quota(self, location: str, rows: dict[str, QuotaRow]) -> None:
        """Takes other rows for a region."""
        self._quotas[location.lower()] = rows
