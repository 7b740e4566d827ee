"""Plans worked out by hand, for any provider that deploys by ARM."""

from __future__ import annotations

from collections.abc import Iterator

from bonito_azure_arm.conformance.capacity_plans import among_others, of_capacity
from bonito_azure_arm.conformance.situations import (
    BATCH,
    MODEL,
    OTHERWISE,
    VERSION,
    Offered,
    situation,
    wish,
)
from bonito_azure_arm.conformance.standing_plans import of_what_stands
from bonito_contract_tests import Planned
from bonito_providers.errors import InvalidRequest, ModelNotFound


def planned(kind: str, sku: str, *, residency: str, second: str = "") -> tuple[Planned, ...]:
    """Return the plans.

    Args:
        kind: Of the account.
        sku: What the provider takes unasked.
        residency: What is said of where its data are processed.
        second: What it takes where that is not on offer; empty is nothing.
    """
    return (
        *_of_versions(kind, sku),
        *_of_skus(kind, sku, residency),
        *_second_best(kind, sku, second),
        *of_capacity(kind, sku),
        among_others(kind, sku),
        *of_what_stands(kind, sku),
        *_of_names(kind, sku),
    )


def _of_versions(kind: str, sku: str) -> Iterator[Planned]:
    offered = Offered(name=sku)
    older, newer = "2025-04-14", "2026-01-01"
    two = situation(kind, offered, versions=(older, newer), default=older)
    ending = {newer: "Deprecating", older: "Deprecated"}
    yield Planned(name="the default is not the newest", request=wish(), prepare=two, version=older)
    yield Planned(
        name="another version than the default",
        request=wish(version=newer),
        prepare=two,
        version=newer,
        region="swedencentral",
    )
    yield Planned(
        name="the name in other letters",
        request=wish(model=MODEL.upper()),
        prepare=two,
        version=older,
    )
    yield Planned(
        name="by its id", request=wish(model=f"OpenAI.{MODEL}.{newer}"), prepare=two, version=newer
    )
    yield Planned(
        name="by its id, in another version",
        request=wish(model=f"OpenAI.{MODEL}.{newer}", version=older),
        prepare=two,
        version=older,
    )
    for versions, best in (
        ((newer, older), newer),
        (("5", "10", "9"), "10"),
        (("9-beta", "10-beta"), "10-beta"),
        (("001", "2"), "2"),
        (("01", "9"), "9"),
        (("0", "latest"), "0"),
        (("2", "20250929"), "2"),
        (("7", "3000", older, "preview"), older),
    ):
        yield Planned(
            name=f"no default among {', '.join(versions)}",
            request=wish(),
            prepare=situation(kind, offered, versions=versions),
            version=best,
        )
    yield Planned(
        name="the default takes no new deployments",
        request=wish(),
        prepare=situation(
            kind, offered, versions=(older, newer), default=newer, lifecycles={newer: "Deprecating"}
        ),
        version=older,
    )
    yield Planned(
        name="no version takes new deployments",
        request=wish(),
        prepare=situation(kind, offered, versions=(older, newer), lifecycles=ending),
        version=newer,
        actions=OTHERWISE,
        says=("Deprecating", "Quota is left for"),
    )
    yield Planned(
        name="a version that is called legacy, and retires one day",
        request=wish(),
        prepare=situation(
            kind, offered, lifecycles={VERSION: "Legacy"}, retires="2099-12-31T00:00:00Z"
        ),
        version=VERSION,
        says=("Legacy", "2099-12-31"),
    )
    yield Planned(
        name="no such version",
        request=wish(version="1999-01-01"),
        prepare=two,
        refused=ModelNotFound,
        says=("1999-01-01", older, newer),
    )
    yield Planned(
        name="a slip in the name",
        request=wish(model="bensh-chat"),
        prepare=two,
        refused=ModelNotFound,
        says=("bensh-chat", MODEL),
    )
    yield Planned(
        name="a name like no other",
        request=wish(model="zz9"),
        prepare=two,
        refused=ModelNotFound,
        says=("no model zz9", "List the models"),
        unsaid=("Names like it",),
    )
    yield Planned(
        name="retired",
        request=wish(),
        prepare=situation(kind, offered, retires="2024-06-14T00:00:00Z"),
        refused=ModelNotFound,
        says=("2024-06-14",),
    )
    yield Planned(
        name="retired without a time zone, in one version of two",
        request=wish(version=VERSION),
        prepare=situation(
            kind,
            offered,
            versions=(VERSION, "2026-02-02"),
            retires="2024-06-14T00:00:00",
            lasting=("2026-02-02",),
        ),
        refused=ModelNotFound,
        says=("2024-06-14",),
    )


def _of_skus(kind: str, sku: str, residency: str) -> Iterator[Planned]:
    gone = Offered(name=sku, retires="2024-06-14T00:00:00Z")
    yield Planned(
        name="a SKU that is on offer for some time yet",
        request=wish(),
        prepare=situation(kind, Offered(name=sku, retires="2099-12-31T00:00:00Z")),
        sku=sku,
        says=(residency,),
    )
    yield Planned(
        name="only for batches and for tuned models",
        request=wish(),
        prepare=situation(kind, Offered(name=BATCH), Offered(name=f"{sku}-finetune")),
        actions=OTHERWISE,
        says=(BATCH,),
        unsaid=("-finetune",),
    )
    yield Planned(
        name="no SKU at all",
        request=wish(),
        prepare=situation(kind, gone),
        actions=OTHERWISE,
        says=("no SKU is offered",),
    )
    yield Planned(
        name="one that was asked for, and none is left",
        request=wish(sku=BATCH),
        prepare=situation(kind, gone),
        actions=OTHERWISE,
        says=(f"not offered as {BATCH}, only as: none.",),
    )
    yield Planned(
        name="a SKU that it has not",
        request=wish(sku="DataZoneBatch"),
        prepare=situation(kind, Offered(name=sku), Offered(name=BATCH)),
        actions=OTHERWISE,
        says=("DataZoneBatch", f"{sku}, {BATCH}"),
    )
    yield Planned(
        name="a SKU that was asked for",
        request=wish(sku=BATCH),
        prepare=situation(kind, Offered(name=sku), Offered(name=BATCH)),
        sku=BATCH,
        capacity=10,
    )


def _second_best(kind: str, sku: str, second: str) -> Iterator[Planned]:
    if second:
        yield Planned(
            name="the best SKU is not on offer",
            request=wish(),
            prepare=situation(kind, Offered(name=BATCH), Offered(name=second)),
            sku=second,
            says=(f"{second} is used because the model is not offered as {sku}.",),
        )


def _of_names(kind: str, sku: str) -> Iterator[Planned]:
    for model, name in (
        ("bench chat/1", "bench-chat-1"),
        ("_bench.", "bench"),
        ("b", "model-b"),
        ("@", "model-x"),
        ("b" * 70, "b" * 64),
    ):
        yield Planned(
            name=f"the name for {model}",
            request=wish(model=model),
            prepare=situation(kind, Offered(name=sku), models=(model,)),
            called=name,
        )
    for name in ("x", "-bench", "y" * 65, "be nch"):
        yield Planned(
            name=f"called {name}",
            request=wish(name=name),
            prepare=situation(kind, Offered(name=sku)),
            refused=InvalidRequest,
            says=(name, "2 to 64"),
        )
    yield Planned(
        name="a name of the greatest length",
        request=wish(name="y" * 64),
        prepare=situation(kind, Offered(name=sku)),
        called="y" * 64,
    )
