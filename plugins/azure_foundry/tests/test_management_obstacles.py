"""What is in the way of a deployment is told with what to do about it."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import READER, Account, AzureCloud, RoleAssignment
from bonito_emulators.azure import Deployment as Standing
from bonito_providers import Connection, DeploymentRequest, State
from bonito_providers.actions import ActionKind
from bonito_providers.errors import Conflict, InvalidRequest, PermissionMissing
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import (
    ACCOUNT_PATH,
    application_of,
    arm_fault,
    managed_cloud,
    writes,
)
from plugins.azure_foundry.tests.deploying import deployed, planned

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AGREED = frozenset({"marketplace_terms"})


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


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
