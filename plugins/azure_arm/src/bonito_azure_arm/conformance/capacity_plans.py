"""Plans worked out by hand: capacity within bounds and quota."""

from __future__ import annotations

from collections.abc import Iterator

from bonito_azure_arm.conformance.situations import (
    ELSEWHERE,
    LEFT,
    LIMIT,
    MODEL,
    MORE,
    OTHERWISE,
    Offered,
    Prepare,
    situation,
    used_up,
    wish,
)
from bonito_contract_tests import Planned
from bonito_emulators.azure import DEFAULT_SUBSCRIPTION, AzureCloud

STEPS = {"minimum": 25, "maximum": 100, "step": 25}


def of_capacity(kind: str, sku: str) -> Iterator[Planned]:
    """Yield plans for a model with various bounds of capacity and quotas."""

    def case(
        bounds: dict[str, int],
        quota: tuple[int, int] | None = (LIMIT, ELSEWHERE),
        *,
        listed: bool = True,
    ) -> Prepare:
        return situation(kind, Offered(name=sku, capacity=bounds, quota=quota), listed=listed)

    usual, left = {"maximum": 1000, "default": 10}, (LIMIT, ELSEWHERE)
    yield Planned(
        name="as usual",
        request=wish(),
        prepare=case(usual),
        capacity=10,
        quota=(*left, 10),
        says=(f"Uses 10 of {LIMIT}, {ELSEWHERE} in use",),
        unsaid=("Quota is left for", "leaves", "retires", "unknown"),
    )
    yield Planned(
        name="the usual capacity exceeds the quota",
        request=wish(),
        prepare=case({"maximum": 1000, "default": 120}),
        capacity=LEFT,
        quota=(*left, LEFT),
        says=("120", f"the quota leaves {LEFT}"),
    )
    yield Planned(
        name="the usual capacity exceeds the maximum",
        request=wish(),
        prepare=case({"maximum": 3, "default": 10}),
        capacity=3,
        quota=(*left, 3),
        says=("the maximum leaves 3",),
    )
    yield Planned(
        name="in steps within the quota",
        request=wish(),
        prepare=case({**STEPS, "default": 100}),
        capacity=50,
        quota=(*left, 50),
    )
    yield Planned(
        name="no usual capacity",
        request=wish(),
        prepare=case(STEPS),
        capacity=25,
        quota=(*left, 25),
    )
    yield Planned(
        name="neither minimum nor step nor usual capacity",
        request=wish(),
        prepare=case({"maximum": 1000}),
        capacity=1,
        quota=(*left, 1),
    )
    yield Planned(
        name="all that is left",
        request=wish(capacity=LEFT),
        prepare=case(usual),
        capacity=LEFT,
        quota=(*left, LEFT),
    )
    yield Planned(
        name="one more than is left",
        request=wish(capacity=LEFT + 1),
        prepare=case(usual),
        actions=MORE,
        quota=(*left, LEFT + 1),
        says=(f"{LEFT + 1} needed, {ELSEWHERE} of {LIMIT} in use for OpenAI.{sku}.{MODEL}",),
    )
    yield Planned(
        name="the maximum",
        request=wish(capacity=3),
        prepare=case({"maximum": 3, "default": 1}),
        capacity=3,
    )
    yield Planned(
        name="more than the maximum",
        request=wish(capacity=4),
        prepare=case({"maximum": 3, "default": 1}),
        actions=OTHERWISE,
        says=("from 1 to 3.",),
    )
    yield Planned(name="the minimum", request=wish(capacity=25), prepare=case(STEPS), capacity=25)
    yield Planned(
        name="less than the minimum",
        request=wish(capacity=24),
        prepare=case(STEPS),
        actions=OTHERWISE,
        says=("24", f"from 25 to {LEFT} in steps of 25"),
    )
    yield Planned(
        name="between two steps",
        request=wish(capacity=40),
        prepare=case(STEPS),
        actions=OTHERWISE,
        says=("40", "in steps of 25"),
    )
    yield Planned(
        name="all that is left, between two steps",
        request=wish(capacity=LEFT),
        prepare=case(STEPS),
        actions=OTHERWISE,
        says=("60", "in steps of 25"),
    )
    yield Planned(
        name="between two steps of two",
        request=wish(capacity=3),
        prepare=case({"minimum": 2, "maximum": 10, "step": 2}),
        actions=OTHERWISE,
        says=("from 2 to 10 in steps of 2",),
    )
    yield Planned(
        name="just the minimum is left",
        request=wish(),
        prepare=case(STEPS, (100, 75)),
        capacity=25,
        quota=(100, 75, 25),
    )
    yield Planned(
        name="less than the minimum is left",
        request=wish(),
        prepare=case(STEPS, (100, 76)),
        actions=MORE,
        quota=(100, 76, 25),
        says=("25 needed, 76 of 100", "Quota is left for"),
    )
    yield Planned(
        name="more in use than allowed",
        request=wish(),
        prepare=case(usual, (100, 140)),
        actions=MORE,
        quota=(100, 140, 1),
    )
    yield Planned(
        name="nothing can be had",
        request=wish(),
        prepare=case({"minimum": 5, "maximum": 4}),
        actions=OTHERWISE,
        says=("A capacity of 5 is not possible: it goes from 5 to 4",),
    )
    yield Planned(
        name="the quota is not listed",
        request=wish(),
        prepare=case(usual, listed=False),
        capacity=10,
        says=("quota is unknown",),
    )
    between = {"minimum": 10, "step": 10, "default": 15}
    for listed in (True, False):
        yield Planned(
            name=f"the usual capacity is between two steps, the quota {'' if listed else 'un'}told",
            request=wish(),
            prepare=case({**between, "maximum": 1000}, listed=listed),
            capacity=10,
            says=("The usual capacity is 15; the step of 10 leaves 10.",),
        )
    yield Planned(
        name="between two steps, with neither maximum nor quota told",
        request=wish(capacity=15),
        prepare=case(between, listed=False),
        actions=OTHERWISE,
        says=("it goes from 10 on in steps of 10.",),
    )
    yield Planned(
        name="the quota was used up meanwhile",
        request=wish(),
        prepare=case(usual),
        capacity=10,
        meanwhile=used_up(sku),
    )


def among_others(kind: str, sku: str) -> Planned:
    """Return the plan where quota is left for other models alone, of which four are named."""
    others = tuple(f"A-{number}" for number in range(1, 7))
    offered = Offered(name=sku, capacity=STEPS)
    with_others = situation(kind, offered, models=(MODEL, *others))

    def prepare(cloud: AzureCloud) -> None:
        with_others(cloud)
        used_up(sku)(cloud)
        rows = cloud.subscription(DEFAULT_SUBSCRIPTION).quota("swedencentral")
        rows[f"OpenAI.{sku}.A-1"].elsewhere = LIMIT

    return Planned(
        name="no quota left, and other models with some",
        request=wish(),
        prepare=prepare,
        actions=MORE,
        says=("Quota is left for: A-2, A-3, A-4, A-5.",),
    )
