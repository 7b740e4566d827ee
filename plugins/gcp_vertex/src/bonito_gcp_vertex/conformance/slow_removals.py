"""Endpoints whose removal takes its time, or has to wait until they are built."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_gcp_vertex.conformance.asking import (
    after,
    deploying,
    lasting,
    meeting,
    removing,
    then,
    wish,
)
from bonito_gcp_vertex.conformance.changes import (
    at_once,
    emptied,
    finished,
    left_over,
    put,
    slow,
    slow_to_go,
)
from bonito_gcp_vertex.conformance.faults import error_body, fault
from bonito_gcp_vertex.conformance.project import OWN, PAID, SMALL
from bonito_providers import State

_PLACE = "projects/123456789012/locations/us-central1"
_GONE: dict[str, object] = {
    "state": State.ABSENT,
    "actions": [],
    "error": None,
    "retry_after": None,
}
_LATER = {"state": State.QUEUED, "retry_after": 60}
_GOING = {"state": State.DELETING, "retry_after": 5}
_MODEL = f"DELETE {OWN}/models/bonito-mine"
_READ = (f"GET {OWN}/endpoints/mine", f"GET {OWN}/endpoints/mine", f"GET {OWN}/models")
_EMPTY = (*_READ, f"GET {OWN}/operations")
_TAKEN_OFF = f"POST {OWN}/endpoints/mine:undeployModel"
_DELETED = f"DELETE {OWN}/endpoints/mine"
_BUSY = error_body(400, "FAILED_PRECONDITION", "The Endpoint has deployed DeployedModel(s).")
_MINE = put(SMALL)


def _operation(name: str, **told: object) -> dict[str, object]:
    return {"name": f"{_PLACE}/endpoints/mine/operations/{name}", **told}


_SLOW = Situation(
    name="removals that take their time",
    prepare=at_once(_MINE, slow_to_go(1)),
    told=(
        Told(
            name="one that is followed step by step",
            ask=lasting(removing("mine")),
            # The first look finds it under way, the second done.
            tells={"answer.state": State.ABSENT, "slept": [5, 5, 5, 5, 5, 5]},
        ),
        Told(
            name="one that takes very long to be taken off",
            ask=lasting(after(at_once(_MINE, slow_to_go()), removing("mine"))),
            tells={
                "answer.state": State.DELETING,
                "answer.retry_after": 5,
                "answer.owned": True,
                "slept": [5] * 12,
            },
        ),
        Told(
            name="one that takes very long to be deleted",
            ask=after(at_once(finished, emptied("mine")), removing("mine")),
            tells={**_GOING, "owned": True},
        ),
        Told(
            name="one whose model takes very long to be deleted",
            ask=after(left_over(), removing("mine")),
            tells={**_GOING, "owned": None, "ref.name": "mine"},
        ),
    ),
)

SLOW_REMOVALS = (
    _SLOW,
    Situation(
        name="removals of what is being built",
        prepare=slow(),
        told=(
            Told(
                name="with its endpoint",
                ask=then(deploying(wish(SMALL, PAID, name="mine")), removing("mine")),
                tells={**_LATER, "ref.name": "mine", "owned": True, "model.name": "gemma3"},
            ),
            Told(
                name="with its endpoint, once more",
                ask=removing("mine"),
                tells=_LATER,
                sends=_EMPTY,
            ),
            Told(
                name="before its endpoint is to be seen",
                ask=meeting(
                    removing("mine"),
                    fault(
                        f"{OWN}/endpoints/mine",
                        error_body(404, "NOT_FOUND", "The Endpoint does not exist."),
                        status=404,
                        times=2,
                    ),
                ),
                tells={**_LATER, "ref.name": "mine", "owned": None},
                sends=_EMPTY,
            ),
            Told(
                name="after it has been built",
                ask=after(finished, removing("mine")),
                tells=_GONE,
            ),
        ),
    ),
)
