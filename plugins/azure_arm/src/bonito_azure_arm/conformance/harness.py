"""The emulated Azure with one account, steered as the contract suite needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Literal

from bonito_contract_tests import Access, Harness, ModelTruth, Standing
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
    Failure,
    Pace,
    RoleAssignment,
    Tenant,
)
from bonito_emulators.azure.arm_catalogue import Entry
from bonito_providers import Capacity

KEY = "first-key-of-contoso-5b1e8f0c97aa4d"
OTHER_KEY = "second-key-of-contoso-0d9c7b6a5e4f3"
WRONG_KEY = "a-key-of-nobody-4f6b2a1c9d8e7f60"
TENANT = DEFAULT_TENANT
CLIENT = "66666666-7777-4888-9999-000000000000"
SECRET = "Kq7~the.secret.of.the.application-2Xw"  # noqa: S105 - of the emulated application
WRONG_SECRET = "Zz9~a.secret.of.nobody-8Yt4"  # noqa: S105 - of nobody
GROUP = "rg-ai"

PRINCIPAL = {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}
PLACE = {"subscription_id": DEFAULT_SUBSCRIPTION, "resource_group": GROUP}
OWN = {"managed-by": "bonito-providers"}
"""The tag by which both providers know what this project made."""

_A_WHILE = Pace(looks=4, seconds=60)
_A_MOMENT = Pace(looks=1, seconds=60)
_LONGER_THAN_ANY = 61.0
"""Seconds; short beside the hour that a token lives."""
_KINDS = {"embeddings": "embedding", "other": None}
_TOLD = ("chatCompletion", "embeddings", "imageGenerations", "completion")
"""Capabilities of ARM's entries that say what a model is for."""
HOURLY = (
    "ProvisionedManaged",
    "DataZoneProvisionedManaged",
    "GlobalProvisionedManaged",
)
"""Provisioned throughput is billed by the hour (pricing of Azure OpenAI, provisioned types)."""

PRICES = {
    ("gpt-4o", "2024-08-06"): "azure/gpt-4o-2024-08-06",
    ("gpt-4o", "2024-11-20"): "azure/gpt-4o-2024-11-20",
    ("gpt-4o-mini", "2024-07-18"): "azure/gpt-4o-mini-2024-07-18",
    ("gpt-5-mini", "2025-08-07"): "azure/gpt-5-mini-2025-08-07",
    ("text-embedding-3-small", "1"): "azure/text-embedding-3-small",
}
"""Rows of LiteLLM's price file, for some of the models."""


