"""A plan from a request, the catalogue and what stands; and the body that carries it out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bonito_azure_arm import planning, states
from bonito_azure_arm.catalogue import Entry
from bonito_azure_arm.documents import text
from bonito_azure_arm.errors import QUOTA
from bonito_azure_arm.planning import Choice
from bonito_azure_arm.policy import OWNER, OWNER_TAG, PLAN_LIFETIME, Policy
from bonito_providers.catalog import Model, Sku
from bonito_providers.deployment import (
    DeployedModel,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
)
from bonito_providers.errors import Conflict

_ALTERNATIVES = 4
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Facts:
    """What the cloud says at the moment of a plan."""

    standing: Mapping[str, Any] | None
    usages: Sequence[Mapping[str, Any]]
    entries: Sequence[Entry]
    region: str | None = None


def draft(
    request: DeploymentRequest,
    model: Model,
    facts: Facts,
    *,
    policy: Policy,
    ref: DeploymentRef,
    now: datetime,
) -> DeploymentPlan:
    """Return the plan; what the request leaves open stays as it stands, else is chosen.

    Raises:
        Conflict: Another model stands under that name.
    """
    wanted = request
    if facts.standing is not None:
        require_same_model(facts.standing, policy.describe(model.model_dump()), name=ref.name)
    if states.stands(facts.standing):
        wanted = _as_it_stands(request, facts.standing)
        model = _of_version(facts.entries, model, wanted.version)
    sku, capacity = _choices(wanted, model, facts, policy=policy, now=now)
    chosen: Sku | None = sku.value
    ending = planning.life_left(model)
    actions = (*ending, *sku.actions, *capacity.actions, *policy.needs(model, request))
    warnings = [*sku.warnings, *capacity.warnings, *_about(model, chosen, policy)]
    if ending or any(action.kind == QUOTA.kind for action in actions):
        warnings.append(_instead(facts, model, policy))
    plan = DeploymentPlan(
        ref=ref,
        request=request,
        model=policy.describe(model.model_dump()),
        sku=chosen.name if chosen else None,
        capacity=capacity.value,
        region=facts.region,
        quota=capacity.quota,
        warnings=tuple(filter(None, warnings)),
        actions=actions,
        created_at=now,
        expires_at=now + PLAN_LIFETIME,
    )
    replaced = None if states.being_deleted(facts.standing) else facts.standing
    changes = differences(replaced, plan) if replaced is not None else []
    if states.stands(facts.standing) and not changes:
        # What stands as asked needs nothing more: no quota, no consent, no SKU still on offer.
        stands = states.sku_of(facts.standing), states.capacity_of(facts.standing)
        plan = plan.model_copy(update={"actions": (), "sku": stands[0], "capacity": stands[1]})
    return plan.model_copy(
        update={"preview": {"body": body_of(plan, policy)}, "changes": tuple(changes)}
    )


def body_of(plan: DeploymentPlan, policy: Policy) -> dict[str, Any]:
    """Return the body of the PUT that carries a plan out."""
    model = plan.model
    return {
        "sku": {"name": plan.sku, "capacity": plan.capacity},
        "properties": {
            "model": {"format": model.format, "name": model.name, "version": model.version},
            **policy.properties(_named(model), plan.request),
        },
        "tags": {OWNER_TAG: OWNER},
    }


def allowed(plan: DeploymentPlan, standing: Mapping[str, Any] | None, policy: Policy) -> bool:
    """Whether the plan's own request allows what would be sent, by what stands now.

    A plan for what stood as asked names no action, for none was needed. Once that is gone, to make
    it again takes every consent, and the SKU's name where it is none of those taken unasked.
    """
    kept = states.sku_of(standing) if states.stands(standing) else None
    if plan.sku is None or plan.sku not in (*policy.preferred_skus, plan.request.sku or kept):
        return False
    return not policy.needs(policy.complete(_named(plan.model)), plan.request)


def differences(standing: Mapping[str, Any], plan: DeploymentPlan) -> list[str]:
    """Return what carrying the plan out would change of what stands; nothing if nobody asked.

    Raises:
        Conflict: Another model stands under that name.
    """
    require_same_model(standing, plan.model, name=plan.ref.name)
    asked = plan.request
    pairs = (
        ("version", asked.version, states.model_of(standing).get("version"), plan.model.version),
        ("SKU", asked.sku, states.sku_of(standing), plan.sku),
        ("capacity", asked.capacity, states.capacity_of(standing), plan.capacity),
    )
    changed = [pair for pair in pairs if pair[2] != pair[3]]
    # What nobody asked for is no reason to change what stands, but is told where it comes along.
    if all(request is None for _, request, _, _ in changed):
        return []
    return [f"{what} {old} to {new}" for what, _, old, new in changed]


def require_same_model(standing: Mapping[str, Any], model: DeployedModel, *, name: str) -> None:
    """Let a plan pass that is of the model that stands.

    Raises:
        Conflict: Another one stands under that name; Azure never changes a deployment's model.
    """
    stands = states.model_of(standing)
    if (stands.get("format"), stands.get("name")) != (model.format, model.name):
        raise Conflict(
            f"{name} is a deployment of {stands.get('name')} already.",
            hint="Choose another name for the deployment.",
        )


def deployment_name(model: Model) -> str:
    """Return the name a deployment gets unasked: the model's, in the letters Azure allows.

    Prices and parameter names in LiteLLM follow a deployment's name, so the model's is the best.
    """
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", model.name).strip("-._")
    return name[:_LONGEST_NAME] if len(name) > 1 else f"model-{name or 'x'}"


def _as_it_stands(request: DeploymentRequest, standing: Mapping[str, Any]) -> DeploymentRequest:
    """Fill in what is left open, so that a change of one thing brings no other with it."""
    return request.model_copy(
        update={
            "version": request.version or text(states.model_of(standing).get("version")),
            "sku": request.sku or states.sku_of(standing),
            "capacity": request.capacity or states.capacity_of(standing),
        }
    )


def _named(model: DeployedModel) -> Model:
    return Model(id="", name=str(model.name), format=model.format)


def _of_version(entries: Sequence[Entry], model: Model, version: str | None) -> Model:
    """Return the model in a version, as it is where the catalogue has that one no more."""
    for entry in entries:
        other = entry.model
        if (other.format, other.name, other.version) == (model.format, model.name, version):
            return other
    return model


def _choices(
    wanted: DeploymentRequest, model: Model, facts: Facts, *, policy: Policy, now: datetime
) -> tuple[Choice, Choice]:
    sku = planning.choose_sku(model.skus, wanted.sku, policy.preferred_skus, now=now)
    chosen: Sku | None = sku.value
    if chosen is None:
        return sku, Choice()
    held = states.held_as(facts.standing, chosen.name)
    quota = planning.quota_row(facts.usages, chosen.quota_key, standing=held)
    return sku, planning.choose_capacity(chosen, wanted.capacity, quota)


def _about(model: Model, sku: Sku | None, policy: Policy) -> list[str]:
    notes = []
    if sku is not None and sku.name in policy.residency:
        notes.append(policy.residency[sku.name])
    if model.retires_at is not None:
        notes.append(f"The model retires on {model.retires_at:%Y-%m-%d}.")
    if model.lifecycle in (*planning.ENDING, "Legacy"):
        notes.append(f"Azure calls this version {model.lifecycle}; choose a newer one if you can.")
    return notes


def _instead(facts: Facts, model: Model, policy: Policy) -> str:
    """Name models of the same kind that quota is left for."""
    names = []
    for entry in facts.entries:
        other = entry.model
        if other.kind != model.kind or other.name == model.name or other.terms_needed:
            continue
        if other.lifecycle in planning.ENDING:
            continue
        for sku in other.skus or ():
            quota = planning.quota_row(facts.usages, sku.quota_key)
            if quota and planning.left_of(quota) and sku.name in policy.preferred_skus:
                names.append(other.name)
    found = sorted(dict.fromkeys(names))[:_ALTERNATIVES]
    return f"Quota is left for: {', '.join(found)}." if found else ""
