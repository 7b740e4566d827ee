"""Endpoints as the service may show them, and what is callable altogether."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import NOTHING, Situation, Told
from bonito_contract_tests.asking import deployments, instead, meeting, picked
from bonito_gcp_vertex.conformance.asking import looking
from bonito_gcp_vertex.conformance.changes import in_one_page
from bonito_gcp_vertex.conformance.faults import CIRCLE, FLASH_ROW, catalogue
from bonito_gcp_vertex.conformance.project import EVERY_MODEL, FLASH, OWN, PLACE
from bonito_providers import State
from bonito_providers.errors import DeploymentNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bonito_emulators import Fault


def _endpoints(*rows: object, **told: object) -> Fault:
    return instead({"endpoints": list(rows), **told}, path=f"{OWN}/endpoints", times=None)


def _operations(*rows: object) -> Fault:
    return instead({"operations": list(rows)}, path=f"{OWN}/operations")


def _endpoint(name: str, **told: object) -> Mapping[str, object]:
    return {"name": f"{PLACE}/endpoints/{name}", **told}


def _deploying(model_id: str, **told: object) -> Mapping[str, object]:
    metadata = {"publisherModel": "publishers/google/models/gemma3@gemma-3-1b-it"}
    return {
        "name": f"{PLACE}/operations/7",
        "metadata": {**metadata, "modelId": model_id},
        **told,
    }


def _uploaded(name: str) -> Mapping[str, object]:
    garden = {"publicModelName": "publishers/google/models/gemma3@gemma-3-1b-it"}
    return {
        "name": f"{PLACE}/models/{name}",
        "baseModelSource": {"modelGardenSource": garden},
    }


_GEMMA = {"id": "1", "model": f"{PLACE}/models/bonito-our-gemma@1"}
STANDING = Situation(
    name="what is callable",
    prepare=in_one_page,
    told=(
        Told(
            name="whole",
            ask=deployments,
            tells={"complete": True, "skipped": []},
            says=(
                "and the endpoints in us-central1 of the project acme-prod",
                "Models whose publishers want terms accepted first",
            ),
            unsaid=("endpoint_region",),
        ),
        Told(
            name="by name, without what needs terms, or what nobody knows how to call",
            ask=picked(deployments),
            tells={
                "names": [
                    "google/gemini-3.5-flash-lite",
                    FLASH,
                    "google/gemini-4-argon",
                    "google/gemini-embedding-2",
                    "google/gemma-4-26b-a4b-it-maas",
                    "google/text-embedding-005",
                    "our-gemma",
                    "team-gemma",
                ]
            },
        ),
        Told(
            name="deployments of all kinds",
            ask=picked(deployments, served=FLASH, ours="our-gemma", theirs="team-gemma"),
            tells={
                "served.state": State.READY,
                "served.created": None,
                "served.owned": None,
                "served.sku": "serverless",
                "ours.owned": True,
                "ours.model.publisher": "Google",
                "ours.model.price_key": None,
                "theirs.owned": False,
                "theirs.model.version": "gemma-3-1b-it",
            },
        ),
        Told(
            name="endpoints that cannot be read",
            ask=meeting(
                deployments,
                catalogue(FLASH_ROW),
                _endpoints(
                    {"name": "elsewhere"},
                    _endpoint("empty", deployedModels=[{"id": ""}]),
                    _endpoint("b", deployedModels=[_GEMMA]),
                    _endpoint("a", deployedModels=[_GEMMA]),
                ),
            ),
            tells={
                "items.0.ref.name": FLASH,
                "items.1.ref.name": "a",
                "items.1.model.name": "gemma3",
                "items.1.sku": None,
                "items.2.ref.name": "b",
                "skipped.0.id": "(no name)",
                "skipped.1.id": "(no name)",
                "complete": True,
            },
            says=("The row cannot be read: name", "deployedModels.0.id"),
        ),
        Told(
            name="endpoints that come twice, in a circle of pages",
            ask=meeting(
                deployments,
                catalogue(FLASH_ROW),
                _endpoints(_endpoint("a", deployedModels=[_GEMMA]), nextPageToken="again"),
            ),
            tells={
                "items.1.ref.name": "a",
                "items.2": NOTHING,
                "complete": False,
                "notes.0": CIRCLE,
            },
        ),
        Told(
            name="a catalogue in a circle of pages",
            ask=meeting(deployments, catalogue(FLASH_ROW, nextPageToken="again")),
            tells={"complete": False, "notes.0": CIRCLE, "items.0.ref.name": FLASH},
        ),
        Told(
            name="no endpoint",
            ask=meeting(deployments, catalogue(FLASH_ROW), instead({}, path=f"{OWN}/endpoints")),
            tells={"items.0.ref.name": FLASH, "items.1": NOTHING, "complete": True},
            sends=(f"GET {EVERY_MODEL}", f"GET {OWN}/endpoints"),
        ),
        Told(
            name="an endpoint on a host of its own",
            ask=meeting(
                looking("a"),
                instead(
                    _endpoint(
                        "a",
                        dedicatedEndpointDns="a.us-central1-1.prediction.vertexai.goog",
                        deployedModels=[_GEMMA],
                    ),
                    path=f"{OWN}/endpoints/a",
                ),
            ),
            tells={"state": State.READY, "warnings.1": NOTHING},
            says=("It answers on a host of its own",),
        ),
        Told(
            name="a model that does not say which",
            ask=meeting(
                looking("our-gemma"),
                instead(
                    _endpoint("our-gemma", deployedModels=[{"id": "1"}]),
                    path=f"{OWN}/endpoints/our-gemma",
                ),
            ),
            tells={"state": State.READY, "model.name": "gemma3", "warnings": []},
        ),
        Told(
            name="a model from elsewhere",
            ask=meeting(
                looking("our-gemma"),
                instead(
                    {
                        "models": [
                            {"name": f"{PLACE}/models/1"},
                            {"name": f"{PLACE}/models/2", "baseModelSource": {}},
                            {"displayName": "no name"},
                        ]
                    },
                    path=f"{OWN}/models",
                ),
            ),
            tells={"state": State.READY, "model.name": None, "model.publisher": None},
        ),
        Told(
            name="a model that is listed with its version",
            ask=meeting(
                looking("our-gemma"),
                instead({"models": [_uploaded("bonito-our-gemma@2")]}, path=f"{OWN}/models"),
            ),
            tells={"state": State.READY, "model.name": "gemma3", "model.version": "gemma-3-1b-it"},
        ),
        Told(
            name="operations of all kinds",
            ask=meeting(
                looking("a"),
                instead(_endpoint("a"), path=f"{OWN}/endpoints/a"),
                _operations(
                    {"name": f"{PLACE}/operations/1"},
                    _deploying("other"),
                    _deploying("bonito-a", done=True, error={"code": 13, "message": "Newest."}),
                    _deploying("bonito-a", done=True, error={"code": 13, "message": "Older."}),
                ),
            ),
            tells={
                "state": State.FAILED,
                "error": "The deployment failed: Newest.",
                "model.version": "gemma-3-1b-it",
            },
        ),
        Told(
            name="an operation that runs, of a model that is named in full",
            ask=meeting(
                looking("a"),
                instead(_endpoint("a"), path=f"{OWN}/endpoints/a"),
                _operations(
                    _deploying("bonito-a", done=True, error={"code": 13, "message": "Older."}),
                    _deploying(f"{PLACE}/models/bonito-a"),
                ),
            ),
            tells={"state": State.PROVISIONING, "error": None, "owned": False},
        ),
        Told(
            name="an operation that ended well, with nothing to show",
            ask=meeting(
                looking("a"),
                instead(
                    _endpoint("a", displayName="a (managed by bonito)"), path=f"{OWN}/endpoints/a"
                ),
                _operations(_deploying("bonito-a", done=True)),
            ),
            tells={"state": State.FAILED, "owned": True},
            says=("No model is deployed on the endpoint",),
        ),
        Told(
            name="a page about nothing in an endpoint's place",
            ask=meeting(looking("a"), instead({}, path=f"{OWN}/endpoints/a", status=404)),
            refused=DeploymentNotFound,
        ),
    ),
)
