"""Deploying ends in one resource that answers, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bonito_azure_arm.access import ARM_HOST
from bonito_emulators import Emulation, Fault, Reset
from bonito_emulators.azure import (
    READER,
    Account,
    AzureCloud,
    Creation,
    Failure,
    Pace,
    RoleAssignment,
)
from bonito_emulators.azure import Deployment as Standing
from bonito_emulators.faults import AfterApplied
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRequest,
    NetworkSettings,
    Provider,
    State,
    wait,
)
from bonito_providers.actions import ActionKind
from bonito_providers.errors import Conflict, InvalidRequest, PermissionMissing, PlanRefused
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import (
    ACCOUNT_PATH,
    DATA_HOST,
    FIELDS,
    application_of,
    arm_fault,
    bearers,
    managed_cloud,
    writes,
)
from plugins.azure_foundry.tests.resources import keys_sent
from tests.virtual_time import VirtualClock

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WRITER = DeploymentRequest(model="gpt-4o", name="writer")
AGREED = frozenset({"marketplace_terms"})


class SharedClock(VirtualClock):
    """Virtual time in which those who sleep at once sleep side by side."""

    async def sleep(self, seconds: float) -> None:
        end = self.elapsed + seconds
        await asyncio.sleep(0)
        self.elapsed = max(self.elapsed, end)


@pytest.fixture
def clock() -> VirtualClock:
    return SharedClock()


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


@pytest.fixture
async def managed(provider: Provider, network: NetworkSettings) -> AsyncIterator[Connection]:
    async with provider.connect(FIELDS, network=network) as opened:
        yield opened


async def planned(connection: Connection, request: DeploymentRequest = WRITER) -> DeploymentPlan:
    return await connection.provider.plan_deployment(connection, request)


async def deployed(connection: Connection, request: DeploymentRequest = WRITER) -> Deployment:
    return await wait(connection, await planned(connection, request))


async def test_a_deployment_is_made_proved_and_marked_as_own(
    managed: Connection, account: Account
) -> None:
    made = await deployed(managed)
    assert (made.state, made.created, made.verified, made.owned) == (State.READY, True, True, True)
    standing = account.deployment("writer")
    assert standing is not None
    assert standing.tags == {"managed-by": "bonito-providers"}


async def test_the_same_request_twice_gives_one_resource(
    managed: Connection, cloud: AzureCloud, emulation: Emulation
) -> None:
    first, second = await deployed(managed), await deployed(managed)
    assert first.ref == second.ref
    assert (first.created, second.created) == (True, False)
    assert len(writes(emulation.log)) == 1
    assert cloud.bill.count("created", deployment="writer") == 1


@pytest.mark.parametrize("shape", ["immediate", "body", "header"])
@pytest.mark.parametrize("times", [1, 2])
async def test_an_answer_that_is_lost_costs_no_second_resource(
    managed: Connection, cloud: AzureCloud, account: Account, shape: str, times: int
) -> None:
    account.creation = Creation(shape=shape, pace=Pace(looks=2))  # type: ignore[arg-type]  # one of its literals
    cloud.faults.add(arm_fault(AfterApplied(Reset()), method="PUT", times=times))
    made = await deployed(managed)
    assert (made.state, made.verified) == (State.READY, True)
    assert cloud.bill.count("created", deployment="writer") == 1
    assert [each.name for each in account.standing()].count("writer") == 1


async def test_a_wait_given_up_is_taken_up_again_by_another_process(
    provider: Provider, network: NetworkSettings, cloud: AzureCloud, account: Account
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=2))
    async with provider.connect(FIELDS, network=network) as first:
        plan = await planned(first)
        assert (await provider.deploy(first, plan)).state is State.PROVISIONING
    async with provider.connect(FIELDS, network=network) as second:
        made = await wait(second, DeploymentPlan.model_validate_json(plan.model_dump_json()))
    assert (made.state, made.verified) == (State.READY, True)
    assert cloud.bill.count("created") == 1


@pytest.mark.parametrize("pending", ["Accepted", "Creating"])
@pytest.mark.parametrize("shape", ["body", "header"])
async def test_every_shape_of_the_long_operation_ends_ready(
    managed: Connection, account: Account, shape: str, pending: str
) -> None:
    account.creation = Creation(
        shape=shape,  # type: ignore[arg-type]  # one of its literals
        pending_state=pending,  # type: ignore[arg-type]  # one of its literals
        pace=Pace(looks=4),
        propagation=Pace(looks=3),
        wiring=Pace(looks=2),
    )
    seen: list[State] = []
    made = await wait(
        managed, await planned(managed), progress=lambda each: seen.append(each.state)
    )
    assert (made.state, made.created, made.verified) == (State.READY, True, True)
    assert seen[0] is State.PROVISIONING
    assert seen[-1] is State.READY


async def test_a_deployment_that_answers_nobody_yet_is_asked_until_it_does(
    managed: Connection, account: Account, emulation: Emulation
) -> None:
    """`DeploymentNotFound` within minutes after Succeeded is normal."""
    account.creation = Creation(propagation=Pace(looks=6))
    made = await deployed(managed)
    assert (made.state, made.verified) == (State.READY, True)
    calls = emulation.log.select(DATA_HOST, method="POST")
    assert [each.status for each in calls] == [404] * 6 + [200]


@pytest.mark.parametrize(
    ("code", "state", "kind"),
    [
        ("MarketplaceSubscriptionCannotBeCompleted", State.NEEDS_ACTION, ActionKind.ACCEPT_TERMS),
        ("AnthropicOrganizationCreationException", State.NEEDS_ACTION, ActionKind.SUBMIT_USE_CASE),
        ("InternalServerError", State.FAILED, None),
    ],
)
async def test_a_failure_that_comes_minutes_later_is_told_with_what_to_do(
    managed: Connection, account: Account, code: str, state: State, kind: ActionKind | None
) -> None:
    failure = Failure(code=code, message="Not this time.")
    account.creation = Creation(shape="header", pace=Pace(looks=9), failure=failure)
    made = await deployed(managed)
    assert made.state is state
    assert made.error == f"{code}: Not this time."
    assert [action.kind for action in made.actions] == ([kind] if kind else [])


async def test_a_failure_told_by_the_resource_alone_is_a_failure(
    managed: Connection, account: Account
) -> None:
    failure = Failure(code="InternalServerError", message="?")
    account.creation = Creation(shape="body", failure=failure)
    made = await deployed(managed)
    assert made.state is State.FAILED
    assert made.error


async def test_what_failed_is_tried_again_and_its_old_failure_is_forgotten(
    managed: Connection, account: Account
) -> None:
    failure = Failure(code="InternalServerError", message="?")
    account.creation = Creation(shape="header", failure=failure)
    assert (await deployed(managed)).state is State.FAILED
    account.creation = Creation(shape="body", pace=Pace(looks=2))
    made = await deployed(managed)
    assert (made.state, made.verified, made.error) == (State.READY, True, None)


async def test_a_marketplace_that_does_not_sell_is_told_at_once(
    managed: Connection, cloud: AzureCloud, account: Account
) -> None:
    subscription = cloud.subscription(account.subscription_id)
    subscription.marketplace_refusal = "Cannot complete purchase as your enrollment …"
    made = await deployed(
        managed, DeploymentRequest(model="Codestral-2501", name="code", consents=AGREED)
    )
    assert made.state is State.NEEDS_ACTION
    assert [action.kind for action in made.actions] == [ActionKind.CONTACT_SUPPORT]


async def test_a_provider_that_is_not_registered_is_told_with_the_command(
    managed: Connection, cloud: AzureCloud
) -> None:
    plan = await planned(managed)
    refusal = answer(
        409, {"error": {"code": "MissingSubscriptionRegistration", "message": "not registered"}}
    )
    cloud.faults.add(arm_fault(refusal, method="PUT"))
    made = await managed.provider.deploy(managed, plan)
    assert made.state is State.NEEDS_ACTION
    assert "az provider register" in made.actions[0].instruction


async def test_quota_used_up_after_the_plan_is_seen_before_anything_is_sent(
    managed: Connection, cloud: AzureCloud, account: Account, emulation: Emulation
) -> None:
    plan = await planned(managed)
    rows = cloud.subscription(account.subscription_id).quota(account.region)
    rows["OpenAI.GlobalStandard.gpt-4o"].elsewhere = 445
    made = await managed.provider.deploy(managed, plan)
    assert [action.kind for action in made.actions] == [ActionKind.REQUEST_QUOTA]
    assert "445 of 450" in made.actions[0].instruction
    assert writes(emulation.log) == []


async def test_a_role_that_may_only_read_plans_and_is_named_when_it_deploys(
    managed: Connection, cloud: AzureCloud, account: Account
) -> None:
    scope = ACCOUNT_PATH.partition("/resourceGroups")[0]
    application_of(cloud).roles = [RoleAssignment(role=READER, scope=scope)]
    plan = await planned(managed)
    try:
        made = await managed.provider.deploy(managed, plan)
    except PermissionMissing as refusal:
        kinds = [action.kind for action in refusal.actions]
    else:
        assert made.state is State.NEEDS_ACTION
        kinds = [action.kind for action in made.actions]
    assert kinds == [ActionKind.GRANT_PERMISSION]
    assert account.deployment("writer") is None


async def test_a_plan_for_another_resource_changes_nothing_in_this_one(
    managed: Connection, emulation: Emulation
) -> None:
    plan = await planned(managed)
    elsewhere = plan.ref.model_copy(update={"resource": "fabrikam"})
    with pytest.raises(InvalidRequest, match="belongs to azure_foundry/fabrikam"):
        await managed.provider.deploy(managed, plan.model_copy(update={"ref": elsewhere}).sealed())
    assert writes(emulation.log) == []


async def test_another_model_that_took_the_name_meanwhile_is_a_conflict(
    managed: Connection, account: Account
) -> None:
    plan = await planned(managed)
    account.add(Standing(name="writer", model="gpt-4o-mini"))
    with pytest.raises(Conflict, match="writer is a deployment of gpt-4o-mini"):
        await managed.provider.deploy(managed, plan)


async def test_another_model_that_took_the_name_between_look_and_write_is_a_conflict(
    managed: Connection, cloud: AzureCloud
) -> None:
    plan = await planned(managed)
    body = {"error": {"code": "CannotChangeDeploymentModel", "message": "cannot be changed"}}
    cloud.faults.add(arm_fault(answer(400, body), method="PUT"))
    with pytest.raises(Conflict) as refusal:
        await managed.provider.deploy(managed, plan)
    assert "another name" in refusal.value.hint


async def test_a_busy_account_queues_the_write_until_it_is_taken(
    managed: Connection, account: Account, cloud: AzureCloud
) -> None:
    account.hold_writes(Pace(looks=3))
    seen: list[State] = []
    plan = await planned(managed)
    first = await managed.provider.deploy(managed, plan)
    assert (first.state, first.created) == (State.QUEUED, False)
    assert first.retry_after
    made = await wait(managed, plan, progress=lambda each: seen.append(each.state))
    assert (made.state, made.created, made.verified) == (State.READY, True, True)
    assert seen[0] is State.QUEUED
    assert cloud.bill.count("created") == 1


@pytest.mark.parametrize(
    ("creation", "settling"),
    [(Creation(), Pace(looks=1)), (Creation(shape="header", pace=Pace(looks=1)), Pace())],
    ids=["at-once", "long-operation"],
)
async def test_twenty_activations_at_once_on_one_account_all_end_ready(
    managed: Connection, account: Account, emulation: Emulation, creation: Creation, settling: Pace
) -> None:
    account.creation, account.settling = creation, settling
    requests = [
        DeploymentRequest(model="gpt-4o-mini", name=f"many-{number}", capacity=1)
        for number in range(20)
    ]
    made = await asyncio.gather(*(deployed(managed, request) for request in requests))
    assert {each.state for each in made} == {State.READY}
    assert all(each.verified and each.owned for each in made)
    assert len({each.ref.name for each in made}) == 20
    statuses = [each.status for each in emulation.log.select(ARM_HOST, method="PUT")]
    assert statuses.count(201) == 20
    assert statuses.count(409) == len(statuses) - 20 > 0


async def test_twenty_activations_of_one_name_make_one_resource(
    managed: Connection, cloud: AzureCloud, account: Account
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=2))
    made = await asyncio.gather(*(deployed(managed) for _ in range(20)))
    assert {each.state for each in made} == {State.READY}
    assert cloud.bill.count("created") == 1


async def test_a_change_is_shown_and_needs_to_be_asked_for(
    managed: Connection, account: Account
) -> None:
    await deployed(managed)
    larger = WRITER.model_copy(update={"capacity": 25})
    plan = await planned(managed, larger)
    assert plan.changes == ("capacity 10 to 25",)
    with pytest.raises(PlanRefused, match="capacity 10 to 25"):
        await managed.provider.deploy(managed, plan)
    changed = await deployed(managed, larger.model_copy(update={"update": True}))
    assert (changed.state, changed.created, changed.capacity) == (State.READY, False, 25)
    standing = account.deployment("writer")
    assert standing is not None
    assert standing.capacity == 25


@pytest.mark.parametrize(
    "elsewhere",
    [f"https://{DATA_HOST}/operation", "https://evil.services.ai.azure.com/", "https://evil.test/"],
)
async def test_a_polling_address_at_another_host_gets_nothing_and_the_resource_tells(
    managed: Connection, cloud: AzureCloud, account: Account, emulation: Emulation, elsewhere: str
) -> None:
    accepted = {
        "name": "writer",
        "sku": {"name": "GlobalStandard", "capacity": 10},
        "properties": {
            "model": {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"},
            "provisioningState": "Accepted",
        },
    }
    plan = await planned(managed)
    cloud.faults.add(arm_fault(answer(201, accepted, azure_asyncoperation=elsewhere), method="PUT"))
    assert (await managed.provider.deploy(managed, plan)).state is State.PROVISIONING
    assert (await managed.provider.get_deployment(managed, plan.ref)).state is State.ABSENT
    account.add(Standing(name="writer", model="gpt-4o"))
    assert (await managed.provider.get_deployment(managed, plan.ref)).state is State.READY
    assert emulation.log.select(DATA_HOST) == []
    assert emulation.log.refused_names == []


async def test_an_operation_azure_has_forgotten_leaves_the_word_to_the_resource(
    managed: Connection, cloud: AzureCloud, account: Account
) -> None:
    account.creation = Creation(shape="header", pace=Pace(looks=9))
    plan = await planned(managed)
    await managed.provider.deploy(managed, plan)
    forgotten = answer(404, {"error": {"code": "NotFound", "message": "no such operation"}})
    operations = ACCOUNT_PATH.partition("/resourceGroups")[0] + "/providers"
    cloud.faults.add(Fault(action=forgotten, host=ARM_HOST, path_prefix=operations))
    assert (await managed.provider.get_deployment(managed, plan.ref)).state is State.PROVISIONING


async def test_management_tokens_and_keys_never_meet(
    managed: Connection, cloud: AzureCloud, emulation: Emulation
) -> None:
    await managed.provider.check_credentials(managed)
    made = await deployed(managed)
    await managed.provider.delete_deployment(managed, made.ref)
    managing, calling = emulation.log.select(ARM_HOST), emulation.log.select(DATA_HOST)
    tokens = bearers(managing)
    issued = [cloud.directory.token(each) for each in tokens]
    assert {each.audience for each in issued if each} == {"https://management.azure.com"}
    assert tokens & bearers(calling) == set()
    assert {host for host, _ in keys_sent(emulation.log)} == {ARM_HOST, DATA_HOST}
    assert all(each.header("api-key") is None for each in managing)
    assert {each.header("api-key") for each in calling} == {FIELDS["api_key"]}
