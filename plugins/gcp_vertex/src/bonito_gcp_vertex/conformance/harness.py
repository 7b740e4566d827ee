"""A project as the contract suite finds it, and the truth about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from bonito_contract_tests import Access, Blocked, Harness, Standing
from bonito_emulators.gcp import Failure, GoogleCloud, Project, service_account
from bonito_gcp_vertex.conformance.pasted import PASTED
from bonito_gcp_vertex.conformance.refusals import REFUSALS
from bonito_gcp_vertex.conformance.routes import ROUTES
from bonito_providers import ActionKind, DeploymentRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bonito_contract_tests import Pasted, Refusal, Route

PROJECT, REGION = "acme-prod", "us-central1"
_GEMMA = "publishers/google/models/gemma3@gemma-3-1b-it"
_FIRST_PARTY = ("gemini", "embed", "predict", "openai")
_PAID = frozenset({"hourly_billing"})
_ACCOUNT = service_account(PROJECT)
_LLAMA = DeploymentRequest(model="meta/llama3-3@llama-3.3-70b-instruct", consents=_PAID)


class VertexHarness(Harness[GoogleCloud]):
    """A project that calls Gemini and serves Gemma itself."""

    plugin = "bonito_gcp_vertex.plugin"
    accesses: ClassVar[Sequence[Access]] = (
        Access(
            name="service_account",
            fields={
                "service_account_json": json.dumps(_ACCOUNT.key_file()),
                "location": "global",
                "endpoint_region": REGION,
            },
            wrong={"service_account_json": json.dumps(_ACCOUNT.key_file(wrong=True))},
        ),
    )
    deployable: ClassVar[Sequence[DeploymentRequest]] = (
        DeploymentRequest(model="google/gemma3@gemma-3-1b-it", consents=_PAID),
        DeploymentRequest(
            model="meta/llama3-3@llama-3.3-70b-instruct",
            name="llama",
            consents=_PAID | {"model_licence"},
        ),
        DeploymentRequest(
            model="google/gemma3@gemma-3-27b-it", sku="g2-standard-12:1xNVIDIA_L4", consents=_PAID
        ),
    )
    adoptable: ClassVar[Sequence[str]] = (
        "google/gemini-3.8-flash",
        "google/text-embedding-005",
        "team-gemma",
    )
    unknown_model = DeploymentRequest(model="google/gemini-9")
    blocked: ClassVar[Sequence[Blocked]] = (
        Blocked(
            request=DeploymentRequest(model="google/gemma3@gemma-3-1b-it"),
            action=ActionKind.ACCEPT_TERMS,
            unblocked=DeploymentRequest(model="google/gemma3@gemma-3-1b-it", consents=_PAID),
        ),
        Blocked(
            request=_LLAMA,
            action=ActionKind.ACCEPT_TERMS,
            unblocked=_LLAMA.model_copy(update={"consents": _PAID | {"model_licence"}}),
        ),
    )
    refusals: ClassVar[Sequence[Refusal]] = REFUSALS
    pasted: ClassVar[Sequence[Pasted]] = PASTED
    routes: ClassVar[Sequence[Route]] = ROUTES

    def cloud(self) -> GoogleCloud:
        """Return a project with an endpoint of somebody else's, and one of ours."""
        cloud = GoogleCloud(Project(id=PROJECT), [service_account(PROJECT)])
        cloud.put_endpoint("team-gemma", _GEMMA, location=REGION)
        cloud.put_endpoint("our-gemma", _GEMMA, location=REGION, owned=True)
        return cloud

    def models(self, cloud: GoogleCloud, access: Access) -> Collection[str]:
        """Return publisher, model and version of all rows that have a name."""
        return [
            f"{each.publisher}/{each.name}"
            + ("" if each.version == "default" else f"@{each.version}")
            for each in cloud.catalogue.models
            if each.described
        ]

    def skipped(self, cloud: GoogleCloud, access: Access) -> Collection[str]:
        """Return the row without a name, by its template, which names google for everybody."""
        return [
            "projects/{project}/locations/{location}/publishers/google/models/"
            f"{each.name}@{each.version}"
            for each in cloud.catalogue.models
            if not each.described
        ]

    def standing(self, cloud: GoogleCloud) -> Mapping[str, Standing]:
        """Return Google's own served models, and the endpoints."""
        served = {
            f"google/{each.name}": Standing(
                model=each.name,
                kind="embedding" if each.surface in ("embed", "predict") else "chat",
                sku="serverless",
            )
            for each in cloud.catalogue.models
            if each.publisher == "google" and each.surface in _FIRST_PARTY
        }
        endpoints = {
            each.id: Standing(
                model=each.model_name,
                owned=each.display_name.endswith("(managed by bonito)"),
                ready=each.state == "deployed",
                sku=_sku(each.machine) if each.state == "deployed" else None,
            )
            for each in cloud.project.endpoints.values()
        }
        return {**served, **endpoints}

    def creations(self, cloud: GoogleCloud) -> Sequence[str]:
        """Return what was created, from the bill."""
        return [charge.name for charge in cloud.project.bill if charge.what == "created"]

    def paginate(self, cloud: GoogleCloud, size: int) -> bool:
        """All lists come in pages."""
        cloud.page_size = size
        return True

    def put_outside(self, cloud: GoogleCloud, name: str, model: str) -> None:
        """Let somebody else make an endpoint of a model, whatever it is in truth served as."""
        found = next(each for each in cloud.catalogue.models if each.name == model)
        published = f"{found.resource}@{found.version}"
        cloud.put_endpoint(name, published, location=REGION)

    def remove_outside(self, cloud: GoogleCloud, name: str) -> None:
        """Let somebody else take an endpoint away, or a publisher his model."""
        publisher, slash, model = name.partition("/")
        if slash:
            cloud.withdraw(publisher, model)
        else:
            cloud.remove_endpoint(name, location=REGION)

    def slow_down(self, cloud: GoogleCloud) -> bool:
        """Let deployments take some looks; each way to look at one takes several."""
        cloud.deploy_looks = 9
        return True

    def fail_builds(self, cloud: GoogleCloud, reason: str) -> bool:
        """Let deployments fail after some looks."""
        cloud.deploy_looks, cloud.deploy_failure = 6, Failure("INTERNAL", reason)
        return True

    def finish(self, cloud: GoogleCloud) -> None:
        """End what is under way."""
        cloud.finish()


def _sku(machine: Mapping[str, object]) -> str:
    if "acceleratorType" not in machine:
        return str(machine["machineType"])
    count, accelerator = machine["acceleratorCount"], machine["acceleratorType"]
    return f"{machine['machineType']}:{count}x{accelerator}"
