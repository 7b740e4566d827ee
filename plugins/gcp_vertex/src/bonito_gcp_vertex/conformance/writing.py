"""The write that makes an endpoint: sent, refused, lost, and met by others."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import counted, instead, meeting
from bonito_emulators import AfterApplied, Reset, Respond
from bonito_gcp_vertex.conformance.asking import SIGNING_IN, after, deploying, outcomes, wish
from bonito_gcp_vertex.conformance.changes import (
    accepted,
    emptied,
    left_over,
    licence_withdrawn,
    offered,
    put,
    without,
)
from bonito_gcp_vertex.conformance.endpoint import LOOKED, SOUGHT, small
from bonito_gcp_vertex.conformance.faults import error_body, unseen
from bonito_gcp_vertex.conformance.project import (
    L4,
    LARGE,
    LLAMA,
    OF_GOOGLE,
    ONE_L4,
    OWN,
    PAID,
    SMALL,
)
from bonito_providers import ActionKind, State
from bonito_providers.errors import (
    Conflict,
    PlanRefused,
)

_DEPLOY = f"{OWN}:deploy"
_WRITE = f"POST {_DEPLOY}"
_READ = f"GET {OF_GOOGLE}"


def _in_vain(
    place: int, refused: str, *, sent: int = 1, slept: tuple[int, ...] = ()
) -> dict[str, object]:
    """Return what is told of one of several outcomes."""
    told = {"answer": None, "refused": refused, "writes": [_WRITE] * sent, "slept": slept}
    return {f"{place}.{what}": each for what, each in told.items()}


WRITING = Situation(
    name="endpoints that are written",
    told=(
        Told(
            name="one that serves at once",
            ask=deploying(small()),
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
                *(_READ, *SOUGHT) * 2,
                _WRITE,
                *LOOKED,
            ),
        ),
        Told(
            name="the same again",
            ask=deploying(small()),
            tells={"state": State.READY, "created": False},
            sends=(_READ, *LOOKED) * 2,
        ),
        Told(
            name="with another machine than stands",
            ask=after(put(LARGE, "large"), deploying(wish(LARGE, PAID, name="large", sku=L4))),
            says=("large stands already and would change: SKU", "another name"),
            refused=PlanRefused,
        ),
        Told(
            name="over one that somebody empties meanwhile",
            ask=deploying(small("other"), put(SMALL, "other"), emptied("other")),
            tells={"state": State.FAILED, "created": False},
        ),
        Told(
            name="while the service stumbles and then asks for a pause",
            ask=counted(
                meeting(
                    deploying(small("second")),
                    instead({}, path=_DEPLOY, status=503),
                    instead(Respond(429, {"retry-after": "20"}), path=_DEPLOY),
                )
            ),
            tells={"answer.created": True, "writes": [_WRITE] * 3, "slept": [2, 20]},
        ),
        Told(
            name="in vain",
            ask=outcomes(
                small("third"),
                instead({}, path=_DEPLOY, status=503, times=5),
                instead(Respond(429, {"retry-after": "21"}), path=_DEPLOY),
                instead(error_body(400, "INVALID_ARGUMENT", "No."), path=_DEPLOY, status=400),
                instead({}, path=_DEPLOY),
            ),
            tells={
                **_in_vain(0, "ServiceUnavailable", sent=3, slept=(2, 4)),
                # A longer pause is the caller's.
                **_in_vain(1, "RateLimited"),
                **_in_vain(2, "InvalidRequest"),
                **_in_vain(3, "MalformedAnswer"),
            },
        ),
        Told(
            name="with an answer that is lost",
            ask=counted(
                meeting(deploying(small("fourth")), instead(AfterApplied(Reset()), path=_DEPLOY))
            ),
            tells={
                "answer.created": True,
                "answer.state": State.READY,
                "writes": [_WRITE],
                "slept": [],
            },
        ),
        Told(
            name="by somebody else at the same time",
            ask=after(
                put(SMALL, "seventh"), meeting(deploying(small("seventh")), unseen("seventh", 2))
            ),
            tells={"state": State.READY, "created": False, "ref.name": "seventh"},
        ),
        Told(
            name="by somebody else at the same time, of another model",
            ask=after(
                put(LLAMA, "eighth"), meeting(deploying(small("eighth")), unseen("eighth", 2))
            ),
            says=("eighth has become an endpoint of llama3-3", "another name"),
            refused=Conflict,
        ),
        Told(
            name="over a model that is left over",
            ask=after(left_over("ninth"), deploying(small("ninth"))),
            says=("An uploaded model bonito-ninth is left over", "Delete the deployment"),
            refused=Conflict,
        ),
        Told(
            name="and not to be seen yet",
            ask=meeting(deploying(small("tenth")), unseen("tenth", 3)),
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
            ask=after(without("aiplatform.endpoints.deploy"), deploying(small("eleventh"))),
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
