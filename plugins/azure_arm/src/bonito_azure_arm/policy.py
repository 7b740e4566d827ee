"""What differs between the Azure providers in how they deploy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bonito_azure_arm.catalogue import Complete
from bonito_providers.actions import Action
from bonito_providers.catalog import Model
from bonito_providers.deployment import DeployedModel, DeploymentRequest

PLAN_LIFETIME = timedelta(minutes=15)
OWNER_TAG = "managed-by"
OWNER = "bonito-providers"
"""The tag by which a deployment is known as this project's own."""
BUSY_PAUSE = 5.0
"""Seconds until a write that met another one is sent again; Azure names no time itself."""

Needs = Callable[[Model, DeploymentRequest], tuple[Action, ...]]
Properties = Callable[[Model, DeploymentRequest], Mapping[str, Any]]
Describe = Callable[[Mapping[str, Any]], DeployedModel]


@dataclass(frozen=True)
class Policy:
    """A provider's ways of deploying.

    Attributes:
        label: First label of the endpoint's host.
        endpoint: Where deployments answer.
        account_kinds: The kinds of account it works with.
        preferred_skus: What is chosen unasked, the best first.
        complete: Fills in what ARM does not tell of a model.
        describe: The model behind a deployment, from ARM's ``{format, name, version}``.
        offers: Which models of the catalogue it deals with.
        needs: What has to be done or consented to before a model is deployed.
        properties: What the deployment's body needs besides the model.
        residency: Sentence on where data of a SKU is processed.
    """

    label: str
    endpoint: str
    account_kinds: frozenset[str]
    preferred_skus: Sequence[str]
    complete: Complete
    describe: Describe
    offers: Callable[[Model], str]
    needs: Needs
    properties: Properties
    residency: Mapping[str, str]
