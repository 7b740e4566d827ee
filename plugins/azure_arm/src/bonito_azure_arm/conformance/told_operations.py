"""What is told of a deployment while Azure makes it, which may take minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bonito_azure_arm.conformance.questions import ARM, OPERATIONS, instead, refused, watching
from bonito_azure_arm.conformance.situations import MODEL, Offered, Prepare, situation, wish
from bonito_azure_arm.conformance.told_deploying import DEPLOYMENT, LOOKING, PLANNING
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import after, deploying, meeting
from bonito_emulators.azure import AzureCloud, Creation, Failure, Pace
from bonito_providers import State
from bonito_providers.errors import InvalidRequest

MINUTE = 60.0
NOT_LISTED = instead(DEPLOYMENT, 404, refused("ResourceNotFound", "It was not found."))


def of_operations(kind: str, sku: str, endpoint: str) -> tuple[Situation, ...]:
    """Return the situations in which a deployment takes minutes."""
    return (
        Situation(
            name="a deployment that takes a minute",
            prepare=taking_a_minute(kind, sku),
            told=_making(endpoint),
        ),
        Situation(
            name="a deployment whose operation is said to be elsewhere",
            prepare=taking_a_minute(kind, sku),
            told=_elsewhere(endpoint),
        ),
    )


def taking_a_minute(kind: str, sku: str, *, failure: Failure | None = None) -> Prepare:
    """Return what lets a model be on offer, and deploying it take a minute and perhaps fail."""
    offered = situation(kind, Offered(name=sku))

    def prepare(cloud: AzureCloud) -> None:
        offered(cloud)
        pace = Pace(seconds=MINUTE)
        cloud.account("contoso").creation = Creation(shape="header", pace=pace, failure=failure)

    return prepare


def _making(endpoint: str) -> tuple[Told, ...]:
    under_way: Mapping[str, Any] = {
        "state": State.PROVISIONING,
        "endpoint": endpoint,
        "error": None,
        "actions": [],
    }
    looked = {f"found.{name}": value for name, value in under_way.items()}
    return (
        Told(
            name="deploying it",
            ask=deploying(wish()),
            tells={**under_way, "created": True, "owned": True, "operation": "**********"},
        ),
        Told(
            name="deploying it again",
            ask=deploying(wish()),
            tells={**under_way, "created": False, "owned": True, "operation": None},
            sends=(*PLANNING, LOOKING),
        ),
        Told(name="looking at it", ask=watching(MODEL), tells={**looked, "polls": 1}),
        Told(
            name="looking at it before it is listed",
            ask=meeting(watching(MODEL), NOT_LISTED),
            tells={**looked, "polls": 1},
        ),
        Told(
            name="made, and gone since",
            ask=after(later, meeting(watching(MODEL), NOT_LISTED)),
            tells={"found.state": State.ABSENT, "found.endpoint": None, "polls": 1},
        ),
        Told(
            name="looking at what is made",
            ask=watching(MODEL),
            tells={"found.state": State.READY, "found.owned": True, "polls": 0},
        ),
        Told(
            name="gone, when nobody follows it any more",
            ask=meeting(watching(MODEL), NOT_LISTED),
            tells={"found.state": State.ABSENT, "polls": 0},
        ),
    )


def _elsewhere(endpoint: str) -> tuple[Told, ...]:
    accepted = {"name": MODEL, "properties": {"provisioningState": "Accepted"}}
    stranger = f"{endpoint}/operations/1?t=signed"  # a host to which other credentials go
    own = f"https://{ARM}{OPERATIONS}/1?t=signed"

    def followed(address: str, header: str = "Azure-AsyncOperation") -> Told:
        headers = {header: address}
        there = instead(DEPLOYMENT, 201, accepted, method="PUT", headers=headers)
        return Told(
            name="deploying it",
            ask=meeting(deploying(wish()), there),
            tells={"state": State.PROVISIONING, "created": True, "operation": "**********"},
        )

    return (
        followed(stranger),
        Told(
            name="looking at it",
            ask=meeting(watching(MODEL), instead(DEPLOYMENT, 200, accepted)),
            tells={"found.state": State.PROVISIONING, "polls": 0},
            sends=(LOOKING,),
        ),
        followed(own, "Location"),
        Told(
            name="looking at it when Azure repeats the signed address",
            ask=meeting(
                watching(MODEL), instead(OPERATIONS, 400, refused("Odd", f"Not at {own} now"))
            ),
            refused=InvalidRequest,
            says=("Azure refused the call (Odd): Not at ",),
            unsaid=("signed",),
        ),
    )


def later(scene: Scene) -> None:
    """Let the minute pass."""
    scene.cloud.advance(MINUTE + 1)
