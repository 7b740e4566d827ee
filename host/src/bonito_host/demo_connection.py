"""The demonstration's chapters on one connection: choice, check, models, deployments, adoption."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bonito_host.demo_calls import Adopted
from bonito_host.emulation import DemoConnection
from bonito_host.exit_codes import code_of_name
from bonito_host.forms import is_secret
from bonito_host.output import printable
from bonito_host.routes import entry_for
from bonito_host.story import Story
from bonito_providers.connection import Connection
from bonito_providers.deployment import Deployment, DeploymentRequest, State
from bonito_providers.redaction import MARK
from bonito_providers.registry import ProviderRegistry
from bonito_providers.report import CheckItem, Verdict
from bonito_providers.waiting import verify, wait

_FEW = 8


def tell_choice(registry: ProviderRegistry, cloud: str, story: Story) -> None:
    """Tell the choice of service and its fields as a page would draw them."""
    schema = registry.schema(cloud)
    for form in schema.get("oneOf", [schema]):
        mark = " (recommended)" if form.get("x-recommended") else ""
        story.say(f"Service: {form['title']}{mark}. {form['description']}")
        story.table(("FIELD", "REQUIRED", "HIDDEN", "HINT"), _fields(form))


def _fields(form: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (field.get("title", name), _required(name, form), is_secret(field), field["description"])
        for name, field in form["properties"].items()
        if "const" not in field
    ]


def _required(name: str, form: dict[str, Any]) -> str:
    if name not in form.get("required", ()):
        return "no"
    others = [group["title"] for group in form.get("x-groups", ()) if name in group["replaces"]]
    return f"yes, unless {' or '.join(others)}" if others else "yes"


async def walk_connection(
    connection: Connection, wrong: Connection, demo: DemoConnection, story: Story
) -> list[Adopted]:
    """Tell the way from two fields to an adopted deployment."""
    await tell_wrong(wrong, story)
    await tell_check(connection, demo, story)
    await tell_models(connection, story)
    deployments = await tell_deployments(connection, story)
    return await adopt(connection, deployments, demo, story)


async def tell_wrong(wrong: Connection, story: Story) -> None:
    """Tell what becomes of a wrong key."""
    story.chapter("A wrong key first")
    report = await wrong.provider.check_credentials(wrong)
    for item in report.failures:
        _tell_item(item, story)
        code = code_of_name(item.error)
        story.say(f"            {item.error}: `bonito check` leaves with exit code {code}")
    if report.usable:
        story.fail("the wrong key was accepted")


async def tell_check(connection: Connection, demo: DemoConnection, story: Story) -> None:
    """Tell what a check of the right key finds."""
    story.chapter("The right key, checked item by item")
    secrets = {secret.get_secret_value() for secret in connection.credentials.secrets()}
    for name, value in demo.fields.items():
        story.say(f"given: {name} = {MARK if value in secrets else value}")
    report = await connection.provider.check_credentials(connection)
    for item in report.items:
        _tell_item(item, story)
    for note in report.notes:
        story.say(printable(note))
    if not report.usable:
        story.fail("the credentials are not usable")


def _tell_item(item: CheckItem, story: Story) -> None:
    took = "" if item.seconds is None else f" ({item.seconds:.2f} s)"
    word = {Verdict.PASSED: "ok", Verdict.FAILED: "refused"}.get(item.verdict, "not checked")
    story.say(f"{word:<12}{printable(item.title)}{took}: {printable(item.reason)}")
    if item.action:
        story.say(f"            → {printable(item.action.instruction)}")


async def tell_models(connection: Connection, story: Story) -> None:
    """Tell what the catalogue holds, and what this connection cannot know of it."""
    story.chapter("The catalogue")
    listing = await connection.provider.list_models(connection)
    story.say(f"{len(listing.items)} models. {printable(listing.source)}")
    makers = Counter(model.publisher or "publisher unknown" for model in listing.items)
    story.say(", ".join(f"{printable(name)} {count}" for name, count in makers.most_common()))
    # One for each maker: what is deployed, else what can be talked to, else any.
    telling = sorted(
        listing.items, key=lambda model: (bool(model.deployed_as), model.kind == "chat")
    )
    first = {model.publisher: model for model in telling}
    shown = sorted(first.values(), key=lambda model: makers[model.publisher or ""], reverse=True)
    head = ("MODEL", "VERSION", "PUBLISHER", "KIND", "SKUS", "DEPLOYED AS")
    story.table(
        head,
        [
            (
                each.id,
                each.version,
                each.publisher,
                each.kind,
                None if each.skus is None else [sku.name for sku in each.skus],
                each.deployed_as,
            )
            for each in shown[:_FEW]
        ],
    )
    for note in listing.notes:
        story.say(printable(note))
    story.say(f"{len(listing.skipped)} left out, each with its reason")


async def tell_deployments(connection: Connection, story: Story) -> list[Deployment]:
    """Tell what is callable in the account."""
    story.chapter("What is deployed")
    listing = await connection.provider.list_deployments(connection)
    story.say(printable(listing.source))
    story.table(
        ("NAME", "MODEL", "PUBLISHER", "KIND"),
        [
            (each.ref.name, each.model.name, each.model.publisher, each.model.kind)
            for each in listing.items
        ],
    )
    return list(listing.items)


async def adopt(
    connection: Connection, deployments: list[Deployment], demo: DemoConnection, story: Story
) -> list[Adopted]:
    """Tell how a standing deployment is taken over and proved, and how LiteLLM will call it."""
    story.chapter(f"Adopt {demo.adopt}")
    deployment = await _taken_over(connection, deployments, demo.adopt, story)
    story.say(f"{deployment.state.value}, verified: {printable(deployment.verified_reason)}")
    if deployment.state is not State.READY or not deployment.verified:
        story.fail(f"{demo.adopt} was not adopted")
        return []
    story.chapter("Its gateway entry")
    entry = entry_for(connection, deployment)
    written = entry.to_export(lambda _parameter: MARK)
    for name, value in {**written["litellm_params"], **written["model_info"]}.items():
        story.say(f"{name}: {value}")
    if not entry.supported:
        story.fail(f"LiteLLM cannot call it: {entry.reason}")
        return []
    embedding = next((each for each in deployments if each.model.kind == "embedding"), None)
    return [Adopted(connection, deployment, embedding, demo)]


async def _taken_over(
    connection: Connection, deployments: list[Deployment], name: str, story: Story
) -> Deployment:
    if not connection.provider.deploys:
        story.say(f"{name} is there for everybody; nothing is to be taken over")
        listed = [each for each in deployments if each.ref.name == name]
        return await verify(connection, listed[0])
    request = DeploymentRequest(adopt=True, name=name)
    plan = await connection.provider.plan_deployment(connection, request)
    story.say(f"plan: take over {plan.ref.name} of {plan.ref.resource}; creates nothing")
    return await wait(connection, plan)
