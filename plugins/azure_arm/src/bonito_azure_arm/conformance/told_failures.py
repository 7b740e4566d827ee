"""What is told of a deployment that Azure took and could not make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bonito_azure_arm.conformance.questions import (
    OPERATIONS,
    Body,
    instead,
    refused,
    removing,
    watching,
)
from bonito_azure_arm.conformance.situations import MODEL, wish
from bonito_azure_arm.conformance.told_deploying import LIKEWISE
from bonito_azure_arm.conformance.told_operations import MINUTE, NOT_LISTED, later, taking_a_minute
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import after, deploying, meeting
from bonito_contract_tests.situations import Ask
from bonito_emulators.azure import Creation, Failure, Pace
from bonito_providers import ActionKind, State
from bonito_providers.errors import MalformedAnswer, PermissionMissing, ServiceUnavailable

_NO_REASON = "Azure calls it Failed and gives no reason here; delete it and deploy again."
_NEEDED = (
    ("MarketplaceSubscriptionCannotBeCompleted", ActionKind.ACCEPT_TERMS),
    ("InsufficientQuota", ActionKind.REQUEST_QUOTA),
)
_ODD = Failure(code="Odd", message="No.")


def of_failures(kind: str, sku: str, endpoint: str) -> tuple[Situation, ...]:
    """Return the situations in which a deployment fails minutes after it was accepted."""
    broken = Failure(code="InternalServerError", message="It broke.")
    return (
        Situation(
            name="a deployment that fails after a minute",
            prepare=taking_a_minute(kind, sku, failure=broken),
            told=(*_failing(endpoint), *_ending()),
        ),
        Situation(
            name="a deployment that fails, and is tried again or deleted before anybody looks",
            prepare=taking_a_minute(kind, sku, failure=_ODD),
            told=_forgotten(),
        ),
    )


def _failing(endpoint: str) -> tuple[Told, ...]:
    broken = {"found.state": State.FAILED, "found.error": "InternalServerError: It broke."}
    return (
        Told(
            name="deploying it",
            ask=deploying(wish()),
            tells={"state": State.PROVISIONING, "created": True, "error": None},
        ),
        Told(
            name="looking at what came of it",
            ask=after(later, watching(MODEL)),
            tells={**broken, "found.actions": [], "found.endpoint": endpoint, "polls": 1},
        ),
        Told(
            name="looking when it is listed no more",
            ask=meeting(watching(MODEL), NOT_LISTED),
            tells={**broken, "polls": 1},
        ),
        *(
            Told(
                name=f"failed as {code}",
                ask=_when({"status": "Failed", "error": {"code": code, "message": "No."}}),
                tells={
                    "found.state": State.NEEDS_ACTION,
                    "found.actions.0.kind": needed,
                    "found.error": f"{code}: No.",
                },
            )
            for code, needed in _NEEDED
        ),
    )


def _ending() -> tuple[Told, ...]:
    failed = {"found.state": State.FAILED, "found.actions": []}
    silent = {**failed, "found.error": _NO_REASON}
    return (
        Told(
            name="failed in words alone",
            ask=_when({"status": "Failed", "error": {"message": "It broke."}}),
            tells={**failed, "found.error": "It broke."},
        ),
        *(
            Told(name=f"the operation says {said}", ask=_when(said), tells=silent)
            for said in (
                {"status": "Failed", "error": "It broke."},
                {"status": "Canceled"},
                {"status": "Creating"},
                {},
            )
        ),
        Told(name="the operation says no JSON", ask=_when(b"[" * 9000), refused=MalformedAnswer),
        Told(
            name="the operation is kept from us",
            ask=meeting(watching(MODEL), instead(OPERATIONS, 403, refused("AuthorizationFailed"))),
            refused=PermissionMissing,
            says=("AuthorizationFailed",),
        ),
        Told(
            name="the operation cannot be asked now",
            ask=meeting(watching(MODEL), instead(OPERATIONS, 503, b"")),
            refused=ServiceUnavailable,
        ),
        Told(
            name="the operation is forgotten",
            ask=meeting(watching(MODEL), instead(OPERATIONS, 404, refused("ResourceNotFound"))),
            tells={**silent, "polls": 1},
        ),
        Told(name="looking again", ask=watching(MODEL), tells={**silent, "polls": 0}),
        Told(
            name="deploying it again",
            ask=deploying(wish()),
            tells={"state": State.PROVISIONING, "created": False, "error": None},
            sends=LIKEWISE,
        ),
    )


def _forgotten() -> tuple[Told, ...]:
    odd = {"status": "Failed", "error": {"code": "Odd", "message": "No."}}
    return (
        Told(name="deploying it", ask=deploying(wish()), tells={"state": State.PROVISIONING}),
        Told(
            name="deploying it again, by another way of Azure's",
            ask=after(_again("body"), deploying(wish())),
            tells={"state": State.PROVISIONING, "created": False, "operation": None},
            sends=LIKEWISE,
        ),
        Told(
            name="looking at it",
            ask=watching(MODEL),
            tells={"found.state": State.PROVISIONING, "found.error": None, "polls": 0},
        ),
        Told(
            name="deploying it once more",
            ask=after(_again("header"), deploying(wish())),
            tells={"state": State.PROVISIONING, "created": False, "operation": "**********"},
        ),
        Told(
            name="deleting it",
            ask=after(later, removing(MODEL)),
            tells={"state": State.ABSENT},
        ),
        Told(
            name="looking at what is deleted",
            ask=watching(MODEL),
            tells={"found.state": State.ABSENT, "found.error": None, "polls": 0},
        ),
        Told(
            name="deploying what was deleted",
            ask=deploying(wish()),
            tells={"state": State.PROVISIONING, "created": True},
        ),
        Told(
            name="the operation answers by a redirect",
            ask=meeting(watching(MODEL), instead(OPERATIONS, 300, odd)),
            tells={"found.state": State.PROVISIONING, "found.error": None, "polls": 1},
        ),
    )


def _when(said: Body) -> Ask:
    return meeting(watching(MODEL), instead(OPERATIONS, 200, said))


def _again(shape: Literal["body", "header"]) -> Callable[[Scene], None]:
    """Return what lets the attempt before fail, and the next one go on in that shape."""

    def happens(scene: Scene) -> None:
        later(scene)
        creation = Creation(shape=shape, pace=Pace(seconds=MINUTE), failure=_ODD)
        scene.cloud.account("contoso").creation = creation

    return happens
