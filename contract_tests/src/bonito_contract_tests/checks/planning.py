"""PLAN: the dry run, and whether what then happens is what it said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bonito_contract_tests.check import Family
from bonito_contract_tests.deploying import (
    deployed,
    deploying,
    named,
    planned,
    requests,
    watch_writes,
)
from bonito_contract_tests.holdings import (
    holdings,
    must_be_unchanged,
    must_stand,
)
from bonito_contract_tests.sentences import must_be_sentences
from bonito_contract_tests.violation import HarnessError, Violation, must
from bonito_providers import Capability, DeploymentPlan, State
from bonito_providers.errors import ModelNotFound, RequestError

if TYPE_CHECKING:
    from bonito_contract_tests.bench import Bench
    from bonito_contract_tests.harness import Blocked
    from bonito_providers import Connection

PLANNING = Family("PLAN", "Planning a deployment")
LONGEST_LIFE = timedelta(hours=24)
"""A plan is a promise about quota and what stands; after a day it is none."""


@PLANNING.check(
    1,
    rule="Planning changes nothing in the cloud, whatever is asked for.",
    mend="Send reads only; whatever creates, reserves or accepts belongs into `deploy`.",
    needs=(Capability.DEPLOY,),
)
async def planning_changes_nothing(bench: Bench) -> None:
    asked = [*bench.harness.deployable, *(each.request for each in bench.harness.blocked)]
    asked += [each.unblocked for each in bench.harness.blocked if each.unblocked is not None]
    before = holdings(bench)
    async with bench.connect(deploying(bench)) as connection:
        for request in asked:
            await bench.provider.plan_deployment(connection, request)
            must_be_unchanged(bench, before, after=f"planning {request.model}")


@PLANNING.check(
    2,
    rule="The same request gives the same plan, on another connection and later, but for its times "
    "and digest.",
    mend="Derive names from the request and choose by rules; draw no random numbers, no clock.",
    needs=(Capability.DEPLOY,),
)
async def plans_are_deterministic(bench: Bench) -> None:
    access = deploying(bench)
    for request in bench.harness.deployable:
        async with bench.connect(access) as one, bench.connect(access) as other:
            first = await planned(bench, one, request)
            bench.clock.advance(61)
            second = await planned(bench, other, request)
        times = {name: getattr(first, name) for name in ("created_at", "expires_at", "digest")}
        again = second.model_copy(update=times)
        changed = sorted(name for name, value in first if getattr(again, name) != value)
        must(
            not changed,
            seen=f"two plans for {request.model} differ in {changed}",
            expected="plans that differ in their times and digest alone",
        )


@PLANNING.check(
    3,
    rule="The plan's reference is the one that `deploy`, `get_deployment` and the listing return, "
    "for a name that was asked for and for one the plan chose.",
    mend="Compute the reference in one function, from the credentials and the name alone.",
    needs=(Capability.DEPLOY, Capability.LIST_DEPLOYMENTS),
)
async def references_agree(bench: Bench) -> None:
    one, other = requests(bench)
    async with bench.connect(deploying(bench)) as connection:
        for request in (one, named(other, bench.harness.names[0])):
            plan, deployment = await deployed(bench, connection, request)
            found = await bench.provider.get_deployment(connection, plan.ref)
            listing = await bench.provider.list_deployments(connection)
            refs = {"deploy": deployment.ref, "get_deployment": found.ref}
            if any(each.ref == plan.ref for each in listing.items):
                refs["the listing"] = plan.ref
            for where in ("deploy", "get_deployment", "the listing"):
                must(
                    refs.get(where) == plan.ref,
                    seen=f"the plan's reference is {plan.ref!r}, that of {where} "
                    f"{refs.get(where, 'none of the items')!r}",
                    expected="one and the same",
                )


@PLANNING.check(
    4,
    rule="The preview is the request that `deploy` then sends, but for the plan's digest where "
    "that is the token by which the service knows a repetition: no plan can hold its own.",
    mend="Build the body in one function and use it for the preview and for the call.",
    needs=(Capability.DEPLOY,),
)
async def the_preview_is_what_is_sent(bench: Bench) -> None:
    for request in bench.harness.deployable:
        bench.renew()
        watching = watch_writes(bench)
        async with bench.connect(deploying(bench)) as connection:
            plan, _ = await deployed(bench, connection, request)
            must(plan.preview, seen="the preview is empty", expected="the request as sent")
            for host, method, path in watching.writes[:1]:
                sent = bench.log.select(host, method=method, path=path)[-1]
                text = connection.redact(sent.body.decode("utf-8", "replace"))
        body = _without(plan.digest, _json_object(text))
        must(
            body is None or any(each == body for each in _objects_in(plan.preview)),
            seen=f"the preview for {request.model} is {dict(plan.preview)}, and was sent: {text}",
            expected="the body that is sent, as it is or as a member of the preview",
        )


@PLANNING.check(
    5,
    rule="Model, SKU, capacity and name in the plan are what stands after `deploy`.",
    mend="Resolve them while planning, and send what was resolved.",
    needs=(Capability.DEPLOY,),
)
async def what_was_planned_stands(bench: Bench) -> None:
    for request in bench.harness.deployable:
        bench.renew()
        async with bench.connect(deploying(bench)) as connection:
            plan, _ = await deployed(bench, connection, request)
        truth = must_stand(bench, plan.ref, told=f"{request.model} was planned and deployed")
        for what, said, there in (
            ("model", plan.model.name, truth.model),
            ("SKU", plan.sku, truth.sku),
            ("capacity", plan.capacity, truth.capacity),
        ):
            must(
                said == there,
                seen=f"planned was the {what} {said!r}; what stands has {there!r}",
                expected="what was planned",
            )


@PLANNING.check(
    6,
    rule="A model or version that does not exist raises ModelNotFound, and nothing is written.",
    mend="Look the model up in the catalogue before you plan.",
    needs=(Capability.DEPLOY,),
)
async def unknown_models_are_refused(bench: Bench) -> None:
    if bench.harness.unknown_model is None:
        raise HarnessError("name a request for a model that does not exist in `unknown_model`")
    before = holdings(bench)
    async with bench.connect(deploying(bench)) as connection:
        asked = [bench.harness.unknown_model]
        known = bench.harness.deployable[0]
        plan = await planned(bench, connection, known)
        if plan.model.version is not None:
            asked.append(known.model_copy(update={"version": "no-such-version"}))
        for request in asked:
            try:
                plan = await bench.provider.plan_deployment(connection, request)
            except ModelNotFound:
                continue
            raise Violation(
                f"{request.model} {request.version or ''} was planned as {plan.model.name} "
                f"{plan.model.version or ''}",
                expected="ModelNotFound",
            )
    must_be_unchanged(bench, before, after="asking for what does not exist")


@PLANNING.check(
    7,
    rule="What a person has to do first is an action of the plan with an instruction and the names "
    "of the consents and fields that a request carries; deploying it nevertheless changes nothing "
    "and returns NEEDS_ACTION, and without the obstacle it deploys.",
    mend="Put the action into the plan, with `consent` and `fields` where a request can carry what "
    "is asked for, and let `deploy` return at once where there is one.",
    needs=(Capability.DEPLOY,),
)
async def what_blocks_is_said_and_holds(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        await planned(bench, connection, bench.harness.deployable[0])
    for blocked in bench.harness.blocked:
        bench.renew()
        before = holdings(bench)
        async with bench.connect(deploying(bench)) as connection:
            await _must_be_blocked(bench, connection, blocked)
            must_be_unchanged(bench, before, after=f"deploying the blocked {blocked.request.model}")
            if blocked.unblocked is not None:
                plan, _ = await deployed(bench, connection, blocked.unblocked)
                must_stand(bench, plan.ref, told="the obstacle was out of the way")


@PLANNING.check(
    10,
    rule="A plan's quota adds up: unknown numbers are None, the requested is the plan's capacity, "
    "and without an action used and requested stay within the limit.",
    mend="Join the quota by the SKU's key, count what stands once, and ask for more by an action.",
    needs=(Capability.DEPLOY,),
)
async def quota_adds_up(bench: Bench) -> None:
    asked = [*bench.harness.deployable, *(each.request for each in bench.harness.blocked)]
    async with bench.connect(deploying(bench)) as connection:
        await deployed(bench, connection, requests(bench)[0])
        for request in asked:
            _must_add_up(await bench.provider.plan_deployment(connection, request))


@PLANNING.check(
    11,
    rule="Name, version, SKU and capacity that are asked for are kept, or the plan says by an "
    "action or a warning, or by refusing, why they are not.",
    mend="Never replace a wish by a default in silence.",
    needs=(Capability.DEPLOY,),
)
async def wishes_are_kept(bench: Bench) -> None:
    request = bench.harness.deployable[0]
    async with bench.connect(deploying(bench)) as connection:
        clean = await planned(bench, connection, request)
        possible: dict[str, object] = {
            "name": bench.harness.names[0],
            "version": clean.model.version,
            "sku": clean.sku,
            "capacity": clean.capacity,
        }
        for name, value in possible.items():
            if value is not None:
                wish = request.model_copy(update={name: value})
                _must_keep(name, value, await planned(bench, connection, wish))
        impossible: dict[str, object] = {"sku": "no-such-sku", "capacity": 10**9}
        for name, value in impossible.items():
            wish = request.model_copy(update={name: value})
            try:
                plan = await bench.provider.plan_deployment(connection, wish)
            except RequestError:
                continue
            if not plan.actions and not set(plan.warnings) - set(clean.warnings):
                _must_keep(name, value, plan)


@PLANNING.check(
    13,
    rule="A plan says when it was made and expires within a day.",
    mend="Take `created_at` from `connection.clock`, and add minutes rather than days.",
    needs=(Capability.DEPLOY,),
)
async def plans_expire(bench: Bench) -> None:
    async with bench.connect(deploying(bench)) as connection:
        for request in bench.harness.deployable:
            bench.clock.advance(7200)
            start = bench.clock.now()
            plan = await planned(bench, connection, request)
            must(
                start <= plan.created_at <= bench.clock.now(),
                seen=f"created_at is off by {(plan.created_at - start).total_seconds():.0f} "
                "seconds",
                expected="the connection's time at the moment of the call",
            )
            must(
                timedelta() < plan.expires_at - plan.created_at <= LONGEST_LIFE,
                seen=f"the plan lives for {plan.expires_at - plan.created_at}",
                expected=f"some time, and at most {LONGEST_LIFE}",
            )


@PLANNING.check(
    14,
    rule="Warnings, changes, costs and actions of a plan are sentences that a page can show; links "
    "are https.",
    mend="Write them for the person who has to decide.",
    needs=(Capability.DEPLOY,),
)
async def plans_speak_in_sentences(bench: Bench) -> None:
    asked = [*bench.harness.deployable, *(each.request for each in bench.harness.blocked)]
    async with bench.connect(deploying(bench)) as connection:
        for request in asked:
            plan = await bench.provider.plan_deployment(connection, request)
            must_be_sentences("a warning", *plan.warnings)
            must_be_sentences("the cost", *filter(None, (plan.cost,)))
            for action in plan.actions:
                must_be_sentences(f"the instruction of {action.kind}", action.instruction)
                must(
                    action.title.strip() and (action.url or "https:").startswith("https:"),
                    seen=f"{action.kind} has the title {action.title!r} and links to {action.url}",
                    expected="a title, and a link with https or none",
                )


async def _must_be_blocked(bench: Bench, connection: Connection, blocked: Blocked) -> None:
    request = blocked.request
    plan = await bench.provider.plan_deployment(connection, request)
    kinds = [action.kind for action in plan.actions]
    must(
        blocked.action in kinds,
        seen=f"the plan for {request.model} asks for {[str(each) for each in kinds] or 'nothing'}",
        expected=f"the action {blocked.action}",
    )
    _must_name_what_is_missing(plan, blocked)
    deployment = await bench.provider.deploy(connection, plan)
    must(
        deployment.state is State.NEEDS_ACTION and deployment.actions and not deployment.created,
        seen=f"deploying it gave {deployment.state} with {len(deployment.actions)} actions",
        expected="NEEDS_ACTION with the actions, nothing created",
    )


def _must_name_what_is_missing(plan: DeploymentPlan, blocked: Blocked) -> None:
    if blocked.unblocked is None:
        return
    consents = blocked.unblocked.consents - blocked.request.consents
    fields = blocked.unblocked.fields.keys() - blocked.request.fields.keys()
    asked = {each.consent for each in plan.actions}
    drawn = {name for each in plan.actions for name in each.fields}
    unnamed = sorted((consents - asked) | (fields - drawn))
    must(
        not unnamed,
        seen=f"no action of the plan for {blocked.request.model} names {', '.join(unnamed)}",
        expected="the consent and the fields that a page has to ask for, by name",
    )


def _must_add_up(plan: DeploymentPlan) -> None:
    quota = plan.quota
    if quota is None:
        return
    numbers = (quota.limit, quota.used, quota.requested)
    must(
        all(each is None or each >= 0 for each in numbers),
        seen=f"quota {quota.key}: limit {quota.limit}, used {quota.used}, "
        f"requested {quota.requested}",
        expected="numbers from zero on, or None",
    )
    must(
        plan.capacity is None or quota.requested in (None, plan.capacity),
        seen=f"{quota.requested} are requested of the quota for a capacity of {plan.capacity}",
        expected="the plan's capacity",
    )
    if None not in numbers and not plan.actions:
        must(
            (quota.used or 0) + (quota.requested or 0) <= (quota.limit or 0),
            seen=f"{quota.used} used and {quota.requested} requested of {quota.limit}, no action",
            expected="an action that asks for more quota",
        )


def _must_keep(name: str, value: object, plan: DeploymentPlan) -> None:
    kept = {
        "name": plan.ref.name,
        "version": plan.model.version,
        "sku": plan.sku,
        "capacity": plan.capacity,
    }
    must(
        kept[name] == value,
        seen=f"asked for was the {name} {value!r}; the plan has {kept[name]!r} and says nothing",
        expected="what was asked for, or the reason why not",
    )


def _without(digest: str, body: dict[str, Any] | None) -> dict[str, Any] | None:
    if body is None:
        return None
    return {name: value for name, value in body.items() if value != digest}


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _objects_in(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for each in value.values():
            yield from _objects_in(each)
