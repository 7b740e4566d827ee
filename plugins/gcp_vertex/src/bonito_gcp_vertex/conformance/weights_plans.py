"""Plans for weights: the request as it will be sent, and what has to be agreed to first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import instead, meeting, planning
from bonito_gcp_vertex.conformance.asking import SIGNING_IN, after, lifetime, wish
from bonito_gcp_vertex.conformance.changes import accepted, put
from bonito_gcp_vertex.conformance.endpoint import SOUGHT, small
from bonito_gcp_vertex.conformance.project import (
    CATALOGUE,
    H100,
    L4,
    LARGE,
    LICENSED,
    LLAMA,
    OF_GOOGLE,
    OWN,
    PAID,
    SMALL,
)
from bonito_providers import ActionKind
from bonito_providers.errors import Conflict, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping


_CONSOLE = "https://console.cloud.google.com"
_CHECKED = "/v1beta1/projects/acme-prod/modelGardenEula:check"
_ONE_L4 = {
    "machineType": "g2-standard-12",
    "acceleratorType": "NVIDIA_L4",
    "acceleratorCount": 1,
}
_BODY = {
    "publisherModelName": "publishers/google/models/gemma3@gemma-3-1b-it",
    "modelConfig": {"modelUserId": "bonito-mine"},
    "endpointConfig": {
        "endpointDisplayName": "mine (managed by bonito)",
        "endpointUserId": "mine",
        "dedicatedEndpointDisabled": True,
    },
    "deployConfig": {"dedicatedResources": {"machineSpec": _ONE_L4, "minReplicaCount": 1}},
}


def _on(*machines: Mapping[str, object], **told: object) -> Mapping[str, object]:
    """Return a catalogue of one row: weights with these machines."""
    options = [{"dedicatedResources": {"machineSpec": each}} for each in machines]
    row = {
        "name": "publishers/google/models/gemma3",
        "supportedActions": {"multiDeployVertex": {"multiDeployVertex": options}},
        **told,
    }
    return {"publisherModels": [row]}


_N1, _N2 = {"machineType": "n1-standard-8"}, {"machineType": "n2-standard-8"}
_ODD = Situation(
    name="weights as a catalogue may offer them",
    told=(
        Told(
            name="on a machine without accelerators, and without a version",
            ask=meeting(planning(wish("google/gemma3", PAID)), instead(_on(_N1), path=OF_GOOGLE)),
            tells={
                "sku": "n1-standard-8",
                "ref.name": "gemma3",
                "preview.body.publisherModelName": "publishers/google/models/gemma3@default",
                "preview.body.deployConfig.dedicatedResources.machineSpec": _N1,
            },
        ),
        Told(
            name="on an accelerator that is none",
            ask=meeting(
                planning(wish("google/gemma3", PAID)),
                instead(
                    _on({**_N1, "acceleratorType": "ACCELERATOR_TYPE_UNSPECIFIED"}), path=OF_GOOGLE
                ),
            ),
            tells={"sku": "n1-standard-8"},
        ),
        Told(
            name="on accelerators that nobody counted",
            ask=meeting(
                planning(wish("google/gemma3", PAID)),
                instead(_on({**_N1, "acceleratorType": "NVIDIA_T4"}), path=OF_GOOGLE),
            ),
            tells={"sku": "n1-standard-8:1xNVIDIA_T4"},
        ),
        Told(
            name="on a machine without a name, and on one that is named twice",
            ask=meeting(
                planning(wish("google/gemma3", PAID, sku="other")),
                instead(_on({"machineType": ""}, _N2, _N1, _N2), path=OF_GOOGLE),
            ),
            tells={"hint": "Its SKUs: n2-standard-8, n1-standard-8."},
            says=("google/gemma3 cannot be deployed that way",),
            refused=InvalidRequest,
        ),
        Told(
            name="on no machine",
            ask=meeting(planning(wish("google/gemma3", PAID)), instead(_on(), path=OF_GOOGLE)),
            tells={"hint": "Its SKUs: none that the catalogue names."},
            refused=InvalidRequest,
        ),
        Told(
            name="in a form of tomorrow",
            ask=meeting(
                planning(wish("google/gemma3", PAID)),
                instead(_on(supportedActions={"multiDeployVertex": ["vllm"]}), path=OF_GOOGLE),
            ),
            tells={"hint": "Its SKUs: none that the catalogue names."},
            refused=InvalidRequest,
        ),
    ),
)

_AGREED = Situation(
    name="weights that somebody has to agree to",
    told=(
        Told(
            name="neither paid for nor licensed",
            ask=planning(wish(LLAMA)),
            tells={
                "actions.0.kind": ActionKind.ACCEPT_TERMS,
                "actions.0.consent": PAID,
                "actions.0.url": "https://cloud.google.com/vertex-ai/pricing",
                "actions.1.kind": ActionKind.ACCEPT_TERMS,
                "actions.1.consent": LICENSED,
                "actions.1.url": f"{_CONSOLE}/vertex-ai/publishers/meta/model-garden/llama3-3"
                "?project=acme-prod",
                "preview.body.modelConfig": {"modelUserId": "bonito-llama-3-3-70b-instruct"},
            },
        ),
        Told(
            name="agreed to",
            ask=planning(wish(LLAMA, PAID, LICENSED, name="mine")),
            tells={
                "actions": [],
                "sku": H100,
                "preview.body.modelConfig": {"modelUserId": "bonito-mine", "acceptEula": True},
            },
            sends=(f"GET {CATALOGUE}/meta/models", *SOUGHT),
        ),
        Told(
            name="accepted in the console, as a stumbling service tells",
            ask=after(
                accepted,
                meeting(planning(wish(LLAMA, PAID)), instead({}, path=_CHECKED, status=503)),
            ),
            tells={"actions": []},
        ),
        Told(
            name="standing already",
            ask=after(put(LLAMA), planning(wish(LLAMA, name="mine"))),
            tells={"actions": [], "changes": []},
        ),
    ),
)

PLANS_FOR_WEIGHTS = (
    _ODD,
    _AGREED,
    Situation(
        name="plans for weights",
        told=(
            Told(
                name="under a name",
                ask=planning(small()),
                tells={
                    "ref": {
                        "provider": "gcp_vertex",
                        "resource": "acme-prod/us-central1",
                        "name": "mine",
                        "details": {},
                    },
                    "model": {
                        "name": "gemma3",
                        "format": "google",
                        "version": "gemma-3-1b-it",
                        "kind": "chat",
                        "publisher": "Google",
                        "price_key": None,
                        "canonical_name": None,
                    },
                    "sku": L4,
                    "region": "us-central1",
                    "preview": {"body": _BODY},
                    "actions": [],
                    "changes": [],
                },
                says=("Billed by the hour", "quota for the machine is not known"),
                sends=(SIGNING_IN, f"GET {OF_GOOGLE}", *SOUGHT),
            ),
            Told(name="for how long", ask=lifetime(small()), tells={"seconds": 900}),
            Told(
                name="under a name that is none",
                ask=planning(wish(SMALL, PAID, name="mine-")),
                says=("no name for an endpoint", "55 small letters"),
                refused=InvalidRequest,
            ),
            Told(
                name="with a capacity",
                ask=planning(wish(SMALL, PAID, capacity=2)),
                says=("capacity cannot be chosen", "one replica"),
                refused=InvalidRequest,
            ),
            Told(
                name="where another version stands",
                ask=after(put(LARGE), planning(small())),
                tells={
                    "changes": [
                        "version gemma-3-27b-it to gemma-3-1b-it",
                        f"SKU {H100} to {L4}",
                    ]
                },
            ),
            Told(
                name="where another model stands",
                ask=after(put(LLAMA), planning(small())),
                says=("mine is an endpoint of llama3-3 already", "another name"),
                refused=Conflict,
            ),
            Told(
                name="where nobody knows what stands",
                ask=after(
                    put(SMALL), meeting(planning(small()), instead({}, path=f"{OWN}/models"))
                ),
                says=("mine is an endpoint of an unknown model already",),
                refused=Conflict,
            ),
        ),
    ),
)
