"""The story of the demonstration: a project with Gemini, a partner's model, and an endpoint."""

from __future__ import annotations

import json

from bonito_emulators.faults import Fault, Respond
from bonito_emulators.gcp import refusals
from bonito_emulators.gcp.cloud import GoogleCloud
from bonito_emulators.gcp.identities import service_account
from bonito_emulators.gcp.projects import Project
from bonito_emulators.scenario import DemoConnection, Scenario

PROJECT = "acme-prod"
REGION = "us-central1"


def build_cloud() -> GoogleCloud:
    """Makes a project that has enabled Claude and Mistral, and serves Gemma itself."""
    project = Project(
        id=PROJECT,
        enabled_partners={"anthropic", "mistralai"},
        shares_data_with={"anthropic"},
    )
    cloud = GoogleCloud(project, [service_account(PROJECT)])
    cloud.put_endpoint(
        "team-gemma", "publishers/google/models/gemma3@gemma-3-1b-it", location=REGION
    )
    return cloud


def throttling() -> Fault:
    """Refuses every call of a model, until it is called off."""
    refusal = refusals.resource_exhausted()
    return Fault(
        action=Respond(refusal.status, refusal.headers, refusal.body),
        host=refusals.SERVICE,
        method="POST",
        times=None,
    )


def make_scenario() -> Scenario:
    """Makes the story; its keys are made when it is asked for, since that takes a moment."""
    account = service_account(PROJECT)
    place = {"location": "global", "endpoint_region": REGION}
    right = {"service_account_json": json.dumps(account.key_file()), **place}
    wrong = {"service_account_json": json.dumps(account.key_file(wrong=True)), **place}
    return Scenario(
        name="gcp",
        title="A Google Cloud project with Gemini, Claude and an endpoint of its own",
        connections=(
            DemoConnection(
                cloud="gcp",
                choice={},
                fields=right,
                wrong_fields=wrong,
                adopt="google/gemini-3.8-flash",
                prompt="Say hello.",
                deploy=("openai/gpt-oss-120b-maas",),
                throttling=(throttling(),),
            ),
        ),
        build=build_cloud,
    )


scenario = make_scenario()
