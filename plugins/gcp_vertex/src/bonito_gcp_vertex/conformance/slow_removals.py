"""Endpoints whose removal takes its time, or has to wait until they are built."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import counted, meeting, then
from bonito_gcp_vertex.conformance.asking import after, deploying, removing
from bonito_gcp_vertex.conformance.changes import (
    at_once,
    emptied,
    finished,
    left_over,
    slow,
    slow_to_go,
)
from bonito_gcp_vertex.conformance.endpoint import ENDPOINT, GONE, LATER, MINE, SOUGHT, small
from bonito_gcp_vertex.conformance.faults import unseen
from bonito_providers import State

_GOING = {"state": State.DELETING, "retry_after": 5}
_SOUGHT = (f"GET {ENDPOINT}", *SOUGHT)


_SLOW = Situation(
    name="removals that take their time",
    prepare=at_once(MINE, slow_to_go(1)),
    told=(
        Told(
            name="one that is followed step by step",
            ask=counted(removing("mine")),
            # The first look finds it under way, the second done.
            tells={"answer.state": State.ABSENT, "slept": [5, 5, 5, 5, 5, 5]},
        ),
        Told(
            name="one that takes very long to be taken off",
            ask=counted(after(at_once(MINE, slow_to_go()), removing("mine"))),
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
                ask=then(deploying(small()), removing("mine")),
                tells={**LATER, "ref.name": "mine", "owned": True, "model.name": "gemma3"},
            ),
            Told(
                name="with its endpoint, once more",
                ask=removing("mine"),
                tells=LATER,
                sends=_SOUGHT,
            ),
            Told(
                name="before its endpoint is to be seen",
                ask=meeting(
                    removing("mine"),
                    unseen("mine", 2),
                ),
                tells={**LATER, "ref.name": "mine", "owned": None},
                sends=_SOUGHT,
            ),
            Told(
                name="after it has been built",
                ask=after(finished, removing("mine")),
                tells=GONE,
            ),
        ),
    ),
)
