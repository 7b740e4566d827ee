"""Plans worked out by hand: capacity within bounds and quota, and what stands already."""

from __future__ import annotations

from collections.abc import Iterator

from bonito_azure_arm.conformance.situations import (
    BATCH,
    ELSEWHERE,
    LEFT,
    LIMIT,
    MODEL,
    MORE,
    OTHERWISE,
    VERSION,
    Offered,
    Prepare,
    situation,
    used_up,
    wish,
)
from bonito_contract_tests import Planned
from bonito_emulators.azure import Deployment
from bonito_providers.errors import Conflict

STEPS = {"minimum": 25, "maximum": 100, "step": 25}
NAME = "bench"


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
        says=("5 to 4",),
    )
    yield Planned(
        name="the quota is not listed",
        request=wish(),
        prepare=case(usual, listed=False),
        capacity=10,
        says=("quota is unknown",),
    )
    yield Planned(
        name="the quota was used up meanwhile",
        request=wish(),
        prepare=case(usual),
        capacity=10,
        meanwhile=used_up(sku),
    )


def of_what_stands(kind: str, sku: str) -> Iterator[Planned]:
    """Yield plans for a name under which something stands."""
    skus = (Offered(name=sku), Offered(name=BATCH))
    older = "2025-04-14"

    def case(version: str = VERSION, capacity: int = 50, state: str = "Succeeded") -> Prepare:
        standing = Deployment(
            name=NAME,
            model=MODEL,
            version=version,
            sku=sku,
            capacity=capacity,
            provisioning_state=state,
        )
        return situation(kind, *skus, versions=(older, VERSION), default=VERSION, standing=standing)

    yield Planned(
        name="it stands with other settings, and nobody asked for any",
        request=wish(name=NAME),
        prepare=case(older),
        version=older,
        sku=sku,
        capacity=50,
        quota=(LIMIT, ELSEWHERE, 50),
    )
    yield Planned(
        name="it stands just so",
        request=wish(name=NAME, version=older, sku=sku, capacity=50),
        prepare=case(older),
        version=older,
        sku=sku,
        capacity=50,
    )
    for update in (False, True):
        how = "wanted" if update else "not wanted"
        yield Planned(
            name=f"a capacity that what stands leaves room for, {how}",
            request=wish(name=NAME, capacity=LEFT, update=update),
            prepare=case(),
            capacity=LEFT,
            quota=(LIMIT, ELSEWHERE, LEFT),
            changes=True,
            says=(f"capacity 50 to {LEFT}",),
        )
        yield Planned(
            name=f"another SKU, {how}",
            request=wish(name=NAME, sku=BATCH, update=update),
            prepare=case(),
            sku=BATCH,
            capacity=50,
            quota=(LIMIT, ELSEWHERE, 50),
            changes=True,
            says=(f"SKU {sku} to {BATCH}",),
        )
        yield Planned(
            name=f"another version, {how}",
            request=wish(name=NAME, version=VERSION, update=update),
            prepare=case(older),
            version=VERSION,
            sku=sku,
            capacity=50,
            changes=True,
            says=(f"version {older} to {VERSION}",),
        )
    yield Planned(
        name="more than there is, where something stands",
        request=wish(name=NAME, capacity=LEFT + 1, update=True),
        prepare=case(),
        actions=MORE,
        changes=True,
        quota=(LIMIT, ELSEWHERE, LEFT + 1),
    )
    yield Planned(
        name="it stands and has failed",
        request=wish(name=NAME, capacity=20),
        prepare=case(state="Failed", capacity=20),
        capacity=20,
    )
    yield Planned(
        name="another model stands there",
        request=wish(name=NAME),
        prepare=situation(
            kind,
            *skus,
            models=(MODEL, "bench-other"),
            standing=Deployment(name=NAME, model="bench-other", sku=sku, capacity=1),
        ),
        refused=Conflict,
        says=(NAME, "bench-other"),
    )
