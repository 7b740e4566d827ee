"""The harness by which the contract suite tries Aviary; needs the extra ``conformance``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from bonito_aviary.conformance_situations import SITUATIONS
from bonito_aviary.conformance_tables import ENDPOINTS, PLANS, REFUSALS, ROUTES
from bonito_aviary.emulator import AviaryService
from bonito_contract_tests import Access, Blocked, Harness, ModelTruth, Standing
from bonito_providers import ActionKind, Capacity, DeploymentRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bonito_contract_tests import Pasted, Planned, Refusal, Route, Situation

_KEY = {
    "endpoint": "https://acme.aviary.example",
    "api_key": "avk-acme-first-0123456789abcdef",
}
_CLIENT = {
    "client_id": "client-acme",
    "client_secret": "avs-acme+secret/0123456789abcdef==",
    "account_id": "acc-1001",
}
PRICE_KEYS = {
    "finch-2": "aviary/finch",
    "finch-embed": "aviary/finch-embed",
    "owl-1": "aviary/owl-1",
    "lark-4": "aviary/lark-4",
}
"""Price list of Aviary, January 2026; it has no others."""
_COLUMNS = {"sold_by": "partner", "terms_needed": "terms", "capacities": "skus"}
_SHOWN = ("publisher", "kind", "context_window", "lifecycle", "skus", *_COLUMNS)
"""What management's catalogue shows; its own names for some of it."""
_WRONG_KEY = {"api_key": "avk-acme-wrong-ffffffffffffffff"}
_WRONG_SECRET = {"client_secret": "avs-acme+wrong/ffffffffffffffff=="}


