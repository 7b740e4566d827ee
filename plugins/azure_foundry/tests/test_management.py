"""What is planned with management credentials is what is offered, allowed and paid for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bonito_azure_arm.access import ARM_HOST
from bonito_emulators import Emulation
from bonito_emulators.azure import Account, AzureCloud, Subscription
from bonito_emulators.azure import Deployment as Standing
from bonito_providers import (
    Connection,
    DeploymentPlan,
    DeploymentRequest,
    State,
)
from bonito_providers.actions import ActionKind
from bonito_providers.errors import CapabilityUnavailable, Conflict, InvalidRequest, ModelNotFound
from plugins.azure_arm.tests.faults import always, answer
from plugins.azure_arm.tests.resources import managed_cloud, writes
from plugins.azure_foundry.tests.resources import Connect

pytestmark = pytest.mark.anyio

REGION = "swedencentral"
EVERY_CONSENT = frozenset({"marketplace_terms"})
ORGANISATION = {"organization_name": "Contoso", "country_code": "SE", "industry": "technology"}


@pytest.fixture
def cloud(account: Account) -> AzureCloud:
    return managed_cloud(account)


@pytest.fixture
def subscription(cloud: AzureCloud, account: Account) -> Subscription:
    return cloud.subscription(account.subscription_id)


async def planned(connection: Connection, model: str, **more: object) -> DeploymentPlan:
    request = DeploymentRequest.model_validate({"model": model, "name": "own", **more})
    return await connection.provider.plan_deployment(connection, request)


def kinds(plan: DeploymentPlan) -> list[ActionKind]:
    return [action.kind for action in plan.actions]


async def test_the_catalogue_has_each_model_and_version_once_with_skus_and_marks(
    managed: Connection,
) -> None:
    listing = await managed.provider.list_models(managed)
    named = [(model.format, model.name, model.version) for model in listing.items]
    assert len(named) == len(set(named)) >= 60
    assert listing.complete
    assert all(model.skus is not None and model.publisher for model in listing.items)
    by_name = {model.name: model for model in listing.items}
    partner, own = by_name["claude-haiku-4-5"], by_name["gpt-4o-mini"]
    assert (partner.sold_by, partner.terms_needed) == ("partner", True)
    assert (own.sold_by, own.terms_needed, own.kind) == ("first_party", False, "chat")
    assert (own.deployed_as, by_name["gpt-4o"].deployed_as) == (("mini",), ())
    assert any("retired" in skipped.reason for skipped in listing.skipped)


async def test_the_deployments_are_those_of_arm_with_sku_and_owner(managed: Connection) -> None:
    listing = await managed.provider.list_deployments(managed)
    mini = next(each for each in listing.items if each.ref.name == "mini")
    assert (mini.model.name, mini.model.version) == ("gpt-4o-mini", "2024-07-18")
    assert (mini.sku, mini.capacity, mini.owned) == ("GlobalStandard", 50, False)
    assert mini.surfaces


async def test_every_model_of_the_catalogue_is_planned_and_deployed_as_planned(
    managed: Connection, account: Account, emulation: Emulation
) -> None:
    """What the plan shows, what is sent, and what the cloud then holds, are one."""
    listing = await managed.provider.list_models(managed)
    deployed = 0
    for model in listing.items:
        plan = await planned(managed, model.id, consents=EVERY_CONSENT, fields=ORGANISATION)
        assert (plan.model.format, plan.model.name, plan.model.version) == (
            model.format,
            model.name,
            model.version,
        )
        emulation.log.clear()
        made = await managed.provider.deploy(managed, plan)
        sent = writes(emulation.log)
        if plan.actions:
            assert (made.state, sent) == (State.NEEDS_ACTION, [])
            continue
        [put] = sent
        assert put.json() == plan.preview["body"]
        if plan.quota is None:
            # No row tells what is left, and the service knew better.
            assert [action.kind for action in made.actions] == [ActionKind.REQUEST_QUOTA]
            continue
        assert (made.state, made.created, made.ref) == (State.READY, True, plan.ref)
        standing = account.deployment("own")
        assert standing is not None
        held = (standing.model, standing.version, standing.sku, standing.capacity)
        assert held == (model.name, model.version, plan.sku, plan.capacity)
        account.remove("own")
        deployed += 1
    assert deployed >= 60


async def test_a_plan_changes_nothing(
    managed: Connection, emulation: Emulation, account: Account
) -> None:
    plan = await planned(managed, "gpt-4o")
    assert plan.intact
    assert {each.method for each in emulation.log.select(ARM_HOST)} == {"GET"}
    assert account.deployment("own") is None


async def test_unasked_a_model_goes_on_global_standard_with_the_arithmetic(
    managed: Connection,
) -> None:
    plan = await planned(managed, "gpt-4o")
    assert (plan.sku, plan.capacity, plan.actions) == ("GlobalStandard", 10, ())
    assert plan.quota is not None
    assert (plan.quota.limit, plan.quota.used, plan.quota.requested) == (450, 20, 10)
    assert "Uses 10 of 450, 20 in use." in plan.warnings
    assert any("any region" in warning for warning in plan.warnings)


async def test_where_global_standard_is_not_offered_the_next_best_is_taken_with_the_reason(
    managed: Connection,
) -> None:
    plan = await planned(managed, "dall-e-3")
    assert plan.sku == "Standard"
    assert any("not offered as GlobalStandard" in warning for warning in plan.warnings)


async def test_a_default_beyond_the_quota_is_brought_down_to_what_is_left(
    managed: Connection,
) -> None:
    plan = await planned(managed, "DeepSeek-R1")
    assert plan.capacity == 1000
    assert "The usual capacity is 5000; the quota leaves 1000." in plan.warnings


async def test_a_version_of_another_quota_row_counts_against_its_own(managed: Connection) -> None:
    newest = await planned(managed, "Llama-3.3-70B-Instruct")
    older = await planned(managed, "Llama-3.3-70B-Instruct", version="4")
    assert newest.model.version == "5"
    assert newest.quota is not None
    assert older.quota is not None
    assert newest.quota.key.endswith("Llama-3.3-70B-Instruct")
    assert older.quota.key == "AIServices.GlobalStandard.MaaS"


async def test_what_is_asked_for_is_planned_as_asked_or_refused_with_the_reason(
    managed: Connection,
) -> None:
    plan = await planned(managed, "gpt-4o", capacity=33, sku="GlobalStandard")
    assert (plan.sku, plan.capacity, plan.actions) == ("GlobalStandard", 33, ())
    beyond = await planned(managed, "gpt-4o", capacity=431)
    assert kinds(beyond) == [ActionKind.REQUEST_QUOTA]
    assert "431 needed, 20 of 450 in use" in beyond.actions[0].instruction
    unknown = await planned(managed, "gpt-4o", sku="LowPriority")
    assert "GlobalStandard" in unknown.actions[0].instruction
    assert (unknown.sku, unknown.capacity) == (None, None)


async def test_without_quota_models_that_would_work_are_named(
    managed: Connection, subscription: Subscription, emulation: Emulation
) -> None:
    for row in subscription.quota(REGION).values():
        row.limit = 0 if row.name.endswith("gpt-4o") else row.limit
    plan = await planned(managed, "gpt-4o")
    assert kinds(plan) == [ActionKind.REQUEST_QUOTA]
    [named] = [each for each in plan.warnings if each.startswith("Quota is left for: ")]
    for other in named.removeprefix("Quota is left for: ").rstrip(".").split(", "):
        instead = await planned(managed, other)
        assert instead.actions == ()
    made = await managed.provider.deploy(managed, plan)
    assert (made.state, made.actions) == (State.NEEDS_ACTION, plan.actions)
    assert writes(emulation.log) == []


async def test_an_empty_list_of_usages_is_unknown_and_may_be_tried(
    managed: Connection, subscription: Subscription
) -> None:
    """As a brand-new subscription gives it (Azure/azure-dev#8533)."""
    subscription.usages_listed = False
    plan = await planned(managed, "gpt-4o")
    assert (plan.capacity, plan.quota, plan.actions) == (10, None, ())
    assert any("quota is unknown" in warning for warning in plan.warnings)
    assert (await managed.provider.deploy(managed, plan)).state is State.READY


async def test_a_partners_model_needs_the_consent_to_its_terms(
    managed: Connection, emulation: Emulation
) -> None:
    plan = await planned(managed, "Codestral-2501")
    assert kinds(plan) == [ActionKind.ACCEPT_TERMS]
    assert "marketplace_terms" in plan.actions[0].instruction
    assert (await managed.provider.deploy(managed, plan)).state is State.NEEDS_ACTION
    assert writes(emulation.log) == []
    agreed = await planned(managed, "Codestral-2501", consents=EVERY_CONSENT)
    assert agreed.actions == ()
    assert (await managed.provider.deploy(managed, agreed)).state is State.READY


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, "organization_name, country_code, industry"),
        ({**ORGANISATION, "industry": " "}, "industry"),
        ({**ORGANISATION, "country_code": "Sweden"}, "country_code"),
        ({**ORGANISATION, "country_code": "se"}, "country_code"),
    ],
)
async def test_claude_asks_who_its_customer_is(
    managed: Connection, fields: Mapping[str, str], missing: str
) -> None:
    plan = await planned(managed, "claude-sonnet-4-5", consents=EVERY_CONSENT, fields=fields)
    [action] = plan.actions
    assert action.kind is ActionKind.SUBMIT_USE_CASE
    assert f"Missing or wrong: {missing}." in action.instruction


