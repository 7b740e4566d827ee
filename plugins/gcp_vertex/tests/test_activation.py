"""Served models: what a person has to do first, found out by the smallest call."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation, Fault, Respond
from bonito_emulators.gcp import GoogleCloud
from bonito_providers import (
    ActionKind,
    Connection,
    Deployment,
    DeploymentRequest,
    Provider,
    State,
    wait,
)
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    PlanRefused,
)
from plugins.gcp_vertex.tests.resources import CLAUDE, FLASH, Connect, paid_calls

pytestmark = pytest.mark.anyio
GARDEN = "https://console.cloud.google.com/vertex-ai/publishers"
SONNET = "anthropic/claude-sonnet-4-5@20250929"


async def deployed(
    provider: Provider, connection: Connection, model: str, *consents: str
) -> Deployment:
    request = DeploymentRequest(model=model, consents=frozenset(consents))
    return await provider.deploy(connection, await provider.plan_deployment(connection, request))


async def test_gemini_is_proved_by_counting_tokens_which_is_free(
    provider: Provider, connection: Connection, emulation: Emulation
) -> None:
    found = await deployed(provider, connection, FLASH)
    assert (found.state, found.created, found.ref.name) == (State.READY, False, FLASH)
    assert paid_calls(emulation.log) == []
    assert emulation.log.requests[-1].path.endswith(":countTokens")


async def test_a_partners_model_that_nobody_enabled_needs_the_console(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    found = await deployed(provider, connection, CLAUDE)
    assert found.state is State.NEEDS_ACTION
    [action] = found.actions
    assert action.kind is ActionKind.ENABLE_IN_CONSOLE
    assert action.url == f"{GARDEN}/anthropic/model-garden/claude-opus-5?project=acme-prod"
    assert cloud.project.enabled_partners == set()
    cloud.project.enabled_partners.add("anthropic")
    assert (await deployed(provider, connection, CLAUDE)).state is State.READY


async def test_a_partner_that_wants_to_see_data_is_an_action_and_never_agreed_to(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.enabled_partners.add("anthropic")
    found = await deployed(provider, connection, SONNET)
    [action] = found.actions
    assert action.kind is ActionKind.DATA_SHARING
    assert action.url == f"{GARDEN}/anthropic/model-garden/claude-sonnet-4-5?project=acme-prod"
    assert cloud.project.shares_data_with == set()


async def test_a_missing_role_is_an_action(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.identities.accounts[0].denied = {"aiplatform.endpoints.predict"}
    found = await deployed(provider, connection, FLASH)
    [action] = found.actions
    assert action.kind is ActionKind.GRANT_PERMISSION
    assert "aiplatform.endpoints.predict" in action.instruction
    assert action.url == "https://console.cloud.google.com/iam-admin/iam?project=acme-prod"


async def test_a_quota_of_nothing_is_an_action_and_a_crowd_is_not(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.enabled_partners.add("anthropic")
    error = {
        "code": 429,
        "status": "RESOURCE_EXHAUSTED",
        "message": "Quota exceeded for aiplatform.googleapis.com/online_prediction_requests_per_"
        "base_model with base model: anthropic-claude-opus-5.",
    }
    cloud.faults.add(
        Fault(action=Respond(429, body={"error": error}), host="aiplatform.googleapis.com")
    )
    found = await deployed(provider, connection, CLAUDE)
    assert [each.kind for each in found.actions] == [ActionKind.REQUEST_QUOTA]
    assert (await deployed(provider, connection, CLAUDE)).state is State.READY


async def test_a_model_that_is_not_served_in_the_location_failed_and_says_so(
    provider: Provider, connect: Connect
) -> None:
    async with connect(location="europe-west4") as connection:
        found = await deployed(provider, connection, "google/gemini-4-argon")
    assert found.state is State.FAILED
    assert "europe-west4" in (found.error or "")


async def test_a_disabled_api_is_an_action_and_stays_disabled(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled = False
    found = await deployed(provider, connection, FLASH)
    assert found.state is State.NEEDS_ACTION
    assert [each.kind for each in found.actions] == [ActionKind.ENABLE_API]
    assert not cloud.project.enabling_asked


async def test_with_consent_the_api_is_enabled_and_its_operation_waited_for(
    provider: Provider, connection: Connection, cloud: GoogleCloud, emulation: Emulation
) -> None:
    cloud.project.api_enabled, cloud.project.enabling_looks = False, 4
    request = DeploymentRequest(model=FLASH, consents=frozenset({"enable_api"}))
    plan = await provider.plan_deployment(connection, request)
    assert (plan.actions, plan.preview["enable"]) == ((), "aiplatform.googleapis.com")
    seen: list[State] = []
    found = await wait(connection, plan, progress=lambda each: seen.append(each.state))
    assert State.QUEUED in seen
    assert (found.state, found.verified) == (State.READY, True)
    assert cloud.project.api_enabled


@pytest.mark.parametrize(
    "permission", ["serviceusage.services.get", "serviceusage.services.enable"]
)
async def test_who_may_not_enable_the_api_is_told_which_permission_to_ask_for(
    provider: Provider, connection: Connection, cloud: GoogleCloud, permission: str
) -> None:
    cloud.project.api_enabled = False
    cloud.identities.accounts[0].denied = {permission}
    found = await deployed(provider, connection, FLASH, "enable_api")
    assert found.state is State.NEEDS_ACTION
    assert permission in found.actions[0].instruction
    assert not cloud.project.enabling_asked


async def test_an_api_that_is_enabled_and_not_known_everywhere_yet_is_waited_for(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled, cloud.project.spreading_looks = False, 3
    request = DeploymentRequest(model=FLASH, consents=frozenset({"enable_api"}))
    plan = await provider.plan_deployment(connection, request)
    first = await provider.deploy(connection, plan)
    assert (first.state, bool(first.retry_after)) == (State.QUEUED, True)
    assert (await wait(connection, plan)).state is State.READY


async def test_enabling_that_fails_is_an_error_and_not_waited_for(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled = False
    request = DeploymentRequest(model=FLASH, consents=frozenset({"enable_api"}))
    plan = await provider.plan_deployment(connection, request)
    failed = {"name": "operations/acat.x", "done": True, "error": {"code": 9, "message": "Not so."}}
    cloud.faults.add(Fault(action=Respond(200, body=failed), method="POST"))
    with pytest.raises(InvalidRequest, match="Not so"):
        await provider.deploy(connection, plan)


@pytest.mark.parametrize("enabled", [True, False])
async def test_a_project_that_nobody_pays_for_needs_billing_and_no_other_role(
    provider: Provider, connection: Connection, cloud: GoogleCloud, *, enabled: bool
) -> None:
    cloud.project.billed, cloud.project.api_enabled = False, enabled
    found = await deployed(provider, connection, FLASH, "enable_api")
    assert found.state is State.NEEDS_ACTION
    [action] = found.actions
    assert action.title == "Enable billing"
    page = "https://console.cloud.google.com/billing/linkedaccount"
    assert action.url == f"{page}?project=acme-prod"
    assert not cloud.project.enabling_asked


async def test_weights_are_planned_anew_once_the_api_is_enabled(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.project.api_enabled, cloud.project.enabling_looks = False, 2
    request = DeploymentRequest(
        model="google/gemma3@gemma-3-1b-it", consents=frozenset({"enable_api", "hourly_billing"})
    )
    plan = await provider.plan_deployment(connection, request)
    assert (await provider.deploy(connection, plan)).state is State.QUEUED
    with pytest.raises(PlanRefused):
        await wait(connection, plan)
    assert [each.what for each in cloud.project.bill] == []


async def test_a_served_model_has_no_other_name_sku_or_capacity(
    provider: Provider, connection: Connection
) -> None:
    for wish in ({"name": "mine"}, {"sku": "g2-standard-12"}, {"capacity": 2}):
        request = DeploymentRequest.model_validate({"model": FLASH, **wish})
        with pytest.raises(InvalidRequest):
            await provider.plan_deployment(connection, request)


async def test_a_partners_model_is_adopted_by_a_call_that_proves_it(
    provider: Provider, connection: Connection, cloud: GoogleCloud, emulation: Emulation
) -> None:
    cloud.project.enabled_partners.add("anthropic")
    plan = await provider.plan_deployment(connection, DeploymentRequest(name=CLAUDE, adopt=True))
    assert paid_calls(emulation.log) == []
    found = await provider.deploy(connection, plan)
    assert (found.state, found.created) == (State.READY, False)
    assert len(paid_calls(emulation.log)) == 1


async def test_a_served_model_cannot_be_deleted_and_one_withdrawn_is_absent(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    found = await deployed(provider, connection, FLASH)
    with pytest.raises(Conflict):
        await provider.delete_deployment(connection, found.ref, include_unowned=True)
    cloud.withdraw("google", "gemini-3.8-flash")
    assert (await provider.get_deployment(connection, found.ref)).state is State.ABSENT
    request = DeploymentRequest(name=FLASH, adopt=True)
    with pytest.raises(DeploymentNotFound):
        await provider.plan_deployment(connection, request)


async def test_partners_that_want_terms_are_not_listed_as_callable(
    provider: Provider, connection: Connection
) -> None:
    listing = await provider.list_deployments(connection)
    assert {each.model.format for each in listing.items} == {"google"}
    assert any("terms" in each for each in listing.notes)
