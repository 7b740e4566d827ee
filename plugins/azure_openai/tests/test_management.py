"""Deploying by Azure Resource Manager: OpenAI's models, on Standard unless asked otherwise."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import (
    COGNITIVE_SERVICES_OPENAI_USER,
    Account,
    Application,
    AzureCloud,
    Creation,
    Pace,
    Subscription,
)
from bonito_emulators.azure import Deployment as Standing
from bonito_providers import (
    Connection,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    DeploymentRequest,
    State,
    wait,
)
from bonito_providers.actions import ActionKind
from bonito_providers.errors import (
    CapabilityUnavailable,
    Conflict,
    InvalidRequest,
    ModelNotFound,
    PermissionMissing,
    PlanRefused,
)
from plugins.azure_openai.tests.resources import (
    ARM,
    BY_KEY,
    BY_PRINCIPAL,
    KEYS,
    MANAGED,
    SUBSCRIPTION,
    UPGRADED,
    Connect,
    roles,
)

pytestmark = pytest.mark.anyio

WRITER = DeploymentRequest(model="gpt-4o-mini", name="writer")


@pytest.fixture
def managed(connect: Connect) -> Connection:
    return connect(**MANAGED)


@pytest.fixture
def subscription(cloud: AzureCloud) -> Subscription:
    return cloud.subscription(SUBSCRIPTION)


async def _planned(connection: Connection, request: DeploymentRequest = WRITER) -> DeploymentPlan:
    return await connection.provider.plan_deployment(connection, request)


async def _deployed(connection: Connection, request: DeploymentRequest = WRITER) -> Deployment:
    return await wait(connection, await _planned(connection, request))


async def test_unasked_a_model_is_planned_on_standard_with_the_arithmetic(
    managed: Connection, emulation: Emulation, account: Account
) -> None:
    async with managed:
        plan = await _planned(managed)
    assert (plan.sku, plan.capacity, plan.model.version) == ("Standard", 10, "2024-07-18")
    assert plan.actions == ()
    assert plan.quota is not None
    assert (plan.quota.limit, plan.quota.used, plan.quota.requested) == (200, 50, 10)
    assert "Uses 10 of 200, 50 in use." in plan.warnings
    assert any("the resource's region" in warning for warning in plan.warnings)
    assert {each.method for each in emulation.log.select(ARM)} == {"GET"}
    assert account.deployment("writer") is None


@pytest.mark.parametrize("endpoint", [MANAGED["endpoint"], UPGRADED])
async def test_a_plan_is_carried_out_and_proved_on_both_kinds_of_account(
    connect: Connect, cloud: AzureCloud, endpoint: str
) -> None:
    async with connect(**{**MANAGED, "endpoint": endpoint}) as managed:
        plan = await _planned(managed)
        made = await wait(managed, plan)
    assert (made.ref, made.state, made.created) == (plan.ref, State.READY, True)
    assert (made.verified, made.owned, made.sku, made.capacity) == (True, True, "Standard", 10)
    name = endpoint.removeprefix("https://").partition(".")[0]
    standing = cloud.account(name).deployment("writer")
    assert standing is not None
    assert (standing.model, standing.version) == ("gpt-4o-mini", "2024-07-18")
    assert (standing.sku, standing.capacity) == ("Standard", 10)
    assert standing.tags == {"managed-by": "bonito-providers"}


@pytest.mark.parametrize("shape", ["immediate", "body", "header"])
async def test_every_shape_of_the_long_operation_ends_ready(
    connect: Connect, account: Account, shape: str
) -> None:
    account.creation = Creation(shape=shape, pace=Pace(looks=2))  # type: ignore[arg-type]  # one of its literals
    async with connect(**MANAGED) as managed:
        made = await _deployed(managed)
    assert (made.state, made.created, made.verified) == (State.READY, True, True)


async def test_the_same_request_twice_gives_one_resource(
    managed: Connection, emulation: Emulation
) -> None:
    async with managed:
        first = await _deployed(managed)
        second = await _deployed(managed)
    assert (first.ref, first.created, second.created) == (second.ref, True, False)
    assert len(emulation.log.select(ARM, method="PUT")) == 1


async def test_a_busy_account_queues_the_write_until_it_is_taken(
    managed: Connection, account: Account
) -> None:
    account.hold_writes(Pace(looks=2))
    async with managed:
        plan = await _planned(managed)
        first = await managed.provider.deploy(managed, plan)
        assert first.state is State.QUEUED
        assert (await wait(managed, plan)).state is State.READY


async def test_a_model_that_is_not_offered_on_standard_has_to_be_asked_for_otherwise(
    managed: Connection, emulation: Emulation
) -> None:
    async with managed:
        plan = await _planned(managed, DeploymentRequest(model="gpt-5-mini", name="thinker"))
        [action] = plan.actions
        assert "GlobalStandard" in action.instruction
        assert plan.sku is None
        made = await managed.provider.deploy(managed, plan)
        assert made.state is State.NEEDS_ACTION
        assert emulation.log.select(ARM, method="PUT") == []
        asked = DeploymentRequest(model="gpt-5-mini", name="thinker", sku="GlobalStandard")
        made = await _deployed(managed, asked)
    assert (made.state, made.sku, made.verified) == (State.READY, "GlobalStandard", True)


async def test_partners_models_are_not_offered_on_an_upgraded_account(connect: Connect) -> None:
    async with connect(**{**MANAGED, "endpoint": UPGRADED}) as managed:
        with pytest.raises(ModelNotFound):
            await _planned(managed, DeploymentRequest(model="DeepSeek-V3.1", name="deep"))


async def test_without_quota_the_plan_says_what_to_do_and_nothing_is_sent(
    managed: Connection, subscription: Subscription, emulation: Emulation
) -> None:
    rows = subscription.quota("westeurope")
    for row in rows.values():
        row.limit = 0
    async with managed:
        plan = await _planned(managed)
        assert [action.kind for action in plan.actions] == [ActionKind.REQUEST_QUOTA]
        made = await managed.provider.deploy(managed, plan)
    assert made.state is State.NEEDS_ACTION
    assert emulation.log.select(ARM, method="PUT") == []


async def test_another_model_under_the_name_is_a_conflict_that_says_what_stands_there(
    managed: Connection,
) -> None:
    async with managed:
        with pytest.raises(Conflict, match="gpt-4o-mini"):
            await _planned(managed, DeploymentRequest(model="gpt-4o", name="mini"))


async def test_another_capacity_is_shown_and_refused_without_update(
    managed: Connection, account: Account
) -> None:
    request = DeploymentRequest(model="gpt-4o-mini", name="mini", sku="Standard", capacity=20)
    async with managed:
        plan = await _planned(managed, request)
        assert plan.changes == ("capacity 50 to 20",)
        with pytest.raises(PlanRefused):
            await managed.provider.deploy(managed, plan)
        changed = await _deployed(managed, request.model_copy(update={"update": True}))
    assert (changed.state, changed.created, changed.capacity) == (State.READY, False, 20)
    standing = account.deployment("mini")
    assert standing is not None
    assert standing.capacity == 20


async def test_what_was_made_here_is_deleted_and_deleting_again_succeeds(
    managed: Connection, account: Account
) -> None:
    async with managed:
        made = await _deployed(managed)
        for _ in range(2):
            gone = await managed.provider.delete_deployment(managed, made.ref)
            assert gone.state is State.ABSENT
        assert (await managed.provider.get_deployment(managed, made.ref)).state is State.ABSENT
    assert account.deployment("writer") is None


async def test_what_somebody_else_made_is_deleted_only_on_insistence(
    managed: Connection, account: Account
) -> None:
    ref = DeploymentRef(provider="azure_openai", resource="contoso", name="mini")
    async with managed:
        with pytest.raises(Conflict, match="not created by this project"):
            await managed.provider.delete_deployment(managed, ref)
        assert account.deployment("mini") is not None
        gone = await managed.provider.delete_deployment(managed, ref, include_unowned=True)
    assert gone.state is State.ABSENT
    assert account.deployment("mini") is None


async def test_a_deployment_of_another_resource_is_refused(managed: Connection) -> None:
    ref = DeploymentRef(provider="azure_openai", resource="upgraded", name="mini")
    async with managed:
        with pytest.raises(InvalidRequest, match="not to this connection"):
            await managed.provider.get_deployment(managed, ref)


async def test_what_stands_is_read_without_calling_it(
    managed: Connection, account: Account
) -> None:
    account.add(Standing(name="failed", model="gpt-4o", provisioning_state="Failed"))
    async with managed:
        for name, state in (("mini", State.READY), ("failed", State.FAILED)):
            ref = DeploymentRef(provider="azure_openai", resource="contoso", name=name)
            assert (await managed.provider.get_deployment(managed, ref)).state is state


async def test_a_principal_that_may_only_read_can_plan_and_is_told_which_role_it_lacks(
    managed: Connection, application: Application, account: Account
) -> None:
    application.roles = roles(COGNITIVE_SERVICES_OPENAI_USER)
    async with managed:
        made = await managed.provider.deploy(managed, await _planned(managed))
    assert made.state is State.NEEDS_ACTION
    [action] = made.actions
    assert action.kind is ActionKind.GRANT_PERMISSION
    assert "Contributor" in action.instruction
    assert account.deployment("writer") is None


async def test_a_principal_without_any_role_cannot_plan_and_is_told_which_one_it_lacks(
    managed: Connection, application: Application
) -> None:
    application.roles = []
    async with managed:
        with pytest.raises(PermissionMissing) as refusal:
            await _planned(managed)
    assert "Contributor" in refusal.value.hint


@pytest.mark.parametrize(
    ("fields", "missing"),
    [(BY_KEY, "tenant_id"), (BY_PRINCIPAL, "subscription_id")],
)
async def test_without_the_management_fields_deploying_names_them(
    connect: Connect, emulation: Emulation, fields: dict[str, str], missing: str
) -> None:
    async with connect(**fields) as narrow:
        with pytest.raises(CapabilityUnavailable) as refusal:
            await _planned(narrow)
        assert refusal.value.missing[0] == missing
        ref = DeploymentRef(provider="azure_openai", resource="contoso", name="mini")
        with pytest.raises(CapabilityUnavailable):
            await narrow.provider.delete_deployment(narrow, ref)
    assert emulation.log.requests == []


async def test_with_a_key_beside_it_management_deploys_and_the_key_proves(
    connect: Connect, emulation: Emulation
) -> None:
    async with connect(**MANAGED, api_key=KEYS[0]) as both:
        assert (await _deployed(both)).verified
    [*_, call] = emulation.log.select(path="/openai/deployments/writer/chat/completions")
    assert call.header("api-key") == KEYS[0]
    assert call.header("authorization") is None
