"""Endpoints that are taken away, to the last resource, and what keeps them from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told
from bonito_gcp_vertex.conformance.asking import (
    SIGNING_IN,
    after,
    meeting,
    removing,
)
from bonito_gcp_vertex.conformance.changes import (
    at_once,
    emptied,
    left_over,
    put,
    without,
)
from bonito_gcp_vertex.conformance.faults import error_body, fault
from bonito_gcp_vertex.conformance.project import FLASH, OWN, SMALL
from bonito_providers import ActionKind, DeploymentRef, State
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from bonito_contract_tests import Scene

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


async def _removing_elsewhere(scene: Scene) -> object:
    ref = DeploymentRef(provider="gcp_vertex", resource="acme-dev/us-central1", name="mine")
    return await scene.provider.delete_deployment(scene.connection, ref)


REMOVING = Situation(
    name="endpoints that are removed",
    told=(
        Told(
            name="one of ours",
            ask=after(_MINE, removing("mine")),
            tells={**_GONE, "ref.name": "mine", "ref.resource": "acme-prod/us-central1"},
            sends=(SIGNING_IN, *_READ, _TAKEN_OFF, _DELETED, _MODEL),
        ),
        Told(
            name="one that is gone",
            ask=removing("mine"),
            tells=_GONE,
            sends=(*_EMPTY, _MODEL),
        ),
        Told(
            name="one that is gone, and not its model",
            ask=after(left_over(), removing("mine")),
            tells=_GONE,
            sends=(*_EMPTY, _MODEL),
        ),
        Told(
            name="one of a name that this project gives to none",
            ask=removing("1234567890"),
            tells=_GONE,
            sends=(
                f"GET {OWN}/endpoints/1234567890",
                f"GET {OWN}/endpoints/1234567890",
                f"GET {OWN}/models",
                f"GET {OWN}/operations",
            ),
        ),
        Told(
            name="one without a model",
            ask=after(at_once(_MINE, emptied("mine")), removing("mine")),
            tells=_GONE,
            sends=(*_EMPTY, _DELETED, _MODEL),
        ),
        Told(
            name="another's",
            ask=after(put(SMALL, "mine", owned=False), removing("mine")),
            says=("mine was not created by this project", "including what is not owned"),
            refused=Conflict,
            sends=(f"GET {OWN}/endpoints/mine",),
        ),
        Told(
            name="another's, of which somebody insists",
            ask=removing("mine", include_unowned=True),
            tells=_GONE,
            sends=(*_READ, _TAKEN_OFF, _DELETED),
        ),
        Told(
            name="one of another project",
            ask=_removing_elsewhere,
            says=("belongs to gcp_vertex, acme-dev/us-central1",),
            refused=InvalidRequest,
            sends=(),
        ),
        Told(
            name="a served model",
            ask=removing(FLASH, include_unowned=True),
            says=(FLASH, "gateway"),
            refused=Conflict,
            sends=(),
        ),
        Told(
            name="one that is used again meanwhile",
            ask=after(
                _MINE,
                meeting(
                    removing("mine"),
                    fault(f"{OWN}/endpoints/mine", _BUSY, status=400, method="DELETE"),
                ),
            ),
            tells={**_LATER, "ref.name": "mine", "owned": True},
        ),
        Told(
            name="one whose deletion is refused",
            ask=after(
                _MINE,
                meeting(
                    removing("mine"),
                    fault(
                        f"{OWN}/endpoints/mine",
                        error_body(400, "INVALID_ARGUMENT", "No."),
                        status=400,
                        method="DELETE",
                    ),
                ),
            ),
            tells={"code": "INVALID_ARGUMENT"},
            refused=InvalidRequest,
        ),
        Told(
            name="one whose deletion fails in the end",
            ask=after(
                _MINE,
                meeting(
                    removing("mine"),
                    fault(
                        f"{OWN}/endpoints/mine",
                        _operation("7", done=True, error={"code": 13, "message": "Not now."}),
                        method="DELETE",
                    ),
                ),
            ),
            tells={"message": "Vertex AI did not take it away: Not now."},
            says=("Delete again",),
            refused=ServiceUnavailable,
        ),
        Told(
            name="one for which a page about nothing answers",
            ask=after(
                _MINE,
                meeting(
                    removing("mine"),
                    fault(f"{OWN}/models/bonito-mine", {}, status=404, method="DELETE"),
                ),
            ),
            refused=DeploymentNotFound,
        ),
        Told(
            name="by an operation of another place",
            ask=after(
                _MINE,
                meeting(
                    removing("mine"),
                    fault(
                        f"{OWN}/endpoints/mine",
                        {"name": "projects/1/locations/europe-west4/operations/7"},
                        method="DELETE",
                    ),
                ),
            ),
            says=("operation of another place",),
            refused=MalformedAnswer,
        ),
        Told(
            name="by an operation that leads elsewhere",
            ask=after(
                _MINE,
                meeting(
                    removing("mine"),
                    fault(
                        f"{OWN}/endpoints/mine",
                        {"name": f"{_PLACE}/../global/operations/7"},
                        method="DELETE",
                    ),
                ),
            ),
            says=("operation of another place",),
            refused=MalformedAnswer,
        ),
        Told(
            name="without the right to",
            ask=after(at_once(_MINE, without("aiplatform.endpoints.undeploy")), removing("mine")),
            tells={"actions.0.kind": ActionKind.GRANT_PERMISSION},
            says=("aiplatform.endpoints.undeploy",),
            refused=PermissionMissing,
        ),
    ),
)
