"""Plans worked out by hand: for a name under which something stands."""

from __future__ import annotations

from collections.abc import Iterator

from bonito_azure_arm.conformance.situations import (
    BATCH,
    ELSEWHERE,
    LEFT,
    LIMIT,
    MODEL,
    MORE,
    VERSION,
    Offered,
    Prepare,
    situation,
    wish,
)
from bonito_contract_tests import Planned
from bonito_emulators.azure import Deployment
from bonito_providers.errors import Conflict

NAME = "bench"


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
    standing = Deployment(name=NAME, model=MODEL, version=VERSION, sku=BATCH, capacity=50)
    yield Planned(
        name="it stands as another SKU, and nobody asked for any",
        request=wish(name=NAME),
        prepare=situation(kind, *skus, standing=standing),
        sku=BATCH,
        capacity=50,
    )
    full = Offered(name=BATCH, quota=(LIMIT, LIMIT))
    yield Planned(
        name="it stands, and no quota is left for it",
        request=wish(name=NAME),
        prepare=situation(kind, full, standing=standing),
        sku=BATCH,
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
        name="it stands and has failed, and nobody asked for its capacity",
        request=wish(name=NAME),
        prepare=case(state="Failed", capacity=30),
        capacity=10,
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