async def test_claude_is_deployed_with_its_customers_data_in_the_body(
    managed: Connection, emulation: Emulation
) -> None:
    plan = await planned(managed, "claude-sonnet-4-5", consents=EVERY_CONSENT, fields=ORGANISATION)
    assert (await managed.provider.deploy(managed, plan)).state is State.READY
    [put] = writes(emulation.log)
    assert put.json()["properties"]["modelProviderData"] == {
        "organizationName": "Contoso",
        "countryCode": "SE",
        "industry": "technology",
    }


async def test_a_retired_model_says_since_when_and_names_others(managed: Connection) -> None:
    with pytest.raises(ModelNotFound, match=r"babbage\.1 cannot be deployed: retired on 2024"):
        await planned(managed, "babbage")


async def test_a_model_near_its_end_takes_no_new_deployment_and_others_are_named(
    managed: Connection, emulation: Emulation
) -> None:
    listing = await managed.provider.list_models(managed)
    [ending, *_] = [each for each in listing.items if each.lifecycle == "Deprecating"]
    plan = await planned(managed, ending.id)
    assert "no new deployments" in plan.actions[0].instruction
    assert any(warning.startswith("Quota is left for: ") for warning in plan.warnings)
    assert (await managed.provider.deploy(managed, plan)).state is State.NEEDS_ACTION
    assert writes(emulation.log) == []


