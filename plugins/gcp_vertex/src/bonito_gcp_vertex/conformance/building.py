"""Endpoints on their way: until they serve, or fail in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import deployments, meeting, picked
from bonito_gcp_vertex.conformance.asking import after, deploying, deploying_twice, looking
from bonito_gcp_vertex.conformance.changes import (
    at_once,
    emptied,
    failing,
    finished,
    slow,
)
from bonito_gcp_vertex.conformance.endpoint import LOOKED, SOUGHT, small
from bonito_gcp_vertex.conformance.faults import unseen
from bonito_gcp_vertex.conformance.project import L4
from bonito_providers import ActionKind, State

if TYPE_CHECKING:
    from bonito_contract_tests.situations import Ask

_QUOTA = "https://console.cloud.google.com/iam-admin/quotas?project=acme-prod"


_ON_ITS_WAY: dict[str, object] = {"state": State.PROVISIONING, "actions": [], "error": None}
_SLOW = Situation(
    name="endpoints that take their time",
    prepare=slow(),
    told=(
        Told(
            name="deploying",
            ask=deploying(small()),
            tells={
                **_ON_ITS_WAY,
                "created": True,
                "owned": True,
                "retry_after": 20,
                "model.name": "gemma3",
                "sku": None,
            },
        ),
        Told(
            name="the same again",
            ask=deploying(small()),
            tells={**_ON_ITS_WAY, "created": False},
        ),
        Told(
            name="looking",
            ask=looking("mine"),
            tells={**_ON_ITS_WAY, "retry_after": 20, "model.version": "gemma-3-1b-it"},
            sends=SOUGHT,
        ),
        Told(
            name="among what is callable",
            ask=picked(deployments, mine="mine"),
            tells={"mine.state": State.PROVISIONING, "mine.owned": True},
        ),
        Told(
            name="looking before it is to be seen",
            ask=meeting(looking("mine"), unseen("mine")),
            tells={
                **_ON_ITS_WAY,
                "ref.name": "mine",
                "model.name": "gemma3",
                "owned": None,
            },
            sends=SOUGHT,
        ),
        Told(
            name="looking in the end",
            ask=after(finished, looking("mine")),
            tells={"state": State.READY, "retry_after": None, "sku": L4},
            sends=LOOKED,
        ),
        Told(
            name="looking after the model was taken off",
            ask=after(emptied("team-gemma"), looking("team-gemma")),
            tells={"state": State.FAILED, "actions": [], "sku": None},
            says=("No model is deployed on the endpoint",),
        ),
    ),
)


def _failed(name: str, status: str, message: str = "") -> Ask:
    """Deploy, let it fail in the end, and look."""
    return after(
        at_once(slow(), failing(status, message)),
        deploying_twice(small(name), finished),
    )


BUILDING = (
    _SLOW,
    Situation(
        name="endpoints that fail",
        told=(
            Told(
                name="for want of quota",
                ask=_failed("one", "RESOURCE_EXHAUSTED", "Quota NvidiaL4Gpus exceeded."),
                tells={
                    "state": State.NEEDS_ACTION,
                    "error": "The deployment failed: Quota NvidiaL4Gpus exceeded.",
                    "actions.0.kind": ActionKind.REQUEST_QUOTA,
                    "actions.0.url": _QUOTA,
                    "model.name": "gemma3",
                },
            ),
            Told(
                name="within",
                ask=_failed("two", "FAILED_PRECONDITION", "The container crashed."),
                tells={
                    "state": State.FAILED,
                    "error": "The deployment failed: The container crashed.",
                    "actions": [],
                },
            ),
            Told(
                name="without a word",
                ask=_failed("three", "INTERNAL"),
                tells={
                    "state": State.FAILED,
                    "error": "The deployment failed: no reason given",
                },
            ),
            Told(
                name="and are not to be seen",
                ask=meeting(looking("two"), unseen("two")),
                tells={
                    "state": State.ABSENT,
                    "error": "The container crashed.",
                    "model.version": "gemma-3-1b-it",
                },
            ),
        ),
    ),
)
