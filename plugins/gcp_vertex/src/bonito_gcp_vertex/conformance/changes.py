"""What happens in the project, or in Model Garden, before a question or in the midst of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bonito_emulators.gcp import Failure
from bonito_gcp_vertex.conformance.project import REGION

if TYPE_CHECKING:
    from bonito_emulators.gcp import GoogleCloud, Machine

Change: TypeAlias = "Callable[[GoogleCloud], None]"


def put(model: str, name: str = "mine", *, owned: bool = True) -> Change:
    """Let weights stand on an endpoint of that name."""
    publisher, _, rest = model.partition("/")
    published = f"publishers/{publisher}/models/{rest}"

    def change(cloud: GoogleCloud) -> None:
        cloud.put_endpoint(name, published, location=REGION, owned=owned)

    return change


def emptied(name: str) -> Change:
    """Let somebody take the model off an endpoint."""

    def change(cloud: GoogleCloud) -> None:
        cloud.project.endpoints[REGION, name].state = "undeployed"

    return change


def left_over(name: str = "mine") -> Change:
    """Let an endpoint be gone, and the model that was uploaded for it not."""

    def change(cloud: GoogleCloud) -> None:
        cloud.project.endpoints.pop((REGION, name), None)
        cloud.project.uploaded[REGION, f"bonito-{name}"] = (
            "publishers/google/models/gemma3@gemma-3-1b-it"
        )

    return change


def in_one_page(cloud: GoogleCloud) -> None:
    """Let pages be as long as the service's own."""
    cloud.page_size = 100


def slow(looks: int = 100) -> Change:
    """Let new endpoints take some looks until they serve."""

    def change(cloud: GoogleCloud) -> None:
        cloud.deploy_looks = looks

    return change


def failing(status: str, message: str = "") -> Change:
    """Let new endpoints fail in the end."""

    def change(cloud: GoogleCloud) -> None:
        cloud.deploy_failure = Failure(status, message)

    return change


def slow_to_go(looks: int = 100) -> Change:
    """Let what is taken away take some looks until it is gone."""

    def change(cloud: GoogleCloud) -> None:
        cloud.removal_looks = looks

    return change


def finished(cloud: GoogleCloud) -> None:
    """Let everything that is under way come to its end."""
    cloud.finish()


def withdrawn(publisher: str, name: str) -> Change:
    """Let a publisher take a model off the market."""

    def change(cloud: GoogleCloud) -> None:
        cloud.withdraw(publisher, name)

    return change


def offered(model: str, *machines: Machine) -> Change:
    """Let the catalogue name other machines for a model, or any at all."""

    def change(cloud: GoogleCloud) -> None:
        cloud.catalogue.models = [
            replace(each, machines=machines) if model in (each.name, each.version) else each
            for each in cloud.catalogue.models
        ]

    return change


def accepted(cloud: GoogleCloud) -> None:
    """Let somebody accept the licence of Llama."""
    cloud.project.licences.add("publishers/meta/models/llama3-3")


def licence_withdrawn(cloud: GoogleCloud) -> None:
    """Let no licence be accepted any more."""
    cloud.project.licences.clear()


def disabled(cloud: GoogleCloud) -> None:
    """Let the API be disabled; enabling it takes some looks."""
    cloud.project.api_enabled, cloud.project.enabling_asked = False, False
    cloud.project.enabling_looks = 2


def enabled(cloud: GoogleCloud) -> None:
    """Let somebody enable the API."""
    cloud.project.api_enabled = True


def spreading(cloud: GoogleCloud) -> None:
    """Let the API be enabled, and two calls to it still meet a service that does not know."""
    cloud.project.enabling_asked, cloud.project.spreading_looks = True, 2


def unpaid(cloud: GoogleCloud) -> None:
    """Let nobody pay for the project."""
    cloud.project.billed = False


def not_agreed(cloud: GoogleCloud) -> None:
    """Let nobody have enabled a partner's model."""
    cloud.project.enabled_partners.clear()


def agreed(cloud: GoogleCloud) -> None:
    """Let somebody enable the partners' models."""
    cloud.project.enabled_partners.update({"anthropic", "mistralai"})


def not_shared(cloud: GoogleCloud) -> None:
    """Let the project share data with nobody."""
    cloud.project.shares_data_with.clear()


def without(*permissions: str) -> Change:
    """Let the service account's roles lack permissions."""

    def change(cloud: GoogleCloud) -> None:
        cloud.identities.accounts[0].denied.update(permissions)

    return change


def at_once(*changes: Change) -> Change:
    """Let several things happen."""

    def change(cloud: GoogleCloud) -> None:
        for each in changes:
            each(cloud)

    return change
