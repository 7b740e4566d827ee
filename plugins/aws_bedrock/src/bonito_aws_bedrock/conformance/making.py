"""Profiles that are made: once, under one name, whatever becomes of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bonito_aws_bedrock.conformance.asking import (
    account,
    at_write,
    counted,
    denying,
    looking,
    refusal,
)
from bonito_aws_bedrock.conformance.lagging import LAGGING
from bonito_aws_bedrock.conformance.places import REGION, address, profile
from bonito_aws_bedrock.conformance.requests import MICRO, NOVA, asked
from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import after, deploying, instead, meeting
from bonito_emulators.faults import AfterApplied, Reset, Respond
from bonito_providers import ActionKind, State
from bonito_providers.errors import Conflict, InvalidRequest, PlanRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests import Scene
    from bonito_contract_tests.situations import Ask
    from bonito_providers import DeploymentRequest

_PATH = "/inference-profiles"
_WRITE = f"POST {_PATH}"
_PER_TOKEN = "Billed by the token; the profile itself costs nothing."  # noqa: S105 - no password
_FAILING = Respond(503)
_NOT_ALLOWED = refusal(400, "ValidationException", "Operation not allowed")


def _nova(name: str, **changes: object) -> DeploymentRequest:
    return asked(NOVA, name=name, **changes)


def _met(name: str, *actions: Respond | AfterApplied) -> Ask:
    """Deploy under a name while the writes are met by these."""
    return meeting(
        deploying(_nova(name)), *(instead(each, path=_PATH, method="POST") for each in actions)
    )


def _raced(name: str, model: str | None, *, answer: Respond | None = None) -> Ask:
    """Deploy under a name that somebody takes for a model just before the write arrives."""

    def happening(scene: Scene) -> None:
        scene.cloud.put_outside(name, model or "", region=REGION, scope="eu")

    return at_write(deploying(_nova(name)), happening, path=_PATH, answer=answer)


async def _made_twice(scene: Scene) -> Mapping[str, Any]:
    """Be slower than somebody else where a second profile of one name is taken.

    Nothing that Bedrock documents rules that out. What is held in the end is told by whether it is
    this project's.
    """
    scene.cloud.unique_names = False
    answer = await _raced("twice", NOVA.model)(scene)
    held = [each for each in account(scene.cloud).profiles if each.name == "twice"]
    return {"answer": answer, "held": ["managed-by" in each.tags for each in held]}


WRITTEN = (
    Told(
        name="deploying",
        ask=counted(deploying(_nova("one"))),
        tells={
            "answer.state": State.READY,
            "answer.created": True,
            "answer.owned": True,
            "answer.sku": "geo",
            "answer.billing": _PER_TOKEN,
            "answer.endpoint": address(profile(6)),
            "answer.error": None,
            # Planning looks, deploying looks once more before it writes, and then at what it made.
            "sent": {
                "POST /": 1,
                "GET /foundation-models": 2,
                f"GET {_PATH}": 5,
                "GET /provisioned-model-throughputs": 2,
                f"GET /foundation-model-availability/{quote(NOVA.model or '')}": 2,
                _WRITE: 1,
            },
            "slept": [],
        },
    ),
    Told(
        name="deploying the same again",
        ask=counted(deploying(_nova("one"))),
        tells={
            "answer.created": False,
            "answer.owned": True,
            "answer.endpoint": address(profile(6)),
            "writes": [],
        },
    ),
    Told(
        name="deploying it otherwise without leave to change it",
        ask=deploying(_nova("one", sku="on_demand")),
        refused=PlanRefused,
        says=("It is routed as geo, wanted is on_demand.", "Plan again with `update`"),
    ),
    Told(
        name="deploying it otherwise with leave to change it",
        ask=deploying(_nova("one", sku="on_demand", update=True)),
        refused=Conflict,
        says=("profiles are immutable", "Deploy under another name"),
    ),
)
LOST = (
    Told(
        name="an answer that is lost after the write took effect",
        ask=counted(_met("lost", AfterApplied(Reset()))),
        tells={"answer.state": State.READY, "answer.created": True, "writes": [_WRITE]},
    ),
    Told(
        name="a service that answers at the third time",
        ask=counted(_met("third", _FAILING, _FAILING)),
        tells={
            "answer.state": State.READY,
            "answer.created": True,
            "writes": [_WRITE] * 3,
            "slept": [1, 2],
        },
    ),
    Told(
        name="a service that answers at no time",
        ask=counted(_met("never", _FAILING, _FAILING, _FAILING, _FAILING)),
        tells={"refused": "ServiceUnavailable", "writes": [_WRITE] * 3},
    ),
    Told(
        name="a failure while somebody else takes the name for another model",
        ask=counted(_raced("taken", MICRO.model, answer=_FAILING)),
        tells={"refused": "ServiceUnavailable", "writes": [_WRITE]},
    ),
    Told(
        name="an answer that does not name what was made",
        ask=_met("nameless", AfterApplied(Respond(201, body={}))),
        tells={
            "state": State.PROVISIONING,
            "created": True,
            "owned": True,
            "endpoint": None,
            "sku": "geo",
            "capacity": None,
            "billing": _PER_TOKEN,
            "model.name": NOVA.model,
        },
    ),
    Told(
        name="looking it up",
        ask=looking("nameless"),
        tells={"state": State.READY, "owned": True},
    ),
)
RACED = (
    Told(
        name="somebody else takes the name for another model",
        ask=_raced("other", MICRO.model),
        refused=Conflict,
        says=("other stands already, for amazon.nova-micro-v1:0.", "Choose another name."),
    ),
    Told(
        name="a conflict with nothing that stands",
        ask=_met("busy", refusal(400, "ConflictException", "Another operation is under way.")),
        refused=Conflict,
        tells={"code": "ConflictException", "status": 400},
        says=("Another operation is under way.", "choose another name"),
    ),
    Told(
        name="somebody else makes the same where names are not unique",
        ask=_made_twice,
        tells={"answer.created": False, "answer.owned": False, "held": [False]},
    ),
)
REFUSED = (
    Told(
        name="a user who may not make profiles",
        ask=after(denying("bedrock:CreateInferenceProfile"), deploying(_nova("denied"))),
        tells={
            "state": State.NEEDS_ACTION,
            "created": False,
            "actions.0.kind": ActionKind.GRANT_PERMISSION,
            "actions.0.url": "https://console.aws.amazon.com/iam/home",
            "retry_after": None,
            "model.name": NOVA.model,
        },
        says=("is not authorized to perform: bedrock:CreateInferenceProfile",),
    ),
    Told(
        name="an account that AWS does not let in",
        ask=after(denying(), _met("forbidden", _NOT_ALLOWED)),
        tells={
            "state": State.NEEDS_ACTION,
            "created": False,
            "actions.0.kind": ActionKind.CONTACT_SUPPORT,
        },
        says=("Operation not allowed",),
    ),
    Told(
        name="arguments that Bedrock does not take",
        ask=_met("wrong", refusal(400, "ValidationException", "The source is invalid.")),
        refused=InvalidRequest,
        tells={"code": "ValidationException", "actions": []},
        says=("The source is invalid.",),
    ),
)
MAKING = (
    Situation(
        name="making profiles",
        told=(*WRITTEN, *LOST, *LAGGING, *RACED, *REFUSED),
        access="access_key",
    ),
)
