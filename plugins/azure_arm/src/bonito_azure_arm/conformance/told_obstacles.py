"""What deploying tells where something is in the way."""

from __future__ import annotations

from bonito_azure_arm.conformance.questions import USAGES, instead, refused
from bonito_azure_arm.conformance.situations import (
    BATCH,
    LIMIT,
    MODEL,
    VERSION,
    Offered,
    Prepare,
    situation,
    used_up,
    wish,
)
from bonito_azure_arm.conformance.told_deploying import DEPLOYMENT, LIKEWISE
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import after, deploying, meeting
from bonito_emulators.azure import Pace
from bonito_providers import ActionKind, State

_IN_THE_WAY = (
    (403, "AuthorizationFailed", ActionKind.GRANT_PERMISSION),
    (403, "LinkedAuthorizationFailed", ActionKind.GRANT_PERMISSION),
    (409, "MissingSubscriptionRegistration", ActionKind.ENABLE_API),
    (400, "InsufficientQuota", ActionKind.REQUEST_QUOTA),
    (400, "InvalidModelProviderData", ActionKind.SUBMIT_USE_CASE),
    (400, "AnthropicOrganizationCreationException", ActionKind.SUBMIT_USE_CASE),
    (400, "MarketplaceSubscriptionCannotBeCompleted", ActionKind.ACCEPT_TERMS),
    (400, "MarketplacePurchaseEligibilityFailed", ActionKind.CONTACT_SUPPORT),
    (400, "SpecialFeatureOrQuotaIdRequired", ActionKind.CONTACT_SUPPORT),
)
"""Refusals of a deployment that a person can mend (public issues of 2024 to 2026)."""


def of_obstacles(kind: str, sku: str, endpoint: str) -> tuple[Situation, ...]:
    """Return the situations in which something is in the way."""
    offered = situation(kind, Offered(name=sku))
    return (
        Situation(
            name="a model that only trying tells more of",
            prepare=offered,
            told=(*_busy(endpoint), *_in_the_way(endpoint)),
        ),
        Situation(
            name="a model that is only offered for batches",
            prepare=situation(kind, Offered(name=BATCH)),
            told=(_not_asked_for(endpoint),),
        ),
        Situation(
            name="quota that goes while somebody thinks",
            prepare=offered,
            told=_short(sku, offered),
        ),
    )


def _busy(endpoint: str) -> tuple[Told, ...]:
    waits = {
        "state": State.QUEUED,
        "created": False,
        "model.name": MODEL,
        "endpoint": endpoint,
        "error": None,
        "actions": [],
    }
    conflict = instead(
        DEPLOYMENT, 409, refused("RequestConflict"), method="PUT", headers={"Retry-After": "3"}
    )
    return (
        Told(
            name="while somebody else writes",
            ask=after(_held, deploying(wish())),
            tells={**waits, "retry_after": 5.0},
        ),
        Told(
            name="while somebody else writes, for as long as Azure says",
            ask=meeting(deploying(wish()), conflict),
            tells={**waits, "retry_after": 3.0},
        ),
    )


def _in_the_way(endpoint: str) -> tuple[Told, ...]:
    met_by_code = tuple(
        Told(
            name=f"refused as {code}",
            ask=meeting(
                deploying(wish()), instead(DEPLOYMENT, status, refused(code), method="PUT")
            ),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "actions.0.kind": needed,
                "error": f"Azure refused the call ({code}): No.",
                "endpoint": endpoint,
                "model.version": VERSION,
            },
        )
        for status, code, needed in _IN_THE_WAY
    )
    unnamed = refused(None, "Marketplace Subscription purchase eligibility check failed.")
    return (
        *met_by_code,
        Told(
            name="refused in words alone",
            ask=meeting(deploying(wish()), instead(DEPLOYMENT, 400, unnamed, method="PUT")),
            tells={"state": State.NEEDS_ACTION, "actions.0.kind": ActionKind.CONTACT_SUPPORT},
        ),
    )


def _not_asked_for(endpoint: str) -> Told:
    return Told(
        name="deploying it nevertheless",
        ask=deploying(wish()),
        tells={
            "state": State.NEEDS_ACTION,
            "created": False,
            "actions.0.kind": ActionKind.ENABLE_IN_CONSOLE,
            "error": None,
            "endpoint": endpoint,
        },
        says=(BATCH,),
    )


def _short(sku: str, prepare: Prepare) -> tuple[Told, ...]:
    taken, numbers = used_up(sku), f"10 needed, {LIMIT - 1} of {LIMIT} in use for OpenAI.{sku}."

    def unlisted(scene: Scene) -> None:
        scene.faults.add(instead(USAGES, 200, {"value": []}, times=1))

    return (
        Told(
            name="used up by others",
            ask=deploying(wish(), meanwhile=lambda scene: taken(scene.cloud)),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "actions.0.kind": ActionKind.REQUEST_QUOTA,
                "error": None,
            },
            says=(numbers,),
        ),
        Told(
            name="not listed any more, which is no reason not to try",
            ask=after(lambda scene: prepare(scene.cloud), deploying(wish(), meanwhile=unlisted)),
            tells={"state": State.READY, "created": True},
            sends=LIKEWISE,
        ),
    )


def _held(scene: Scene) -> None:
    scene.cloud.account("contoso").hold_writes(Pace(looks=1))
