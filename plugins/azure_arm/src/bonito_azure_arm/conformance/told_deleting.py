"""What deleting tells, and what is told of a deployment while Azure takes its time over it."""

from __future__ import annotations

from bonito_azure_arm.conformance.questions import DEPLOYMENTS, instead, looking, refused, removing
from bonito_azure_arm.conformance.situations import MODEL, Offered, Prepare, situation, wish
from bonito_azure_arm.conformance.told_deploying import DEPLOYMENT, LOOKING, PLANNING
from bonito_contract_tests import Scene, Situation, Told
from bonito_contract_tests.asking import after, deploying, meeting
from bonito_emulators.azure import AzureCloud, Deletion, Pace
from bonito_providers import State
from bonito_providers.errors import Conflict, PermissionMissing

_OURS, _THEIRS = f"{DEPLOYMENTS}/ours", f"{DEPLOYMENTS}/reasoner"
_MINUTE = 60.0


def of_deleting(kind: str, sku: str, endpoint: str) -> tuple[Situation, ...]:
    """Return the situations in which something is deleted."""
    return (
        Situation(name="what stands", told=(*_at_once(), *_theirs())),
        Situation(
            name="a deletion that takes a minute",
            prepare=slowly(situation(kind, Offered(name=sku))),
            told=_slow(endpoint),
        ),
    )


def slowly(prepare: Prepare | None = None) -> Prepare:
    """Return what brings a cloud into a situation in which a deletion takes a minute."""

    def prepared(cloud: AzureCloud) -> None:
        if prepare is not None:
            prepare(cloud)
        deletion = Deletion(shape="header", pace=Pace(seconds=_MINUTE))
        cloud.account("contoso").deletion = deletion

    return prepared


def later(scene: Scene) -> None:
    """Let that minute pass."""
    scene.cloud.advance(_MINUTE + 1)


def _at_once() -> tuple[Told, ...]:
    gone = {"state": State.ABSENT, "ref.name": "ours", "endpoint": None}
    stands = {"ref.name": "ours", "owned": True}
    no = instead(_OURS, 403, refused("AuthorizationFailed"), method="DELETE")
    busy = instead(
        _OURS, 409, refused("RequestConflict"), method="DELETE", headers={"Retry-After": "3"}
    )
    return (
        Told(
            name="deleting it without the right to",
            ask=meeting(removing("ours"), no),
            refused=PermissionMissing,
            says=("AuthorizationFailed", "Cognitive Services Contributor"),
        ),
        Told(
            name="deleting it while somebody else writes",
            ask=after(_held, removing("ours")),
            tells={**stands, "state": State.QUEUED, "retry_after": 5.0},
            sends=(f"GET {_OURS}", f"DELETE {_OURS}"),
        ),
        Told(
            name="deleting it while somebody else writes, for as long as Azure says",
            ask=meeting(removing("ours"), busy),
            tells={**stands, "state": State.QUEUED, "retry_after": 3.0},
        ),
        Told(
            name="deleting it",
            ask=removing("ours"),
            tells=gone,
            sends=(f"GET {_OURS}", f"DELETE {_OURS}", f"GET {_OURS}"),
        ),
        Told(name="deleting it again", ask=removing("ours"), tells=gone, sends=(f"GET {_OURS}",)),
        Told(name="looking at it", ask=looking("ours"), tells=gone, sends=(f"GET {_OURS}",)),
    )


def _theirs() -> tuple[Told, ...]:
    return (
        Told(
            name="deleting what somebody else made",
            ask=removing("reasoner"),
            refused=Conflict,
            says=("reasoner was not created by this project", "including what is not owned"),
            sends=(f"GET {_THEIRS}",),
        ),
        Told(
            name="deleting it all the same",
            ask=removing("reasoner", include_unowned=True),
            tells={"state": State.ABSENT},
        ),
    )


def _slow(endpoint: str) -> tuple[Told, ...]:
    going = {"state": State.DELETING, "owned": True, "endpoint": endpoint, "error": None}
    return (
        Told(name="deploying it", ask=deploying(wish()), tells={"state": State.READY}),
        Told(
            name="deleting it",
            ask=removing(MODEL),
            tells=going,
            sends=(LOOKING, f"DELETE {DEPLOYMENT}", LOOKING),
        ),
        Told(name="deleting it again", ask=removing(MODEL), tells=going, sends=(LOOKING,)),
        Told(name="looking at it", ask=looking(MODEL), tells=going, sends=(LOOKING,)),
        Told(
            name="deploying it meanwhile",
            ask=deploying(wish()),
            tells={"state": State.QUEUED, "created": False, "retry_after": 5.0},
            sends=(*PLANNING, LOOKING),
        ),
        Told(
            name="looking at it a minute later",
            ask=after(later, looking(MODEL)),
            tells={"state": State.ABSENT, "endpoint": None},
        ),
    )


def _held(scene: Scene) -> None:
    scene.cloud.account("contoso").hold_writes(Pace(looks=1))