class AviaryHarness(Harness[AviaryService]):
    """Aviary with a key, and with a client of the account."""

    plugin = "bonito_aviary.plugin:provider"
    accesses: ClassVar[Sequence[Access]] = (
        Access(name="key", fields=_KEY, wrong=_WRONG_KEY),
        Access(
            name="management", fields={**_KEY, **_CLIENT}, wrong={**_WRONG_KEY, **_WRONG_SECRET}
        ),
    )
    deployable: ClassVar[Sequence[DeploymentRequest]] = (
        DeploymentRequest(model="finch-2@2"),
        DeploymentRequest(model="finch-embed@1"),
        DeploymentRequest(model="lark-4@10", name="morning"),
    )
    adoptable: ClassVar[Sequence[str]] = ("team-chat", "team-embed")
    unknown_model = DeploymentRequest(model="phoenix-1@1")
    blocked: ClassVar[Sequence[Blocked]] = (
        Blocked(
            request=DeploymentRequest(model="owl-1@1"),
            action=ActionKind.ACCEPT_TERMS,
            unblocked=DeploymentRequest(model="owl-1@1", consents=frozenset({"aviary_terms"})),
        ),
        Blocked(request=DeploymentRequest(model="wren-1@1"), action=ActionKind.REQUEST_QUOTA),
    )
    planned: ClassVar[Sequence[Planned]] = PLANS
    situations: ClassVar[Sequence[Situation]] = SITUATIONS
    hourly: ClassVar[Sequence[str]] = ("dedicated",)
    refusals: ClassVar[Sequence[Refusal]] = REFUSALS
    pasted: ClassVar[Sequence[Pasted]] = ENDPOINTS
    routes: ClassVar[Sequence[Route]] = ROUTES

    def cloud(self) -> AviaryService:
        """Return a service in which others have deployed something, and we have, once."""
        service = AviaryService()
        service.put_outside("team-chat", "finch-2")
        service.put_outside("team-embed", "finch-embed", capacity=5)
        service.put_outside("team-art", "heron-paint")
        service.put_outside("ours", "lark-4", owned=True)
        return service

    def models(self, cloud: AviaryService, access: Access) -> Collection[str]:
        """Return name and version of all rows that have a name."""
        return [
            f"{row['name']}@{each['version']}"
            for row in cloud.catalogue
            if "name" in row
            for each in row["versions"]
        ]

    def described(self, cloud: AviaryService, access: Access) -> Mapping[str, ModelTruth]:
        """Return what the catalogue's rows say, and under which key the price list has them."""
        shown = _SHOWN if access.name == "management" else ("publisher",)
        return {
            f"{row['name']}@{each['version']}": _truth(row, shown)
            for row in cloud.catalogue
            if "name" in row
            for each in row["versions"]
        }

    def skipped(self, cloud: AviaryService, access: Access) -> Collection[str]:
        """Return what a plugin calls the row without a name."""
        return ["(no name)"]

    def standing(self, cloud: AviaryService) -> Mapping[str, Standing]:
        """Return what stands in the account; its tags are seen with management only."""
        return {
            name: Standing(
                model=each.model,
                owned=each.tags.get("managed-by") == "bonito",
                ready=each.state == "ready",
                kind=each.kind,
                sku=each.sku,
                capacity=each.capacity,
            )
            for name, each in cloud.accounts[0].deployments.items()
            if each.state != "removing"
        }

    def creations(self, cloud: AviaryService) -> Sequence[str]:
        """Return what was created, from the bill."""
        return [charge.name for charge in cloud.bill if charge.what == "created"]

    def calls(self, cloud: AviaryService) -> int:
        """Return how many calls to models were billed."""
        return sum(charge.what == "called" for charge in cloud.bill)

    def paginate(self, cloud: AviaryService, size: int) -> bool:
        """Management lists come in pages."""
        cloud.page_size = size
        return True

    def fill_catalogue(self, cloud: AviaryService, count: int) -> bool:
        """Offer copies of the first bird under names of their own."""
        first = cloud.catalogue[0]
        copies = [{**first, "name": f"sparrow-{number:03}"} for number in range(count)]
        cloud.catalogue = [*cloud.catalogue, *copies]
        return True

    def put_outside(self, cloud: AviaryService, name: str, model: str) -> bool:
        """Let somebody else deploy a model."""
        cloud.put_outside(name, model)
        return True

    def remove_outside(self, cloud: AviaryService, name: str) -> bool:
        """Let somebody else take a deployment away."""
        cloud.remove_outside(name)
        return True

    def slow_down(self, cloud: AviaryService) -> bool:
        """Let building take three looks."""
        cloud.build_looks = 3
        return True

    def fail_builds(self, cloud: AviaryService, reason: str) -> bool:
        """Let building end in a failure that a person cannot mend."""
        cloud.build_looks, cloud.fail_build = 2, "internal"
        return True

    def be_busy(self, cloud: AviaryService) -> bool:
        """Turn the next write away."""
        cloud.busy = 1
        return True

    def expire_tokens(self, cloud: AviaryService) -> bool:
        """Accept no token any more."""
        cloud.expire_tokens()
        return True

    def finish(self, cloud: AviaryService) -> None:
        """End what is under way."""
        cloud.finish()


def _truth(row: Mapping[str, Any], shown: Collection[str]) -> ModelTruth:
    skus = row["skus"]
    known = [each for each in shown if row[_COLUMNS.get(each, each)] is not None]
    if not any(each.get("capacity") for each in skus or ()):
        known = [each for each in known if each != "capacities"]
    return ModelTruth(
        kind=row["kind"],
        publisher=row["publisher"],
        sold_by="partner" if row["partner"] else "first_party",
        terms_needed=row["terms"],
        context_window=row["context_window"],
        lifecycle=row["lifecycle"],
        skus=None if skus is None else [each["name"] for each in skus],
        capacities=None
        if skus is None
        else {each["name"]: _bounds(each.get("capacity", {})) for each in skus},
        price_key=PRICE_KEYS.get(row["name"]),
        shown=known,
    )


def _bounds(row: Mapping[str, int | None]) -> Capacity:
    return Capacity(
        minimum=row.get("min"),
        maximum=row.get("max"),
        step=row.get("step"),
        default=row.get("default"),
    )
