"""Situations of a region and an account, in each of which a plan is worked out by hand.

The models are made up; each has one trap of the real catalogue, as recorded or as told in the
issues that `planning` and `catalogue` name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bonito_emulators.azure import DEFAULT_SUBSCRIPTION, AzureCloud, Deployment, QuotaRow
from bonito_emulators.azure.arm_catalogue import Entry
from bonito_providers import ActionKind, DeploymentRequest

MODEL, VERSION = "bench-chat", "2026-01-01"
LIMIT, ELSEWHERE = 100, 40
LEFT = LIMIT - ELSEWHERE
BATCH = "GlobalBatch"
OTHERWISE = (ActionKind.ENABLE_IN_CONSOLE,)
MORE = (ActionKind.REQUEST_QUOTA,)
CHAT = {"chatCompletion": "true"}

Prepare = Callable[[AzureCloud], None]


class MadeUp(Entry):
    """An entry of the catalogue that is there for one situation."""


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A SKU as a catalogue entry offers it, with a row of the quota of its own.

    Attributes:
        name: Of the SKU.
        capacity: The bounds, as they go over the wire.
        quota: Limit and what is in use elsewhere; None is no row.
        retires: When it goes out of service.
    """

    name: str
    capacity: Mapping[str, int] = field(default_factory=lambda: {"maximum": 1000, "default": 10})
    quota: tuple[int, int] | None = (LIMIT, ELSEWHERE)
    retires: str | None = None

    def usage(self, model: str) -> str:
        """Return the name of the quota's row."""
        return f"OpenAI.{self.name}.{model}"

    def wire(self, model: str) -> dict[str, Any]:
        """Return the SKU as it goes over the wire."""
        row = {"name": self.name, "usageName": self.usage(model), "capacity": dict(self.capacity)}
        return row if self.retires is None else {**row, "deprecationDate": self.retires}


def made_up(kind: str, name: str, *, format: str = "OpenAI", **capabilities: str) -> MadeUp:
    """Return an entry of a model that is generally available and offered as nothing.

    Args:
        kind: Of the accounts that it is for.
        name: Of the model; its version is 1.
        format: Of the model.
        capabilities: As they go over the wire.
    """
    return MadeUp(
        kind=kind,
        model={
            "format": format,
            "name": name,
            "version": "1",
            "capabilities": capabilities,
            "lifecycleStatus": "GenerallyAvailable",
            "skus": [],
        },
    )


def wish(**more: object) -> DeploymentRequest:
    """Return a request for the model, with whatever else is wished for."""
    return DeploymentRequest.model_validate({"model": MODEL, **more})


def situation(
    kind: str,
    *skus: Offered,
    models: Sequence[str] = (MODEL,),
    versions: Sequence[str] = (VERSION,),
    default: str | None = None,
    lifecycles: Mapping[str, str] | None = None,
    retires: str | None = None,
    lasting: Sequence[str] = (),
    standing: Deployment | None = None,
    listed: bool = True,
) -> Prepare:
    """Return what brings a cloud into the situation.

    Args:
        kind: Of the accounts that the entries are for.
        skus: How each of the models is offered.
        models: Their names.
        versions: Of each.
        default: The version that is marked so; None is none.
        lifecycles: Version to its lifecycle, where it is another than the usual one.
        retires: When the models go out of service.
        lasting: Versions that do not.
        standing: What somebody has deployed before.
        listed: Whether ARM lists the quota.
    """

    def prepare(cloud: AzureCloud) -> None:
        cleared(cloud)
        for model in models:
            for version in versions:
                cycle = (lifecycles or {}).get(version, "GenerallyAvailable")
                entry: dict[str, Any] = {
                    "format": "OpenAI",
                    "name": model,
                    "version": version,
                    "isDefaultVersion": version == default,
                    "skus": [each.wire(model) for each in skus],
                    "capabilities": CHAT,
                    "lifecycleStatus": cycle,
                }
                if retires is not None and version not in lasting:
                    entry["deprecation"] = {"inference": retires}
                cloud.offer(MadeUp(kind=kind, model=entry))
            _set_quota(cloud, model, skus)
        cloud.subscription(DEFAULT_SUBSCRIPTION).usages_listed = listed
        if standing is not None:
            cloud.account("contoso").add(standing)

    return prepare


def cleared(cloud: AzureCloud) -> None:
    """Take away what an earlier situation has brought, and what was deployed in it."""
    account = cloud.account("contoso")
    kept = {each.name for each in cloud.entries(account.region) if not isinstance(each, MadeUp)}
    for each in account.standing():
        if each.model not in kept:
            account.remove(each.name)
    cloud.offer_only(kept)


def without_listing(cloud: AzureCloud) -> None:
    """Take the undocumented listing of deployments away."""
    cloud.account("contoso").legacy_listing = False


def used_up(sku: str) -> Prepare:
    """Return what leaves nothing of the quota, as when somebody else deployed meanwhile."""

    def prepare(cloud: AzureCloud) -> None:
        _set_quota(cloud, MODEL, [Offered(name=sku, quota=(LIMIT, LIMIT - 1))])

    return prepare


def _set_quota(cloud: AzureCloud, model: str, skus: Sequence[Offered]) -> None:
    rows = cloud.subscription(DEFAULT_SUBSCRIPTION).quota(cloud.account("contoso").region)
    for each in skus:
        name = each.usage(model)
        if each.quota is not None:
            limit, elsewhere = each.quota
            rows[name] = QuotaRow(name=name, limit=limit, elsewhere=elsewhere, localized=name)
