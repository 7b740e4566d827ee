"""The demonstration's chapters on a connection that may also deploy: plan, deploy, verify."""

from __future__ import annotations

from collections.abc import Sequence

from bonito_host.demo_calls import Adopted
from bonito_host.emulation import DemoConnection
from bonito_host.output import printable
from bonito_host.story import Story
from bonito_providers.catalog import Listing, Model
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, DeploymentPlan, DeploymentRequest, State
from bonito_providers.report import Verdict
from bonito_providers.waiting import wait

_SOLD_BY = {"first_party": "first party", "partner": "partner", None: "unknown"}
_TERMS = {True: "to accept", False: "none", None: "unknown"}


async def walk_management(
    connection: Connection, demo: DemoConnection, story: Story
) -> list[Adopted]:
    """Tell the way from further credentials, where it needs any, to deployments that answer."""
    if demo.management:
        await tell_permission(connection, demo, story)
        listing = await connection.provider.list_models(connection)
        tell_marks(listing, demo.deploy, story)
    deployed = [await tell_deployment(connection, model, story) for model in demo.deploy]
    return [Adopted(connection, each, None, demo) for each in deployed if each is not None]


async def tell_permission(connection: Connection, demo: DemoConnection, story: Story) -> None:
    """Tell what the further fields are for, and what checking them finds."""
    story.chapter("Add credentials that may deploy")
    for group in connection.provider.schema.field_groups:
        story.say(f"{group.title}: {group.summary}")
    story.say(f"given besides: {', '.join(demo.management)}")
    report = await connection.provider.check_credentials(connection)
    for item in report.items:
        if item.name == "manage":
            story.say(f"{item.title}: {printable(item.reason)}")
    if report.failures or not any(
        item.name == "manage" and item.verdict is Verdict.PASSED for item in report.items
    ):
        story.fail("the further credentials do not work")


def tell_marks(listing: Listing[Model], wanted: Sequence[str], story: Story) -> None:
    """Tell what the catalogue now knows: who sells a model, on what terms, and its SKUs."""
    story.chapter("The catalogue with sellers, terms and SKUs")
    story.say(f"{len(listing.items)} models. {printable(listing.source)}")
    partners = [model for model in listing.items if model.sold_by == "partner"][:3]
    shown = [model for model in listing.items if model.name in wanted] + partners
    story.table(
        ("MODEL", "VERSION", "PUBLISHER", "SOLD BY", "TERMS", "SKUS"),
        [
            (
                each.name,
                each.version,
                each.publisher,
                _SOLD_BY[each.sold_by],
                _TERMS[each.terms_needed],
                None if each.skus is None else [sku.name for sku in each.skus],
            )
            for each in shown
        ],
    )


async def tell_deployment(connection: Connection, model: str, story: Story) -> Deployment | None:
    """Tell the plan for a model, its deployment, and the call that proves it."""
    story.chapter(f"Activate {model}")
    provider = connection.provider
    plan = await provider.plan_deployment(connection, DeploymentRequest(model=model))
    _tell_plan(plan, story)
    deployment = await wait(
        connection, plan, progress=lambda seen: story.say(f"{seen.ref.name}: {seen.state.value}")
    )
    story.say(f"verified: {printable(deployment.verified_reason)}")
    again = await provider.deploy(connection, plan)
    story.say(f"the same plan again: created {str(again.created).lower()}, {again.state.value}")
    if deployment.state is not State.READY or not deployment.verified or again.created:
        story.fail(f"{model} was not deployed as planned")
        return None
    return deployment


def _tell_plan(plan: DeploymentPlan, story: Story) -> None:
    version = f" {plan.model.version}" if plan.model.version else ""
    capacity = f", capacity {plan.capacity}" if plan.capacity else ""
    story.say(f"plan: {plan.model.name}{version} on {plan.sku}{capacity}")
    for warning in plan.warnings:
        story.say(f"  {printable(warning)}")
    for action in plan.actions:
        story.say(f"  → {printable(action.instruction)}")
