"""Adopting what stands: found in a listing or proved by one call, and nothing else allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from bonito_azure_arm.policy import PLAN_LIFETIME
from bonito_emulators import Emulation, Fault
from bonito_emulators.azure import Account, AzureCloud, Deployment
from bonito_providers import Connection, DeploymentPlan, DeploymentRequest, State, wait
from bonito_providers.errors import (
    CapabilityUnavailable,
    DeploymentNotFound,
    InvalidRequest,
    PlanRefused,
)
from plugins.azure_arm.tests.faults import answer
from plugins.azure_foundry.tests.resources import PROJECT, SERVICES, Connect, model_calls
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio


async def _planned(connection: Connection, name: str, kind: str | None = None) -> DeploymentPlan:
    request = DeploymentRequest(adopt=True, name=name, kind=kind)
    return await connection.provider.plan_deployment(connection, request)


async def test_a_plan_names_the_model_and_calls_none(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await _planned(connection, "partner")
    assert plan.model.name == "DeepSeek-V3.1"
    assert plan.warnings == ()
    assert (plan.ref.resource, plan.ref.name) == ("contoso", "partner")
    assert plan.cost == "Adopting changes nothing and costs nothing beyond a call of a few tokens."
    assert {request.method for request in emulation.log.requests} == {"GET"}


async def test_what_is_listed_is_adopted_without_a_call_and_nothing_is_created(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await _planned(connection, "partner")
    adopted = await connection.provider.deploy(connection, plan)
    assert adopted.ref == plan.ref
    assert (adopted.state, adopted.created, adopted.owned) == (State.READY, False, None)
    assert adopted.verified is None
    assert model_calls(emulation.log) == []


async def test_adopting_twice_gives_the_same_reference(connection: Connection) -> None:
    first = await connection.provider.deploy(connection, await _planned(connection, "mini"))
    again = await connection.provider.deploy(connection, await _planned(connection, "mini"))
    assert first.ref == again.ref
    assert (first.created, again.created) == (False, False)


async def test_waiting_proves_what_was_adopted_by_one_call(
    connection: Connection, emulation: Emulation
) -> None:
    adopted = await wait(connection, await _planned(connection, "partner"))
    assert adopted.verified is True
    assert adopted.verified_reason == "answered by DeepSeek-V3.1"
    assert len(model_calls(emulation.log)) == 1


async def test_an_embedding_is_proved_by_an_embedding(
    connection: Connection, emulation: Emulation
) -> None:
    adopted = await wait(connection, await _planned(connection, "vectors"))
    assert adopted.verified is True
    assert [request.path for request in model_calls(emulation.log)] == ["/openai/v1/embeddings"]


async def test_a_typed_name_is_proved_by_exactly_one_call_which_teaches_the_model(
    connection: Connection, account: Account, emulation: Emulation
) -> None:
    account.legacy_listing = False
    plan = await _planned(connection, "mini")
    assert "one short chat call" in plan.warnings[-1]
    assert model_calls(emulation.log) == []
    adopted = await connection.provider.deploy(connection, plan)
    assert len(model_calls(emulation.log)) == 1
    model = adopted.model
    assert (model.name, model.version) == ("gpt-4o-mini", "2024-07-18")
    assert (model.publisher, model.format, model.kind) == ("OpenAI", "OpenAI", "chat")
    assert adopted.source == "Typed, proved by a call."


async def test_a_typed_embedding_is_proved_as_one(
    connection: Connection, account: Account, emulation: Emulation
) -> None:
    account.legacy_listing = False
    adopted = await wait(connection, await _planned(connection, "vectors", "embedding"))
    assert adopted.verified is True
    assert adopted.model.kind == "embedding"
    assert {request.path for request in model_calls(emulation.log)} == {"/openai/v1/embeddings"}


async def test_a_typed_name_of_claude_is_found_on_its_own_surface(
    connection: Connection, account: Account
) -> None:
    account.legacy_listing = False
    adopted = await wait(connection, await _planned(connection, "assistant"))
    assert adopted.verified is True
    assert (adopted.model.format, adopted.model.name) == ("Anthropic", "claude-haiku-4-5")


async def test_a_typed_name_of_a_reasoning_model_is_proved_by_the_limit_it_takes(
    connection: Connection, account: Account
) -> None:
    account.legacy_listing = False
    adopted = await wait(connection, await _planned(connection, "reasoner"))
    assert adopted.verified is True
    assert adopted.model.name == "gpt-5-mini"


@pytest.mark.parametrize(
    ("typed", "meant"), [("partnr", "partner"), ("reazoner", "reasoner"), ("Mini", "mini")]
)
async def test_a_name_that_is_not_listed_is_refused_with_the_close_ones(
    connection: Connection, emulation: Emulation, typed: str, meant: str
) -> None:
    with pytest.raises(DeploymentNotFound) as refusal:
        await _planned(connection, typed)
    assert f"Did you mean {meant}" in refusal.value.hint
    assert model_calls(emulation.log) == []


async def test_a_name_like_none_is_refused_without_a_guess(connection: Connection) -> None:
    with pytest.raises(DeploymentNotFound) as refusal:
        await _planned(connection, "qqqqqq")
    assert "Did you mean" not in refusal.value.hint


async def test_a_typed_name_that_answers_nowhere_is_not_found(
    connection: Connection, account: Account
) -> None:
    account.legacy_listing = False
    plan = await _planned(connection, "nothing-here")
    with pytest.raises(DeploymentNotFound):
        await connection.provider.deploy(connection, plan)


async def test_what_was_deleted_since_the_plan_is_not_found(
    connection: Connection, account: Account
) -> None:
    plan = await _planned(connection, "partner")
    account.remove("partner")
    with pytest.raises(DeploymentNotFound):
        await connection.provider.deploy(connection, plan)


async def test_a_listing_that_broke_off_does_not_say_what_is_absent(
    connect: Connect, cloud: AzureCloud
) -> None:
    cut = {"value": [], "nextLink": "https://evil.test/"}
    for _ in range(3):
        cloud.faults.add(Fault(action=answer(200, cut), path_prefix="/api/projects/"))
    async with connect(PROJECT) as connection:
        plan = await _planned(connection, "partner")
        adopted = await connection.provider.deploy(connection, plan)
        assert adopted.model.name == "DeepSeek-V3.1"
        with pytest.raises(CapabilityUnavailable):
            await connection.provider.get_deployment(connection, plan.ref)


async def test_what_a_listing_skipped_can_be_adopted_by_its_name(
    connection: Connection, account: Account
) -> None:
    account.add(Deployment(name="mini", model="gpt-4o-mini", status="hibernating"))
    adopted = await wait(connection, await _planned(connection, "mini"))
    assert adopted.verified is True


async def test_where_the_listing_does_not_tell_the_kind_the_request_does(
    connection: Connection, cloud: AzureCloud
) -> None:
    row = {"id": "vectors", "model": "an-unheard-of-embedder", "status": "succeeded"}
    listing = answer(200, {"data": [row]})
    cloud.faults.add(Fault(action=listing, path_prefix="/openai/deployments", times=2))
    plan = await _planned(connection, "vectors", "embedding")
    assert plan.model.kind == "embedding"
    assert (await wait(connection, plan)).verified is True


@pytest.mark.parametrize("kind", ["image", "audio", "rerank"])
async def test_a_kind_that_no_short_call_proves_is_refused(
    connection: Connection, kind: str
) -> None:
    with pytest.raises(InvalidRequest):
        await _planned(connection, "partner", kind)


@pytest.mark.parametrize("name", ["../../models/info", "a/b", "mini?x=1", "mini#", "m\nini", "é"])
async def test_a_typed_name_stays_a_name_and_never_becomes_a_path(
    connection: Connection, account: Account, emulation: Emulation, name: str
) -> None:
    account.legacy_listing = account.models_surface = account.openai_v1_surface = False
    plan = await _planned(connection, name)
    with pytest.raises(DeploymentNotFound):
        await connection.provider.deploy(connection, plan)
    [called] = emulation.log.select(method="POST", path_prefix="/openai/deployments/")
    quoted = quote(name, safe="")
    assert called.path == f"/openai/deployments/{quoted}/chat/completions"
    assert called.query == "api-version=2024-10-21"
    emulation.log.clear()  # of a slash in a name the emulator says that no service has the path


async def test_a_key_cannot_deploy_and_the_answer_says_what_can_be_done(
    connection: Connection, emulation: Emulation
) -> None:
    with pytest.raises(CapabilityUnavailable):
        await connection.provider.plan_deployment(
            connection, DeploymentRequest(model="DeepSeek-V3.1", name="new")
        )
    assert emulation.log.requests == []


async def test_a_key_cannot_delete_whoever_owns_it(
    connection: Connection, emulation: Emulation
) -> None:
    ref = (await _planned(connection, "partner")).ref
    for include_unowned in (False, True):
        with pytest.raises(CapabilityUnavailable):
            await connection.provider.delete_deployment(
                connection, ref, include_unowned=include_unowned
            )
    assert emulation.log.select(method="DELETE") == []


async def test_what_stands_is_read_without_calling_it(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await _planned(connection, "partner")
    found = await connection.provider.get_deployment(connection, plan.ref)
    assert (found.state, found.model.name) == (State.READY, "DeepSeek-V3.1")
    assert model_calls(emulation.log) == []


async def test_what_is_gone_is_absent(connection: Connection, account: Account) -> None:
    plan = await _planned(connection, "partner")
    account.remove("partner")
    found = await connection.provider.get_deployment(connection, plan.ref)
    assert (found.state, found.ref) == (State.ABSENT, plan.ref)


async def test_without_a_listing_the_state_cannot_be_read_and_is_not_guessed(
    connection: Connection, account: Account, emulation: Emulation
) -> None:
    plan = await _planned(connection, "partner")
    account.legacy_listing = False
    with pytest.raises(CapabilityUnavailable) as refusal:
        await connection.provider.get_deployment(connection, plan.ref)
    assert "Verify it" in refusal.value.hint
    assert model_calls(emulation.log) == []


@pytest.mark.parametrize("change", [{"resource": "legacy"}, {"provider": "another"}])
async def test_a_reference_of_another_resource_is_refused(
    connection: Connection, change: dict[str, Any]
) -> None:
    ref = (await _planned(connection, "partner")).ref.model_copy(update=change)
    with pytest.raises(InvalidRequest):
        await connection.provider.get_deployment(connection, ref)


async def test_a_plan_of_another_resource_is_refused(connect: Connect) -> None:
    async with connect() as contoso, connect("https://legacy.openai.azure.com") as legacy:
        plan = await _planned(contoso, "mini")
        with pytest.raises(InvalidRequest):
            await legacy.provider.deploy(legacy, plan)


async def test_a_plan_expires(
    connection: Connection, clock: VirtualClock, emulation: Emulation
) -> None:
    plan = await _planned(connection, "partner")
    assert plan.expires_at - plan.created_at == PLAN_LIFETIME
    clock.elapsed += (PLAN_LIFETIME + timedelta(seconds=1)).total_seconds()
    emulation.log.clear()
    with pytest.raises(PlanRefused):
        await connection.provider.deploy(connection, plan)
    assert emulation.log.requests == []


async def test_a_forged_plan_is_refused(connection: Connection, emulation: Emulation) -> None:
    plan = await _planned(connection, "partner")
    other = plan.ref.model_copy(update={"name": "mini"})
    emulation.log.clear()
    with pytest.raises(PlanRefused):
        await connection.provider.deploy(connection, plan.model_copy(update={"ref": other}))
    assert emulation.log.requests == []


async def test_a_plan_and_a_reference_hold_no_key(connection: Connection) -> None:
    plan = await _planned(connection, "partner")
    [key] = connection.credentials.secrets()
    assert key.get_secret_value() not in plan.model_dump_json()
    assert SERVICES not in plan.ref.model_dump_json()
