"""The write that makes an endpoint: sent, refused, lost, and met by others."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_emulators import AfterApplied, Reset, Respond
from bonito_gcp_vertex.conformance.asking import (
    SIGNING_IN,
    after,
    deploying,
    lasting,
    meeting,
    outcomes,
    wish,
)
from bonito_gcp_vertex.conformance.changes import (
    accepted,
    emptied,
    left_over,
    licence_withdrawn,
    offered,
    put,
    without,
)
from bonito_gcp_vertex.conformance.faults import error_body, fault, unseen
from bonito_gcp_vertex.conformance.project import (
    CATALOGUE,
    L4,
    LARGE,
    LLAMA,
    ONE_L4,
    OWN,
    PAID,
    SMALL,
)
from bonito_providers import ActionKind, DeploymentRequest, State
from bonito_providers.errors import (
    Conflict,
    PlanRefused,
)

_DEPLOY = f"{OWN}:deploy"
_LOOKED = (f"GET {OWN}/endpoints/mine", f"GET {OWN}/models")
_ABSENT = (*_LOOKED, f"GET {OWN}/operations")
_OF_GOOGLE = f"GET {CATALOGUE}/google/models"
_QUOTA = "https://console.cloud.google.com/iam-admin/quotas?project=acme-prod"


def _as(name: str) -> DeploymentRequest:
    return wish(SMALL, PAID, name=name)


def _in_vain(refused: str, *, sent: int = 1, slept: tuple[int, ...] = ()) -> dict[str, object]:
    return {"answer": None, "refused": refused, "sent": sent, "slept": slept}


WRITING = Situation(
    name="endpoints that are written",
    told=(
        Told(
            name="one that serves at once",
            ask=deploying(_as("mine")),
            tells={
                "state": State.READY,
                "created": True,
                "owned": True,
                "ref.resource": "acme-prod/us-central1",
                "ref.name": "mine",
                "sku": L4,
                "model.name": "gemma3",
                "model.version": "gemma-3-1b-it",
                "model.price_key": None,
                "endpoint": f"https://us-central1-aiplatform.googleapis.com{OWN}/endpoints/mine",
                "surfaces.0.name": "endpoint",
                "warnings": [],
                "retry_after": None,
            },
            says=(
                "Billed by the hour",
                "The endpoints in us-central1",
                "An endpoint of the project's own",
            ),
            sends=(
                SIGNING_IN,
                *(_OF_GOOGLE, *_ABSENT) * 2,
                f"POST {_DEPLOY}",
                *_LOOKED,
            ),
        ),
        Told(
            name="the same again",
            ask=deploying(_as("mine")),
            tells={"state": State.READY, "created": False},
            sends=(_OF_GOOGLE, *_LOOKED) * 2,
        ),
        Told(
            name="with another machine than stands",
            ask=after(put(LARGE, "large"), deploying(wish(LARGE, PAID, name="large", sku=L4))),
            says=("large stands already and would change: SKU", "another name"),
            refused=PlanRefused,
        ),
        Told(
            name="over one that somebody empties meanwhile",
            ask=deploying(_as("other"), put(SMALL, "other"), emptied("other")),
            tells={"state": State.FAILED, "created": False},
        ),
        Told(
            name="while the service stumbles and then asks for a pause",
            ask=lasting(
                meeting(
                    deploying(_as("second")),
                    fault(_DEPLOY, {}, status=503),
                    fault(_DEPLOY, Respond(429, {"retry-after": "20"})),
                )
            ),
            tells={"answer.created": True, "sent": 3, "slept": [2, 20]},
        ),
        Told(
            name="in vain",
            ask=outcomes(
                _as("third"),
                fault(_DEPLOY, {}, status=503, times=5),
                fault(_DEPLOY, Respond(429, {"retry-after": "21"})),
                fault(_DEPLOY, error_body(400, "INVALID_ARGUMENT", "No."), status=400),
                fault(_DEPLOY, {}),
            ),
            tells={
                "0": _in_vain("ServiceUnavailable", sent=3, slept=(2, 4)),
                # A longer pause is the caller's.
                "1": _in_vain("RateLimited"),
                "2": _in_vain("InvalidRequest"),
                "3": _in_vain("MalformedAnswer"),
            },
        ),
        Told(
            name="with an answer that is lost",
            ask=lasting(meeting(deploying(_as("fourth")), fault(_DEPLOY, AfterApplied(Reset())))),
            tells={"answer.created": True, "answer.state": State.READY, "sent": 1, "slept": []},
        ),
        Told(
            name="by somebody else at the same time",
            ask=after(
                put(SMALL, "seventh"), meeting(deploying(_as("seventh")), unseen("seventh", 2))
            ),
            tells={"state": State.READY, "created": False, "ref.name": "seventh"},
        ),
        Told(
            name="by somebody else at the same time, of another model",
            ask=after(put(LLAMA, "eighth"), meeting(deploying(_as("eighth")), unseen("eighth", 2))),
            says=("eighth has become an endpoint of llama3-3", "another name"),
            refused=Conflict,
        ),
        Told(
            name="over a model that is left over",
            ask=after(left_over("ninth"), deploying(_as("ninth"))),
            says=("An uploaded model bonito-ninth is left over", "Delete the deployment"),
            refused=Conflict,
        ),
        Told(
            name="and not to be seen yet",
            ask=meeting(deploying(_as("tenth")), unseen("tenth", 3)),
            tells={
                "state": State.PROVISIONING,
                "created": True,
                "retry_after": 20,
                "model.name": "gemma3",
                "ref.name": "tenth",
            },
        ),
        Told(
            name="of a catalogue that says something else meanwhile",
            ask=deploying(wish(LARGE, PAID, name="other-large"), offered("gemma-3-27b-it", ONE_L4)),
            says=("The plan says something else", "Plan again"),
            refused=PlanRefused,
        ),
        Told(
            name="under a licence that is withdrawn meanwhile",
            ask=after(accepted, deploying(wish(LLAMA, PAID), licence_withdrawn)),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "model.name": "llama3-3",
                "actions.0.kind": ActionKind.ACCEPT_TERMS,
                "actions.0.consent": "model_licence",
                "error": None,
            },
        ),
        Told(
            name="without the right to",
            ask=after(without("aiplatform.endpoints.deploy"), deploying(_as("eleventh"))),
            tells={
                "state": State.NEEDS_ACTION,
                "created": False,
                "model.name": "gemma3",
                "actions.0.kind": ActionKind.GRANT_PERMISSION,
            },
            says=("aiplatform.endpoints.deploy",),
        ),
    ),
)
