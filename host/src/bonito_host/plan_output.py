"""A plan in words: what would happen, with the arithmetic and the request itself."""

from __future__ import annotations

import json
from typing import Any

from bonito_host.output import Output, cell, printable, printable_lines
from bonito_host.store.plans import StoredPlan
from bonito_providers.actions import Action
from bonito_providers.deployment import DeploymentPlan, QuotaUse


def plan_document(stored: StoredPlan) -> dict[str, Any]:
    """Return a stored plan as JSON takes it."""
    return {
        "plan_id": stored.id,
        "connection": stored.connection,
        "status": stored.status.value,
        "plan": stored.plan.model_dump(mode="json"),
    }


def write_plan(stored: StoredPlan, output: Output) -> None:
    """Write everything a person should know before deploying."""
    plan = stored.plan
    for name, value in _facts(plan):
        output.text(f"{name:<12} {cell(value)}")
    for warning in plan.warnings:
        output.text(f"note: {printable(warning)}")
    for change in plan.changes:
        output.text(f"changes: {printable(change)}")
    output.text("as it will be sent:")
    output.text(printable_lines(json.dumps(dict(plan.preview), indent=2, ensure_ascii=False)))
    for action in plan.actions:
        output.text(action_line(action))
        if options := _options(action):
            output.text(f"  given by: {printable(' '.join(options))}")
    output.text(f"{'plan':<12} {stored.id}, until {plan.expires_at:%H:%M:%S} UTC")


def action_line(action: Action) -> str:
    """Return what a person has to do, in a line."""
    return (
        f"→ {printable(action.title)}: {printable(action.instruction)} {action.url or ''}".rstrip()
    )


def _options(action: Action) -> list[str]:
    """Return the options by which this command takes what an action asks for."""
    consent = [f"--consent {action.consent}"] if action.consent else []
    return consent + [f"--field {name}=…" for name in action.fields]


def _facts(plan: DeploymentPlan) -> list[tuple[str, object]]:
    return [
        ("deployment", plan.ref.name),
        ("at", f"{plan.ref.provider}/{plan.ref.resource}"),
        ("model", plan.model.name),
        ("version", plan.model.version),
        ("region", plan.region),
        ("SKU", plan.sku),
        ("capacity", plan.capacity),
        ("quota", _arithmetic(plan.quota)),
        ("cost", plan.cost),
    ]


def _arithmetic(quota: QuotaUse | None) -> str | None:
    if quota is None:
        return None
    requested, limit, used = map(cell, (quota.requested, quota.limit, quota.used))
    return f"uses {requested} of {limit}, {used} in use ({quota.key})"
