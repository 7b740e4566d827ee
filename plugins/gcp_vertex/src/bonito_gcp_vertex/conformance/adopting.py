"""Taking over what stands already, and what is told where nothing of that name does."""

from __future__ import annotations

from bonito_contract_tests import Situation, Told
from bonito_contract_tests.asking import planning
from bonito_gcp_vertex.conformance.asking import SIGNING_IN, adoption, deploying
from bonito_gcp_vertex.conformance.changes import at_once, in_one_page, put, withdrawn
from bonito_gcp_vertex.conformance.endpoint import LOOKED
from bonito_gcp_vertex.conformance.project import (
    CLAUDE,
    EVERY_MODEL,
    FLASH,
    H100,
    LARGE,
    OWN,
    SONNET,
)
from bonito_providers import State
from bonito_providers.errors import DeploymentNotFound

_FREE, _PROBED = "changes nothing and costs nothing", "one call of one token"

ADOPTING = (
    Situation(
        name="what may be taken over",
        prepare=at_once(in_one_page, put(LARGE, owned=False)),
        told=(
            Told(
                name="planning an endpoint",
                ask=planning(adoption("mine")),
                tells={
                    "ref.name": "mine",
                    "ref.resource": "acme-prod/us-central1",
                    "region": "us-central1",
                    "sku": H100,
                    "model.version": "gemma-3-27b-it",
                    "actions": [],
                    "preview": {},
                },
                says=(_FREE,),
                sends=(SIGNING_IN, *LOOKED),
            ),
            Told(
                name="taking an endpoint over",
                ask=deploying(adoption("mine")),
                tells={"state": State.READY, "created": False, "owned": False, "sku": H100},
                sends=(*LOOKED, *LOOKED),
            ),
            Told(
                name="planning Gemini",
                ask=planning(adoption(FLASH)),
                tells={"region": "global", "sku": "serverless", "model.name": "gemini-3.8-flash"},
                says=(_FREE,),
                unsaid=(_PROBED,),
            ),
            Told(
                name="taking Gemini over, which nothing has to prove",
                ask=deploying(adoption(FLASH)),
                tells={"state": State.READY, "created": False},
                sends=("GET /v1beta1/publishers/google/models/gemini-3.8-flash",) * 2,
            ),
            Told(
                name="planning a partner's model",
                ask=planning(adoption(CLAUDE)),
                tells={"region": "global", "ref.resource": "acme-prod/global"},
                says=(_PROBED,),
            ),
            Told(
                name="planning a partner's dated model",
                ask=planning(adoption(SONNET)),
                tells={"ref.name": SONNET, "model.version": "20250929"},
                says=(_PROBED,),
            ),
            Told(
                name="a dated model without its date",
                ask=planning(adoption("anthropic/claude-sonnet-4-5")),
                says=("Did you mean anthropic/claude-sonnet-4-5@20250929",),
                refused=DeploymentNotFound,
            ),
            Told(
                name="a name that is like several",
                ask=planning(adoption("google/gemini-3")),
                tells={
                    "message": "Nothing of that name stands in the project.",
                    "hint": "Did you mean google/gemini-3.8-flash, google/gemini-4-argon, "
                    "google/gemini-embedding-2?",
                },
                refused=DeploymentNotFound,
            ),
            Told(
                name="a word of a name",
                ask=planning(adoption("claude")),
                tells={"hint": f"Did you mean {CLAUDE}?"},
                refused=DeploymentNotFound,
            ),
            Told(
                name="a name that is like an endpoint's",
                ask=planning(adoption("team-gema")),
                says=("Did you mean team-gemma",),
                refused=DeploymentNotFound,
            ),
            Told(
                name="a name like no other, which no endpoint can have",
                ask=planning(adoption("ZZZ")),
                tells={"hint": "List the deployments and models."},
                refused=DeploymentNotFound,
                sends=(f"GET {EVERY_MODEL}", f"GET {OWN}/endpoints", LOOKED[1]),
            ),
            Told(
                name="a model that is withdrawn meanwhile",
                ask=deploying(adoption(CLAUDE), withdrawn("anthropic", "claude-opus-5")),
                refused=DeploymentNotFound,
            ),
        ),
    ),
)
