"""What deploying tells: what was made, what stands already, what is in the way."""

from __future__ import annotations

from bonito_azure_arm.conformance.harness import OWN
from bonito_azure_arm.conformance.questions import DEPLOYMENTS, MODELS, USAGES, looking
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
from bonito_contract_tests.asking import deploying, planning
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
