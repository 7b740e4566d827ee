"""A project as the contract suite finds it, and the truth about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from bonito_contract_tests import Access, Blocked, Harness, Standing
from bonito_emulators.gcp import Failure, GoogleCloud, PublisherModel
from bonito_gcp_vertex.conformance.pasted import PASTED
from bonito_gcp_vertex.conformance.plans import PLANS
from bonito_gcp_vertex.conformance.project import H100, L4, REGION, account, fresh_cloud
from bonito_gcp_vertex.conformance.refusals import REFUSALS
from bonito_gcp_vertex.conformance.routes import ROUTES
from bonito_gcp_vertex.conformance.situations import SITUATIONS
from bonito_gcp_vertex.conformance.truths import truth_of
from bonito_providers import ActionKind, DeploymentRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bonito_contract_tests import ModelTruth, Pasted, Planned, Refusal, Route, Situation

_PAID = frozenset({"hourly_billing"})
_ACCOUNT = account()
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
        "anthropic/claude-sonnet-4-5@20250929",
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
    planned: ClassVar[Sequence[Planned]] = PLANS
    situations: ClassVar[Sequence[Situation]] = SITUATIONS
    hourly: ClassVar[Sequence[str]] = (H100, L4)
    refusals: ClassVar[Sequence[Refusal]] = REFUSALS
    pasted: ClassVar[Sequence[Pasted]] = PASTED
    routes: ClassVar[Sequence[Route]] = ROUTES

    def cloud(self) -> GoogleCloud:
        """Return a project that has agreed to everything, with an endpoint and one of ours."""
        return fresh_cloud()

    def models(self, cloud: GoogleCloud, access: Access) -> Collection[str]:
        """Return publisher, model and version of all rows that have a name."""
        return [_id(each) for each in cloud.catalogue.models if each.described]

    def skipped(self, cloud: GoogleCloud, access: Access) -> Collection[str]:
        """Return the row without a name, by its template, which names google for everybody."""
        return [
            "projects/{project}/locations/{location}/publishers/google/models/"
            f"{each.name}@{each.version}"
            for each in cloud.catalogue.models
            if not each.described
        ]

    def described(self, cloud: GoogleCloud, access: Access) -> Mapping[str, ModelTruth]:
        """Return what the documentation says of the catalogue's models."""
        return {_id(each): truth_of(each) for each in cloud.catalogue.models if each.described}

    def standing(self, cloud: GoogleCloud) -> Mapping[str, Standing]:
        """Return what publishers serve, and the endpoints."""
        served = {
            _served(each): Standing(
                model=each.name,
                kind=truth_of(each).kind or "",
                ready=each.surface != "none" and "global" in (each.locations or {"global"}),
                sku="serverless",
                # What needs terms, or whose form nobody documents, shows only when it is called.
                listed=each.publisher == "google" and each.surface != "none",
            )
            for each in cloud.catalogue.models
            if each.described and not each.machines
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

    def fill_catalogue(self, cloud: GoogleCloud, count: int) -> bool:
        """Let a publisher that nobody knows list many models."""
        cloud.catalogue.models += [
            PublisherModel(publisher="contoso", name=f"model-{number}") for number in range(count)
        ]
        return True

    def expire_tokens(self, cloud: GoogleCloud) -> bool:
        """Let no token that was given out so far be good any more."""
        cloud.identities.expire()
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
            cloud.withdraw(publisher, model.partition("@")[0])
        else:
            cloud.remove_endpoint(name, location=REGION)

    def slow_down(self, cloud: GoogleCloud) -> bool:
        """Let deployments take some looks; each way to look at one takes several."""
        cloud.deploy_looks, cloud.removal_looks = 9, 2
        return True

    def fail_builds(self, cloud: GoogleCloud, reason: str) -> bool:
        """Let deployments fail after some looks."""
        cloud.deploy_looks, cloud.deploy_failure = 6, Failure("INTERNAL", reason)
        return True

    def finish(self, cloud: GoogleCloud) -> None:
        """End what is under way."""
        cloud.finish()


def _served(model: PublisherModel) -> str:
    dated = f"@{model.version}" if model.publisher == "anthropic" else ""
    return f"{model.publisher}/{model.name}{dated.removesuffix('@default')}"


def _id(model: PublisherModel) -> str:
    version = "" if model.version == "default" else f"@{model.version}"
    return f"{model.publisher}/{model.name}{version}"


def _sku(machine: Mapping[str, object]) -> str:
    if "acceleratorType" not in machine:
        return str(machine["machineType"])
    count, accelerator = machine["acceleratorCount"], machine["acceleratorType"]
    return f"{machine['machineType']}:{count}x{accelerator}"
