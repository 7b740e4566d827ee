"""What stood when it was planned and is gone is made again only with what that takes."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Deletion, Pace
from bonito_providers import Connection, DeploymentPlan, DeploymentRequest, State, wait
from bonito_providers.errors import PlanRefused
from plugins.azure_arm.tests.resources import managed_cloud, writes
from plugins.azure_foundry.tests.deploying import deployed, planned

pytestmark = pytest.mark.anyio

CODE = DeploymentRequest(model="Codestral-2501", name="code")
AGREED = CODE.model_copy(update={"consents": frozenset({"marketplace_terms"})})
BIG = DeploymentRequest(model="o4-mini", name="big")
BY_THE_HOUR = BIG.model_copy(update={"sku": "GlobalProvisionedManaged"})
SLOWLY = Deletion(shape="header", pace=Pace(looks=4))
PAIRS = [(AGREED, CODE), (BY_THE_HOUR, BIG)]


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    cloud = managed_cloud(account)
    rows = cloud.subscription(account.subscription_id).quota(account.region)
    rows["OpenAI.GlobalProvisionedManaged"].limit = 100
    return cloud


@pytest.mark.parametrize("requests", PAIRS, ids=["consent", "by-the-hour"])
@pytest.mark.parametrize("deletion", [Deletion(), SLOWLY], ids=["gone", "going"])
async def test_what_stands_is_kept_without_a_word_and_not_made_again(
    managed: Connection,
    account: Account,
    emulation: Emulation,
    requests: tuple[DeploymentRequest, DeploymentRequest],
    deletion: Deletion,
) -> None:
    asked, bare = requests
    made = await deployed(managed, asked)
    kept_plan = (await planned(managed, bare)).model_dump_json()
    plan = DeploymentPlan.model_validate_json(kept_plan)
    assert plan.actions == ()
    kept = await managed.provider.deploy(managed, plan)
    assert (kept.state, kept.created) == (State.READY, False)
    account.deletion = deletion
    await managed.provider.delete_deployment(managed, made.ref)
    sent = len(writes(emulation.log))
    with pytest.raises(PlanRefused, match="stands no more") as refusal:
        await managed.provider.deploy(managed, plan)
    assert refusal.value.hint == "Plan again."
    assert len(writes(emulation.log)) == sent


async def test_a_partners_model_that_is_being_deleted_takes_consent_again(
    managed: Connection, account: Account, emulation: Emulation
) -> None:
    made = await deployed(managed, AGREED)
    account.deletion = SLOWLY
    await managed.provider.delete_deployment(managed, made.ref)
    sent = len(writes(emulation.log))
    [action] = (plan := await planned(managed, CODE)).actions
    assert action.consent == "marketplace_terms"
    assert (await wait(managed, plan)).state is State.NEEDS_ACTION
    assert len(writes(emulation.log)) == sent
    again = await deployed(managed, AGREED)
    assert (again.state, again.created) == (State.READY, True)


async def test_what_was_billed_by_the_hour_and_is_being_deleted_is_never_made_so_unasked(
    managed: Connection, account: Account
) -> None:
    made = await deployed(managed, BY_THE_HOUR)
    assert made.capacity == 15
    account.deletion = SLOWLY
    await managed.provider.delete_deployment(managed, made.ref)
    plan = await planned(managed, BIG)
    assert plan.sku == "GlobalStandard"
    again = await wait(managed, plan)
    assert (again.state, again.created, again.sku) == (State.READY, True, "GlobalStandard")


async def test_with_consent_and_name_given_a_plan_makes_anew_what_is_gone(
    managed: Connection,
) -> None:
    for asked in (AGREED, BY_THE_HOUR):
        made = await deployed(managed, asked)
        plan = await planned(managed, asked)
        await managed.provider.delete_deployment(managed, made.ref)
        again = await managed.provider.deploy(managed, plan)
        assert (again.created, again.sku) == (True, made.sku)
