"""What deploying tells: what was made, what stands already, what is in the way."""

from __future__ import annotations

from collections.abc import Iterator

from bonito_azure_arm.conformance.harness import OWN
from bonito_azure_arm.conformance.questions import DEPLOYMENTS, MODELS, USAGES, instead, looking
from bonito_azure_arm.conformance.situations import (
    BATCH,
    ELSEWHERE,
    LIMIT,
    MODEL,
    VERSION,
    Offered,
    situation,
    wish,
)
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import deploying, meeting, planning
from bonito_providers import State
from bonito_providers.errors import PlanRefused

DEPLOYMENT = f"{DEPLOYMENTS}/{MODEL}"
PLANNING = (f"GET {MODELS}", f"GET {DEPLOYMENT}", f"GET {USAGES}")
LOOKING, QUOTA, PUT = f"GET {DEPLOYMENT}", f"GET {USAGES}", f"PUT {DEPLOYMENT}"
LIKEWISE = (*PLANNING, LOOKING, QUOTA, PUT)
"""What planning and deploying send."""


def of_deploying(kind: str, sku: str, endpoint: str) -> tuple[Situation, ...]:
    """Return the situations in which something is deployed at once, or not at all."""
    offered = situation(kind, Offered(name=sku), Offered(name=BATCH))
    return (
        Situation(
            name="a model that is on offer",
            prepare=offered,
            told=(*_made(sku, endpoint), *_changed(sku)),
        ),
        Situation(
            name="a quota that is not wholly told", prepare=offered, told=tuple(_untold(sku))
        ),
    )


def _made(sku: str, endpoint: str) -> tuple[Told, ...]:
    row = f"OpenAI.{sku}.{MODEL}"
    model = {"format": "OpenAI", "name": MODEL, "version": VERSION}
    stands = {
        "state": State.READY,
        "ref.name": MODEL,
        "ref.resource": "contoso",
        "model.format": "OpenAI",
        "model.name": MODEL,
        "model.version": VERSION,
        "endpoint": endpoint,
        "owned": True,
        "sku": sku,
        "capacity": 10,
        "actions": [],
        "error": None,
        "retry_after": None,
        "operation": None,
        "source": "Azure Resource Manager.",
    }
    return (
        Told(
            name="planning it",
            ask=planning(wish()),
            tells={
                "ref.name": MODEL,
                "model.name": MODEL,
                "model.version": VERSION,
                "sku": sku,
                "capacity": 10,
                "region": "swedencentral",
                "quota": {
                    "key": row,
                    "limit": LIMIT,
                    "used": ELSEWHERE,
                    "requested": 10,
                    "unit": row,
                },
                "actions": [],
                "changes": [],
                "cost": None,
                "preview.body": {
                    "sku": {"name": sku, "capacity": 10},
                    "properties": {"model": model},
                    "tags": OWN,
                },
            },
        ),
        Told(name="planning it again", ask=planning(wish()), sends=PLANNING),
        Told(
            name="deploying it",
            ask=deploying(wish()),
            tells={**stands, "created": True},
            sends=LIKEWISE,
        ),
        Told(
            name="deploying it again",
            ask=deploying(wish()),
            tells={**stands, "created": False},
            sends=(*PLANNING, LOOKING),
        ),
        Told(
            name="looking at it",
            ask=looking(MODEL),
            tells={**stands, "created": None},
            sends=(LOOKING,),
        ),
    )


def _untold(sku: str) -> Iterator[Told]:
    name = {"value": f"OpenAI.{sku}.{MODEL}"}
    for what, row in (
        ("no row", {}),
        ("no limit", {"name": name, "currentValue": 3}),
        ("a limit of -1", {"name": name, "limit": -1, "currentValue": 3}),
        ("twelve and a half in use", {"name": name, "limit": LIMIT, "currentValue": 12.5}),
    ):
        yield Told(
            name=f"planning with {what}",
            ask=meeting(planning(wish()), instead(USAGES, 200, {"value": [row]})),
            tells={"quota": None, "capacity": 10, "actions": []},
            says=("The quota is unknown: Azure does not tell it. It may refuse.",),
            unsaid=("no row",),
        )


def _changed(sku: str) -> tuple[Told, ...]:
    more = wish(capacity=20)
    return (
        Told(
            name="deploying more of it",
            ask=deploying(more),
            refused=PlanRefused,
            says=("would change: capacity 10 to 20", "update"),
            sends=(*PLANNING, LOOKING),
        ),
        Told(
            name="deploying more of it, as a change",
            ask=deploying(wish(capacity=20, update=True)),
            tells={"state": State.READY, "created": False, "capacity": 20, "sku": sku},
            sends=LIKEWISE,
        ),
        Told(
            name="deploying it in another way, as a change",
            ask=deploying(wish(sku=BATCH, update=True)),
            tells={"state": State.READY, "created": False, "capacity": 20, "sku": BATCH},
            sends=LIKEWISE,
        ),
    )
