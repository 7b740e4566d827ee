"""Calls that change nothing: what checks about connections make many of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bonito_providers import Capability

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Access
    from bonito_providers import Connection

Read = Callable[["Connection"], Awaitable[object]]


def extremes(bench: Bench) -> list[Access]:
    """Return the access that can do the least and the one that can do the most."""
    accesses = bench.harness.accesses
    return [accesses[0], *accesses[1:][-1:]]


def reads(bench: Bench, access: Access) -> dict[str, Read]:
    """Return the hooks that read the account, by name, as far as an access can use them."""
    provider = bench.provider
    needed: dict[str, tuple[Capability, Read]] = {
        "check_credentials": (Capability.CHECK, provider.check_credentials),
        "list_models": (Capability.LIST_MODELS, provider.list_models),
        "list_deployments": (Capability.LIST_DEPLOYMENTS, provider.list_deployments),
    }
    available = bench.capabilities(access)
    return {name: read for name, (needs, read) in needed.items() if needs in available}
