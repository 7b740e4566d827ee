"""An emulated account with somebody who may manage it, and the command with a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bonito_emulators import Emulation, RequestLog
from bonito_emulators.azure import (
    COGNITIVE_SERVICES_USER,
    CONTRIBUTOR,
    DEFAULT_SUBSCRIPTION,
    DEFAULT_TENANT,
    Account,
    Application,
    AzureCloud,
    ClientSecret,
    Creation,
    Deployment,
    RoleAssignment,
    Subscription,
    Tenant,
)
from bonito_host.store.store import Store
from host.tests.forks import ForkedBonito, Forks

KEY = "canary-7c1f4e0b9a6d4c58a3f2e1d0c9b8a7f6"
SECRET = "canary~secret~5e8a1b7c3d9f2a6048c1"
CONNECTION = "prod"
FIELDS = {
    "azure_mode": "foundry",
    "endpoint": "https://contoso.services.ai.azure.com",
    "api_key": KEY,
    "tenant_id": DEFAULT_TENANT,
    "client_id": "11111111-2222-4333-8444-555555555555",
    "client_secret": SECRET,
    "subscription_id": DEFAULT_SUBSCRIPTION,
    "resource_group": "rg-ai",
    "account_name": "contoso",
}
SCOPE = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
AT_ONCE = Creation(propagation=Creation().wiring)


@dataclass(frozen=True)
class Managed:
    """Everything a test of the lifecycle looks at or turns."""

    emulation: Emulation
    cloud: AzureCloud
    bonito: ForkedBonito
    path: Path

    @property
    def log(self) -> RequestLog:
        return self.emulation.log

    @property
    def account(self) -> Account:
        return self.cloud.account("contoso")

    @property
    def application(self) -> Application:
        return self.cloud.directory.tenants[0].applications[0]

    @property
    def subscription(self) -> Subscription:
        return self.cloud.subscription(DEFAULT_SUBSCRIPTION)

    @property
    def store(self) -> Store:
        return Store(self.path)

    def bills(self, event: str) -> list[str]:
        """The names of deployments that this happened to."""
        return [each.deployment for each in self.cloud.bill.events if each.happening == event]

    def connect(self, **changes: str) -> None:
        """Store the connection as `bonito connect` would, without a process of its own."""
        self.store.connections.save(
            CONNECTION,
            provider="azure_foundry",
            cloud="azure",
            title="Azure AI Foundry",
            credentials={**FIELDS, **changes},
            report={"usable": True},
            replace=True,
        )


@contextmanager
def managed(folder: Path, forks: Forks) -> Iterator[Managed]:
    """Start a fresh cloud; the credentials are in the command's environment, not yet stored."""
    cloud = new_cloud()
    path = folder / "store" / "bonito.db"
    with Emulation(cloud) as emulation:
        variables = {
            **emulation.environment(),
            **{f"BONITO_CREDENTIAL_{name.upper()}": value for name, value in FIELDS.items()},
            "BONITO_STORE": str(path),
        }
        yield Managed(emulation, cloud, ForkedBonito(folder, variables, forks=forks), path)
        assert emulation.log.violations == []


def new_cloud() -> AzureCloud:
    account = Account(
        name="contoso",
        keys=(KEY, KEY[::-1]),
        deployments=[Deployment(name="taken", model="DeepSeek-V3.1")],
        creation=AT_ONCE,
    )
    application = Application(
        client_id=FIELDS["client_id"],
        secrets=[ClientSecret(value=SECRET)],
        roles=[
            RoleAssignment(role=CONTRIBUTOR, scope=SCOPE),
            RoleAssignment(role=COGNITIVE_SERVICES_USER, scope=SCOPE),
        ],
    )
    tenant = Tenant(id=DEFAULT_TENANT, applications=[application])
    return AzureCloud([account], tenants=[tenant])


def words_of(value: Any) -> str:
    """All text of a run, its line breaks taken out."""
    return " ".join(f"{value.stdout} {value.stderr}".split())