async def test_an_unknown_model_names_those_written_alike(managed: Connection) -> None:
    with pytest.raises(ModelNotFound) as refusal:
        await planned(managed, "gpt-4oo-mini")
    assert "gpt-4o-mini" in refusal.value.hint


async def test_a_model_without_any_sku_cannot_be_deployed_here(
    managed: Connection, cloud: AzureCloud, emulation: Emulation
) -> None:
    bare = {"format": "OpenAI", "name": "gpt-image-1", "version": "2025-04-15", "skus": []}
    page = {"value": [{"kind": "AIServices", "name": "OpenAI.gpt-image-1", "model": bare}]}
    await managed.provider.list_models(managed)
    [listing] = [
        each
        for each in emulation.log.requests
        if each.path.endswith("/models") and each.host == ARM_HOST
    ]
    cloud.faults.add(always(answer(200, page), listing.path))
    plan = await planned(managed, "gpt-image-1")
    assert (plan.sku, plan.capacity) == (None, None)
    assert plan.actions
    assert (await managed.provider.deploy(managed, plan)).state is State.NEEDS_ACTION
    assert writes(emulation.log) == []


async def test_what_is_billed_by_the_hour_is_never_chosen_unasked(managed: Connection) -> None:
    listing = await managed.provider.list_models(managed)
    for model in listing.items:
        names = {sku.name for sku in model.skus or ()}
        if names and not names & {"GlobalStandard", "DataZoneStandard", "Standard"}:
            plan = await planned(managed, model.id)
            assert plan.sku is None
            assert all(name in plan.actions[0].instruction for name in names)
            break
    else:
        pytest.fail("the catalogue has no model that is only provisioned")


async def test_unnamed_a_deployment_gets_the_name_of_its_model(managed: Connection) -> None:
    plan = await planned(managed, "Llama-3.3-70B-Instruct", name=None)
    assert plan.ref.name == "Llama-3.3-70B-Instruct"


@pytest.mark.parametrize("name", ["x", "-dash", "a b", "ü-name", "a/b", "n" * 65])
async def test_a_name_azure_does_not_take_is_refused(managed: Connection, name: str) -> None:
    with pytest.raises(InvalidRequest, match="is no name"):
        await planned(managed, "gpt-4o", name=name)


async def test_a_name_taken_by_another_model_says_what_stands_there(managed: Connection) -> None:
    with pytest.raises(Conflict, match="mini is a deployment of gpt-4o-mini already"):
        await planned(managed, "gpt-4o", name="mini")


async def test_what_stands_is_planned_as_it_stands(
    managed: Connection, account: Account, subscription: Subscription
) -> None:
    """Neither another default nor spent quota nor a missing consent is a reason to touch it."""
    account.add(Standing(name="code", model="Codestral-2501", capacity=1))
    for row in subscription.quota(REGION).values():
        row.limit = 0
    for model, name, capacity in (("gpt-4o-mini", "mini", 50), ("Codestral-2501", "code", 1)):
        plan = await planned(managed, model, name=name)
        assert (plan.changes, plan.actions) == ((), ())
        made = await managed.provider.deploy(managed, plan)
        assert (made.state, made.created, made.capacity) == (State.READY, False, capacity)


async def test_a_change_of_one_thing_brings_no_other_with_it(
    managed: Connection, account: Account
) -> None:
    account.add(Standing(name="old", model="gpt-4o", version="2024-08-06", capacity=7))
    plan = await planned(managed, "gpt-4o", name="old", capacity=9, update=True)
    assert plan.changes == ("capacity 7 to 9",)
    assert plan.model.version == "2024-08-06"
    await managed.provider.deploy(managed, plan)
    standing = account.deployment("old")
    assert standing is not None
    assert (standing.version, standing.capacity) == ("2024-08-06", 9)


async def test_a_key_alone_names_the_fields_that_are_missing(
    connect: Connect, emulation: Emulation
) -> None:
    async with connect() as narrow:
        with pytest.raises(CapabilityUnavailable) as refusal:
            await planned(narrow, "gpt-4o")
    assert "tenant_id" in refusal.value.missing
    assert emulation.log.requests == []
