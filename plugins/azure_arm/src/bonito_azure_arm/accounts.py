"""Finding the account behind an endpoint, by what ARM says of it and never by its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bonito_azure_arm.errors import ResourceMissing
from bonito_providers.errors import InvalidRequest

if TYPE_CHECKING:
    from bonito_azure_arm.management import Management
    from bonito_providers.connection import Connection


@dataclass(frozen=True)
class Account:
    """A Cognitive Services account.

    Attributes:
        id: Its ARM id.
        name: Its name, which need not be its endpoint's label.
        kind: ``AIServices`` or ``OpenAI``, or whatever else.
        location: Its region.
        hosts: Every host ARM says it answers on, in lower case.
        keys_disabled: Whether it takes no keys.
    """

    id: str
    name: str
    kind: str
    location: str
    hosts: frozenset[str]
    keys_disabled: bool

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Account:
        """Read an account as ARM writes it.

        `endpoint` is a regional host where the account has no subdomain of its own; the hosts that
        serve are under `endpoints` (recorded traffic of October 2025).
        """
        found = body.get("properties")
        properties = found if isinstance(found, dict) else {}
        endpoints = properties.get("endpoints")
        addresses = [properties.get("endpoint")]
        addresses += list(endpoints.values()) if isinstance(endpoints, dict) else []
        hosts = {_host(each) for each in addresses if isinstance(each, str)}
        return cls(
            id=str(body.get("id", "")),
            name=str(body.get("name", "")),
            kind=str(body.get("kind", "")),
            location=str(body.get("location", "")),
            hosts=frozenset(host for host in hosts if host),
            keys_disabled=properties.get("disableLocalAuth") is True,
        )

    def answers_on(self, label: str) -> bool:
        """Whether one of its hosts has this label; the three hosts of a resource share it."""
        return any(host.partition(".")[0] == label for host in self.hosts)


async def find_account(
    connection: Connection,
    management: Management,
    *,
    label: str,
    kinds: Collection[str],
) -> Account:
    """Return the account behind an endpoint, found once for a connection.

    Args:
        connection: Whose.
        management: Its management.
        label: First label of the endpoint's host, in lower case.
        kinds: Kinds of account the provider works with.

    Raises:
        ResourceMissing: No account of the resource group answers on that host.
        InvalidRequest: The account named answers elsewhere, or is of another kind.
    """

    async def find() -> Account:
        name = management.access.account_name
        if name is not None:
            account = Account.parse(await management.account(name))
        else:
            listed = [Account.parse(each) for each in await management.accounts()]
            account = _answering(listed, label, management)
        if not account.answers_on(label):
            raise InvalidRequest(
                f"The account {account.name} does not answer on {label}: ARM names "
                f"{', '.join(sorted(account.hosts)) or 'no hosts'}.",
                hint="Check account_name and endpoint; they must be of the same resource.",
            )
        if account.kind not in kinds:
            raise InvalidRequest(
                f"The account {account.name} is of kind {account.kind}, not "
                f"{' or '.join(sorted(kinds))}.",
                hint="Use the provider for that kind of account.",
            )
        return account

    found: Account = await connection.once("azure_arm.account", find)
    return found


def _host(address: str) -> str:
    """Return an address's host in lower case; empty where it has none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower()


def _answering(listed: Sequence[Account], label: str, management: Management) -> Account:
    for account in listed:
        if account.answers_on(label):
            return account
    names = ", ".join(sorted(each.name for each in listed if each.name)) or "none"
    raise ResourceMissing(
        f"No account in the resource group {management.access.resource_group} answers on {label}.",
        hint=f"Accounts there: {names}. Check resource group and endpoint.",
    )
