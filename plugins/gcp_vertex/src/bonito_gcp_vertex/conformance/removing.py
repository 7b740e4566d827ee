"""Endpoints that are taken away, to the last resource, and what keeps them from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting
from bonito_gcp_vertex.conformance.asking import SIGNING_IN, after, removing
from bonito_gcp_vertex.conformance.changes import (
    at_once,
    emptied,
    left_over,
    put,
    without,
)
from bonito_gcp_vertex.conformance.endpoint import ENDPOINT, GONE, LATER, LOOKED, MINE, SOUGHT
from bonito_gcp_vertex.conformance.faults import error_body
from bonito_gcp_vertex.conformance.project import FLASH, OWN, PLACE, SMALL
from bonito_providers import ActionKind
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    MalformedAnswer,
    PermissionMissing,
    ServiceUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_contract_tests.situations import Ask

_MODEL = f"DELETE {OWN}/models/bonito-mine"
_READ = (f"GET {ENDPOINT}", *LOOKED)
_EMPTY = (f"GET {ENDPOINT}", *SOUGHT)
_TAKEN_OFF = f"POST {ENDPOINT}:undeployModel"
_DELETED = f"DELETE {ENDPOINT}"
_BUSY = error_body(400, "FAILED_PRECONDITION", "The Endpoint has deployed DeployedModel(s).")


def _operation(name: str, **told: object) -> dict[str, object]:
    return {"name": f"{PLACE}/endpoints/mine/operations/{name}", **told}


def _answered(answer: Mapping[str, object], *, status: int = 200, path: str = ENDPOINT) -> Ask:
    """Remove one of ours, and let this answer where it, or its model, is deleted."""
    return after(
        MINE, meeting(removing("mine"), instead(answer, path=path, status=status, method="DELETE"))
    )


REMOVING = Situation(
    name="endpoints that are removed",
    told=(
        Told(
            name="one of ours",
            ask=after(MINE, removing("mine")),
            tells={**GONE, "ref.name": "mine", "ref.resource": "acme-prod/us-central1"},
            sends=(SIGNING_IN, *_READ, _TAKEN_OFF, _DELETED, _MODEL),
        ),
        Told(
            name="one that is gone",
            ask=removing("mine"),
            tells=GONE,
            sends=(*_EMPTY, _MODEL),
        ),
        Told(
            name="one that is gone, and not its model",
            ask=after(left_over(), removing("mine")),
            tells=GONE,
            sends=(*_EMPTY, _MODEL),
        ),
        Told(
            name="one of a name that this project gives to none",
            ask=removing("1234567890"),
            tells=GONE,
            sends=(
                f"GET {OWN}/endpoints/1234567890",
                f"GET {OWN}/endpoints/1234567890",
                f"GET {OWN}/models",
                f"GET {OWN}/operations",
            ),
        ),
        Told(
            name="one without a model",
            ask=after(at_once(MINE, emptied("mine")), removing("mine")),
            tells=GONE,
            sends=(*_EMPTY, _DELETED, _MODEL),
        ),
        Told(
            name="another's",
            ask=after(put(SMALL, "mine", owned=False), removing("mine")),
            says=("mine was not created by this project", "including what is not owned"),
            refused=Conflict,
            sends=(f"GET {ENDPOINT}",),
        ),
        Told(
            name="another's, of which somebody insists",
            ask=removing("mine", include_unowned=True),
            tells=GONE,
            sends=(*_READ, _TAKEN_OFF, _DELETED),
        ),
        Told(
            name="one of another project",
            ask=removing("mine", project="acme-dev"),
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
            ask=_answered(_BUSY, status=400),
            tells={**LATER, "ref.name": "mine", "owned": True},
        ),
        Told(
            name="one whose deletion is refused",
            ask=_answered(error_body(400, "INVALID_ARGUMENT", "No."), status=400),
            tells={"code": "INVALID_ARGUMENT"},
            refused=InvalidRequest,
        ),
        Told(
            name="one whose deletion fails in the end",
            ask=_answered(_operation("7", done=True, error={"code": 13, "message": "Not now."})),
            tells={"message": "Vertex AI did not take it away: Not now."},
            says=("Delete again",),
            refused=ServiceUnavailable,
        ),
        Told(
            name="one for which a page about nothing answers",
            ask=_answered({}, path=f"{OWN}/models/bonito-mine", status=404),
            refused=DeploymentNotFound,
        ),
        Told(
            name="by an operation of another place",
            ask=_answered({"name": "projects/1/locations/europe-west4/operations/7"}),
            says=("operation of another place",),
            refused=MalformedAnswer,
        ),
        Told(
            name="by an operation that leads elsewhere",
            ask=_answered({"name": f"{PLACE}/../global/operations/7"}),
            says=("operation of another place",),
            refused=MalformedAnswer,
        ),
        Told(
            name="without the right to",
            ask=after(at_once(MINE, without("aiplatform.endpoints.undeploy")), removing("mine")),
            tells={"actions.0.kind": ActionKind.GRANT_PERMISSION},
            says=("aiplatform.endpoints.undeploy",),
            refused=PermissionMissing,
        ),
    ),
)
