"""Accounts: the state of the emulated cloud, and its switches."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Literal

from bonito_emulators.azure.catalogue import CatalogueModel, bundled_catalogue, newest
from bonito_emulators.azure.clock import AT_ONCE, Clock, Pace
from bonito_emulators.azure.deployments import Deployment
from bonito_emulators.azure.operations import Creation, Deletion, WriteLock
from bonito_emulators.azure.subscriptions import DEFAULT_SUBSCRIPTION

_SERVICES = ".services.ai.azure.com"
_OPENAI = ".openai.azure.com"
_COGNITIVE = ".cognitiveservices.azure.com"
HOST_SUFFIXES = (_SERVICES, _OPENAI, _COGNITIVE)
_AS_NAMED = ""
_RECORDED_CREATION = Creation()
_RECORDED_DELETION = Deletion()


@dataclass(kw_only=True)
class Account:
    """A resource of kind AIServices or OpenAI; attributes are switches for tests.

    Attributes:
        keys: both are valid.
        local_auth_disabled: every key is refused with 403.
        models_surface: `/models` is served.
        openai_v1_surface: `/openai/v1` is served.
        legacy_listing: `/openai/deployments` is served for its one api-version.
        project_listing_accepts_key: otherwise it takes Entra tokens only.
        project_page_size: small, so that clients have to follow `nextLink`.
        echo_key: every answer repeats the caller's key in a header, and errors in the body.
        content_filter_triggers: words that make the service refuse a prompt.
        custom_subdomain: the first label of its hosts, the name unless given; with None it has
            only the services host, and ARM's `endpoint` is the region's.
        creation: how deploying goes on, unless `creations` has the deployment's name.
        settling: for how long after a write the next one is refused.
    """

    name: str
    kind: Literal["AIServices", "OpenAI"] = "AIServices"
    region: str = "swedencentral"
    keys: tuple[str, str] = field(repr=False)
    deployments: list[Deployment] = field(default_factory=list)
    projects: tuple[str, ...] = ()
    local_auth_disabled: bool = False
    models_surface: bool = True
    openai_v1_surface: bool = True
    legacy_listing: bool = True
    project_listing_accepts_key: bool = True
    project_page_size: int = 2
    catalogue: tuple[CatalogueModel, ...] = field(default_factory=bundled_catalogue, repr=False)
    echo_key: bool = False
    content_filter_triggers: tuple[str, ...] = ("content-filter-trigger",)
    subscription_id: str = DEFAULT_SUBSCRIPTION
    resource_group: str = "rg-ai"
    custom_subdomain: str | None = _AS_NAMED
    provisioning_state: str = "Succeeded"
    tags: dict[str, str] = field(default_factory=dict)
    creation: Creation = _RECORDED_CREATION
    creations: dict[str, Creation] = field(default_factory=dict)
    deletion: Deletion = _RECORDED_DELETION
    settling: Pace = AT_ONCE

    def __post_init__(self) -> None:
        """Checks that every deployment's model is in the catalogue."""
        if self.custom_subdomain == _AS_NAMED:
            self.custom_subdomain = self.name
        self._lock = threading.Lock()
        self.writes = WriteLock(Clock())
        for deployment in self.deployments:
            self.model_of(deployment)

    @property
    def id(self) -> str:
        """The id in ARM."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.CognitiveServices/accounts/{self.name}"
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names the account answers under; the services host belongs to AIServices alone."""
        if self.custom_subdomain is None:
            return (self.name.lower() + _SERVICES,) if self.kind == "AIServices" else ()
        suffixes = HOST_SUFFIXES if self.kind == "AIServices" else (_OPENAI, _COGNITIVE)
        return tuple(self.custom_subdomain.lower() + suffix for suffix in suffixes)

    def use(self, clock: Clock) -> None:
        """Lives by the cloud's time from now on."""
        self.writes = WriteLock(clock)

    def hold_writes(self, pace: Pace) -> None:
        """Refuses writes for a while, as if somebody else wrote just now."""
        self.writes.hold(pace)

    def standing(self) -> list[Deployment]:
        """Gives the deployments as they stand now."""
        with self._lock:
            return list(self.deployments)

    def deployment(self, name: str) -> Deployment | None:
        """Finds a deployment by its name."""
        return next((item for item in self.standing() if item.name == name), None)

    def add(self, deployment: Deployment) -> None:
        """Deploys, replacing a deployment of the same name."""
        self.model_of(deployment)
        with self._lock:
            kept = [item for item in self.deployments if item.name != deployment.name]
            self.deployments = [*kept, deployment]

    def remove(self, name: str) -> None:
        """Deletes a deployment, if it stands."""
        with self._lock:
            self.deployments = [item for item in self.deployments if item.name != name]

    def model_of(self, deployment: Deployment) -> CatalogueModel:
        """Gives the base model.

        Raises:
            LookupError: the catalogue does not have it.
        """
        return newest(self.catalogue, deployment.model, version=deployment.version)


def serves_foundry(host: str) -> bool:
    """Tells whether the host is the one for `/models`, `/api/projects` and `/anthropic`."""
    return host.endswith(_SERVICES)


def serves_openai_v1(host: str) -> bool:
    """Tells whether the host is documented for `/openai/v1`."""
    return host.endswith((_SERVICES, _OPENAI))
