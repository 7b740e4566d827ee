"""Accounts and deployments: the state of the emulated cloud, and its switches."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Literal

from bonito_emulators.azure.catalogue import CatalogueModel, bundled_catalogue, newest

_SERVICES = ".services.ai.azure.com"
_OPENAI = ".openai.azure.com"
_COGNITIVE = ".cognitiveservices.azure.com"
HOST_SUFFIXES = (_SERVICES, _OPENAI, _COGNITIVE)


@dataclass(kw_only=True)
class Deployment:
    """A deployment that stands in an account; attributes may be changed at any time.

    Attributes:
        name: what callers put into `model` or the path; free of the model's name.
        model: the base model's name in the catalogue.
        version: its version; the newest when None.
        routed: False is the state in which ARM says Succeeded and calls give `unknown_model`.
        rate_limited: every call gives 429.
        status: as the old listing shows it.
    """

    name: str
    model: str
    version: str | None = None
    sku: str = "GlobalStandard"
    capacity: int = 50
    routed: bool = True
    rate_limited: bool = False
    status: str = "succeeded"
    created_at: int = 1_760_000_000


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

    def __post_init__(self) -> None:
        """Checks that every deployment's model is in the catalogue."""
        self._lock = threading.Lock()
        for deployment in self.deployments:
            self.model_of(deployment)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names the account answers under; the services host belongs to AIServices alone."""
        suffixes = HOST_SUFFIXES if self.kind == "AIServices" else (_OPENAI, _COGNITIVE)
        return tuple(self.name.lower() + suffix for suffix in suffixes)

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
