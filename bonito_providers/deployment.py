"""Requests, plans, references and deployments: the life of something callable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, JsonValue, SecretStr, model_validator

from bonito_providers.actions import Action
from bonito_providers.values import StrictValue, Value


class State(StrEnum):
    """Where a deployment stands."""

    QUEUED = "queued"
    """The cloud has not accepted the write: send the same plan again after `retry_after`."""
    PROVISIONING = "provisioning"
    READY = "ready"
    NEEDS_ACTION = "needs_action"
    FAILED = "failed"
    DELETING = "deleting"
    ABSENT = "absent"


class DeployedModel(Value):
    """The model behind a deployment, as far as it is known."""

    name: str | None = None
    format: str | None = None
    version: str | None = None
    kind: str | None = None
    publisher: str | None = None
    price_key: str | None = None
    canonical_name: str | None = None


class DeploymentRequest(StrictValue):
    """What somebody wants to be callable.

    Attributes:
        model: The model's id from a listing; not needed for adopting.
        version: Which version; None lets the plan choose and say which.
        name: The deployment's name; None lets the plan choose. Required for adopting.
        adopt: Take over what already stands under that name instead of creating anything.
        kind: What an adopted deployment is for where no listing tells: ``chat``, ``embedding``.
        sku: How to deploy; None lets the plan choose and say why.
        capacity: In the SKU's own unit; None lets the plan choose within quota.
        fields: What this provider asks for beyond the common fields.
        consents: Names of legal or billing consents given explicitly.
        update: Whether a standing deployment of the same model may be changed.
    """

    model: str | None = None
    version: str | None = None
    name: str | None = None
    adopt: bool = False
    kind: str | None = None
    sku: str | None = None
    capacity: int | None = Field(default=None, ge=1)
    fields: Mapping[str, str] = Field(default_factory=dict)
    consents: frozenset[str] = frozenset()
    update: bool = False

    @model_validator(mode="after")
    def _names_what_it_wants(self) -> Self:
        if self.adopt and not self.name:
            message = "adopting needs the name of the deployment"
            raise ValueError(message)
        if not self.adopt and not self.model:
            message = "deploying needs a model"
            raise ValueError(message)
        return self


class DeploymentRef(Value):
    """How to find a deployment again, in another process, after a crash. Holds no secret.

    Attributes:
        provider: The provider's name.
        resource: What the deployment belongs to, in the provider's own words.
        name: The deployment's name there.
        details: Whatever else the provider needs to find it.
    """

    provider: str
    resource: str
    name: str
    details: Mapping[str, str] = Field(default_factory=dict)


class QuotaUse(Value):
    """The arithmetic of a plan against quota, in the SKU's own unit; None is unknown."""

    key: str
    limit: int | None = None
    used: int | None = None
    requested: int | None = None
    unit: str | None = None


class DeploymentPlan(Value):
    """What `deploy` would do, worked out without changing anything.

    Attributes:
        ref: Computed without any call; equals the one `deploy` returns.
        request: What was asked for.
        model: What it resolves to.
        sku: The SKU it would use.
        capacity: The capacity it would use.
        region: Where it would stand, in the service's own words; None is unknown.
        quota: The arithmetic, where a quota applies.
        cost: What it costs and when, in a sentence; None is unknown.
        warnings: What the reader should know before going on.
        actions: What has to be done first; while there are any, `deploy` changes nothing.
        changes: How it differs from what stands under that name, in version, SKU or capacity: by
            these a host sees whether an update was made.
        preview: The request as it will be sent, without secrets.
        created_at: When the plan was made.
        expires_at: When it stops being accepted.
        digest: Seals all of the above.
    """

    ref: DeploymentRef
    request: DeploymentRequest
    model: DeployedModel = DeployedModel()
    sku: str | None = None
    capacity: int | None = None
    region: str | None = None
    quota: QuotaUse | None = None
    cost: str | None = None
    warnings: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    changes: tuple[str, ...] = ()
    preview: Mapping[str, JsonValue] = Field(default_factory=dict)
    created_at: AwareDatetime
    expires_at: AwareDatetime
    digest: str = ""

    def sealed(self) -> Self:
        """Return the same plan with its digest filled in."""
        return self.model_copy(update={"digest": self._computed_digest()})

    @property
    def intact(self) -> bool:
        """Whether the digest still fits the plan."""
        return bool(self.digest) and self.digest == self._computed_digest()

    def _computed_digest(self) -> str:
        # Without what is not given, so that a plan stays intact when a later minor adds a field.
        content = self.model_dump(mode="json", exclude={"digest"}, exclude_defaults=True)
        # A set has no order of its own; the digest must not depend on one.
        content["request"]["consents"] = sorted(self.request.consents)
        text = json.dumps(content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Surface(Value):
    """One way the service answers calls, as observed.

    Attributes:
        name: The provider's own name of the surface.
        answers: True or False as seen; None where it was not tried or the answer decided nothing.
        reason: What was seen.
        observed_at: When; None where it was not tried.
    """

    name: str
    answers: bool | None = None
    reason: str = ""
    observed_at: datetime | None = None


class Deployment(Value):
    """Something callable in the customer's account, or on its way there.

    Attributes:
        ref: How to find it again.
        model: What is behind it.
        endpoint: Where it answers.
        surfaces: How it answers, as observed.
        state: Where it stands.
        created: Whether this very call created it; None where the call was no `deploy`.
        verified: Whether a call to it succeeded. Only `wait` and `verify` set it.
        verified_reason: Why it is or is not verified.
        owned: Whether this project created it, as the cloud's own marks say; None is unknown.
        sku: How it is deployed.
        capacity: In the SKU's own unit.
        billing: What it costs and when, in a sentence; None is unknown.
        actions: What has to be done before it works.
        error: Why it failed.
        retry_after: Seconds to wait before asking again.
        warnings: What the reader should know.
        source: Where this was learnt, in a sentence a page can show.
        observed_at: When.
        operation: A running operation of the cloud; may be signed, so it is a secret.
    """

    ref: DeploymentRef
    model: DeployedModel = DeployedModel()
    endpoint: str | None = None
    surfaces: tuple[Surface, ...] = ()
    state: State
    created: bool | None = None
    verified: bool | None = None
    verified_reason: str = ""
    owned: bool | None = None
    sku: str | None = None
    capacity: int | None = None
    billing: str | None = None
    actions: tuple[Action, ...] = ()
    error: str | None = None
    retry_after: float | None = None
    warnings: tuple[str, ...] = ()
    source: str = ""
    observed_at: datetime
    operation: SecretStr | None = None
