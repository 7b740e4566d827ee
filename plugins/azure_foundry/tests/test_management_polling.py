"""A deployment that takes minutes is followed to its end, wherever Azure tells of it."""

from __future__ import annotations

import pytest

from bonito_azure_arm.access import ARM_HOST
from bonito_emulators import Emulation, Fault
from bonito_emulators.azure import Account, AzureCloud, Creation, Failure, Pace
from bonito_emulators.azure import Deployment as Standing
from bonito_providers import Connection, DeploymentPlan, NetworkSettings, Provider, State, wait
from bonito_providers.actions import ActionKind
from plugins.azure_arm.tests.faults import answer
from plugins.azure_arm.tests.resources import (
    ACCOUNT_PATH,
    DATA_HOST,
    FIELDS,
    arm_fault,
    managed_cloud,
)
from plugins.azure_foundry.tests.deploying import deployed, planned

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


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