class AzureHarness(Harness[AzureCloud]):
    """The emulated Azure with one account to work with; a subclass fills it and says the rest.

    Attributes:
        account_kind: The kind of account whose catalogue entries count.
        sku: How somebody else would deploy.
    """

    hourly: ClassVar[Sequence[str]] = HOURLY
    account_kind: ClassVar[str]
    sku: ClassVar[str]

    def account(self, cloud: AzureCloud) -> Account:
        """Return the account that the credentials are for."""
        return cloud.account("contoso")

    def models(self, cloud: AzureCloud, access: Access) -> Collection[str]:
        """Return the ids of what is in service, as the plane that is asked writes them."""
        return [name for name, retired in self._listed(cloud, access).items() if not retired]

    def skipped(self, cloud: AzureCloud, access: Access) -> Collection[str]:
        """Return the ids of what the catalogue still lists although it is retired."""
        return [name for name, retired in self._listed(cloud, access).items() if retired]

    def described(self, cloud: AzureCloud, access: Access) -> Mapping[str, ModelTruth]:
        """Return what the entries of the plane that is asked say; the rest is not compared."""
        account = self.account(cloud)
        if "subscription_id" in access.fields:
            truths = {
                f"{each.format}.{each.name}.{each.version}": _truth(each)
                for each in cloud.entries(account.region)
                if each.kind == self.account_kind
            }
        else:
            truths = {
                each.id: ModelTruth(
                    kind=_KINDS.get(each.kind, each.kind),
                    retires_at=_moment(each.retirement),
                    lifecycle=each.lifecycle_status,
                    price_key=PRICES.get((each.name, each.version)),
                    shown=_shown(
                        kind=each.kind in ("chat", "embeddings", "completion"),
                        lifecycle=True,
                        retires_at=each.retirement is not None,
                    ),
                )
                for each in account.catalogue
            }
        return {name: truths[name] for name in self.models(cloud, access) if name in truths}

    def standing(self, cloud: AzureCloud) -> Mapping[str, Standing]:
        """Return the deployments of the account."""
        account = self.account(cloud)
        return {each.name: _standing(account, each) for each in account.standing()}

    def creations(self, cloud: AzureCloud) -> Sequence[str]:
        """Return what was made, and what is being made."""
        over = [each for each in cloud.bill.events if each.happening in ("created", "failed")]
        pending = ("Accepted", "Creating")
        under_way = self.account(cloud).standing()
        return [each.deployment for each in over] + [
            each.name for each in under_way if each.provisioning_state in pending
        ]

    def paginate(self, cloud: AzureCloud, size: int) -> bool:
        """Let ARM's lists and the project's come in pages; the other lists have none."""
        cloud.page_size = self.account(cloud).project_page_size = size
        return True

    def put_outside(self, cloud: AzureCloud, name: str, model: str) -> None:
        """Deploy without any tag."""
        self.account(cloud).add(Deployment(name=name, model=model, sku=self.sku, capacity=1))

    def remove_outside(self, cloud: AzureCloud, name: str) -> None:
        """Delete at once; what is being made first has to end, as ARM writes one at a time."""
        standing = self.account(cloud).deployment(name)
        if standing is not None and standing.operation is not None:
            self.finish(cloud)
        self.account(cloud).remove(name)

    def slow_down(self, cloud: AzureCloud) -> bool:
        """Let deployments go on as a long operation, in the shape that names its address."""
        creation = Creation(shape="header", pace=_A_WHILE, propagation=_A_MOMENT)
        self.account(cloud).creation = creation
        return True

    def fail_builds(self, cloud: AzureCloud, reason: str) -> bool:
        """Let the long operation end as the marketplace's do: failed, in an answer of 200."""
        failure = Failure(code="InternalServerError", message=reason)
        creation = Creation(shape="header", pace=_A_WHILE, failure=failure)
        self.account(cloud).creation = creation
        return True

    def be_busy(self, cloud: AzureCloud) -> bool:
        """Let somebody else be writing: ARM answers 409 RequestConflict, once."""
        self.account(cloud).hold_writes(Pace(looks=1))
        return True

    def hide_deployments(self, cloud: AzureCloud) -> bool:
        """Take the undocumented listing away; what is left is ARM's, and that of a project."""
        self.account(cloud).legacy_listing = False
        return True

    def finish(self, cloud: AzureCloud) -> None:
        """Let the time pass that operations and the spreading of news take."""
        cloud.advance(_LONGER_THAN_ANY)
        for each in self.account(cloud).standing():
            if each.operation is not None:
                each.operation.settle()

    def _listed(self, cloud: AzureCloud, access: Access) -> dict[str, bool]:
        """Return everything the catalogue lists, and whether it is retired."""
        account, now = self.account(cloud), cloud.clock.now()
        if "subscription_id" in access.fields:
            return {
                f"{each.format}.{each.name}.{each.version}": _before(each.retired_at, now)
                for each in cloud.entries(account.region)
                if each.kind == self.account_kind
            }
        return {
            each.id: each.retirement is not None and each.retirement <= now.timestamp()
            for each in account.catalogue
        }


def account(kind: Literal["AIServices", "OpenAI"], *standing: Deployment) -> Account:
    """Make the account of the credentials, in which a new deployment answers after one refusal."""
    return Account(
        name="contoso",
        kind=kind,
        keys=(KEY, OTHER_KEY),
        deployments=list(standing),
        projects=("team",) if kind == "AIServices" else (),
        resource_group=GROUP,
        creation=Creation(propagation=_A_MOMENT),
    )


def tenant() -> Tenant:
    """Make the directory whose one application may deploy and call."""
    scope = f"/subscriptions/{DEFAULT_SUBSCRIPTION}"
    application = Application(
        client_id=CLIENT,
        secrets=[ClientSecret(value=SECRET)],
        roles=[
            RoleAssignment(role=role, scope=scope)
            for role in (CONTRIBUTOR, COGNITIVE_SERVICES_USER)
        ],
    )
    return Tenant(id=TENANT, applications=[application])


def _truth(entry: Entry) -> ModelTruth:
    kind, skus = entry.served_model().kind, entry.model.get("skus")
    capabilities = entry.model.get("capabilities", {})
    window = capabilities.get("maxContextToken")
    return ModelTruth(
        kind=_KINDS.get(kind, kind),
        sold_by="partner" if entry.marketplace else "first_party",
        terms_needed=entry.marketplace,
        price_key=PRICES.get((entry.name, entry.version)),
        context_window=None if window is None else int(window),
        lifecycle=entry.lifecycle,
        retires_at=entry.retired_at,
        skus=None if skus is None else [str(each["name"]) for each in skus],
        capacities={str(each["name"]): Capacity(**each["capacity"]) for each in skus or ()} or None,
        shown=_shown(
            kind=any(capabilities.get(each) == "true" for each in _TOLD),
            context_window=window is not None,
            lifecycle=True,
            retires_at=entry.retired_at is not None,
            skus=skus is not None,
            capacities=bool(skus),
        ),
    )


def _shown(**told: bool) -> list[str]:
    return [name for name, there in told.items() if there]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _standing(account: Account, deployment: Deployment) -> Standing:
    kind = account.model_of(deployment).kind
    return Standing(
        model=deployment.model,
        owned=(deployment.tags or {}).items() >= OWN.items(),
        ready=deployment.provisioning_state == "Succeeded",
        kind=_KINDS.get(kind, kind) or "other",
        sku=deployment.sku,
        capacity=deployment.capacity,
    )


def _before(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
