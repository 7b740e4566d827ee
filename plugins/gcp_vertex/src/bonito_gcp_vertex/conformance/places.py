"""Connections to other places than the harness's own: without a region, and in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told, asking
from bonito_contract_tests.asking import deployments, planning
from bonito_gcp_vertex.conformance.asking import (
    adoption,
    deploying,
    looking,
    removing,
    routing,
    wish,
)
from bonito_gcp_vertex.conformance.changes import in_one_page
from bonito_gcp_vertex.conformance.project import FLASH, PAID, SMALL, SONNET
from bonito_providers import Deployment, DeploymentRef, InvocationRequest, State
from bonito_providers.errors import DeploymentNotFound, InvalidRequest

if TYPE_CHECKING:
    from bonito_contract_tests import Scene

_DEEPSEEK = "deepseek-ai/deepseek-r1-0528-maas"


def _found(scene: Scene) -> Deployment:
    """Return an endpoint that was found with another connection."""
    ref = DeploymentRef(provider="gcp_vertex", resource="acme-prod/-", name="team-gemma")
    return Deployment(ref=ref, state=State.READY, observed_at=scene.clock.now())


_NOWHERE = Situation(
    name="a connection without a region",
    prepare=in_one_page,
    fields={"endpoint_region": None},
    told=(
        Told(
            name="what is callable",
            ask=deployments,
            tells={"complete": True},
            says=("Model Garden's catalogue of the project acme-prod", "endpoint_region"),
        ),
        Told(
            name="a served model",
            ask=looking(SONNET),
            tells={"state": State.READY, "ref.name": SONNET},
        ),
        Told(
            name="an endpoint",
            ask=looking("team-gemma"),
            says=("the connection names none", "Give endpoint_region"),
            refused=DeploymentNotFound,
        ),
        Told(
            name="removing an endpoint",
            ask=removing("team-gemma"),
            says=("the connection names none", "Give endpoint_region"),
            refused=DeploymentNotFound,
        ),
        Told(
            name="calling an endpoint",
            ask=asking.calling(_found, InvocationRequest()),
            says=("Give endpoint_region",),
            refused=DeploymentNotFound,
            sends=(),
        ),
        Told(
            name="adopting an endpoint",
            ask=planning(adoption("zzzzzz")),
            tells={"hint": "List the deployments and models. Endpoints need endpoint_region."},
            refused=DeploymentNotFound,
        ),
        Told(
            name="adopting what is near a served model",
            ask=planning(adoption("google/gemini-3.8-flush")),
            says=("Did you mean google/gemini-3.8-flash",),
            unsaid=("endpoint_region",),
            refused=DeploymentNotFound,
        ),
        Told(
            name="planning weights",
            ask=planning(wish(SMALL, PAID)),
            says=("google/gemma3@gemma-3-1b-it has to be deployed", "endpoint_region"),
            refused=InvalidRequest,
        ),
    ),
)

PLACES = (
    _NOWHERE,
    Situation(
        name="a location that does not serve everything",
        fields={"location": "europe-west4", "endpoint_region": None},
        told=(
            Told(
                name="deploying what it does not serve",
                ask=deploying(wish("google/gemini-4-argon")),
                tells={
                    "state": State.FAILED,
                    "created": False,
                    "ref.resource": "acme-prod/europe-west4",
                    "endpoint": "https://europe-west4-aiplatform.googleapis.com"
                    "/v1/projects/acme-prod/locations/europe-west4",
                },
                says=("google/gemini-4-argon is not served in europe-west4",),
            ),
            Told(
                name="planning what it serves",
                ask=planning(wish(FLASH)),
                tells={"region": "europe-west4", "ref.resource": "acme-prod/europe-west4"},
            ),
        ),
    ),
    Situation(
        name="a location that is a region",
        fields={"location": "us-central1", "endpoint_region": None},
        told=(
            Told(
                name="an endpoint that stands there",
                ask=looking("team-gemma"),
                tells={"state": State.READY, "ref.resource": "acme-prod/us-central1"},
            ),
            Told(
                name="the route to a model that LiteLLM calls there",
                ask=routing(_DEEPSEEK),
                tells={
                    "supported": True,
                    "litellm_params.vertex_location": "us-central1",
                    "litellm_params.model": f"vertex_ai/{_DEEPSEEK}",
                },
            ),
        ),
    ),
)
