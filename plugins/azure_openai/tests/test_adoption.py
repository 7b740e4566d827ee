"""Adopting what stands: found in a listing or proved by one call."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation
from bonito_emulators.azure import Account, Deployment
from bonito_providers import Connection, DeploymentRef, DeploymentRequest, State, wait
from bonito_providers.errors import (
    CapabilityUnavailable,
    DeploymentNotFound,
    InvalidRequest,
)
from plugins.azure_openai.tests.resources import (
    BY_KEY,
    BY_PRINCIPAL,
    MANAGED,
    UPGRADED,
    Connect,
    model_calls,
)

pytestmark = pytest.mark.anyio

REF = DeploymentRef(provider="azure_openai", resource="contoso", name="mini")


def _adopt(name: str, kind: str | None = None) -> DeploymentRequest:
    return DeploymentRequest(adopt=True, name=name, kind=kind)


@pytest.mark.parametrize("fields", [BY_KEY, BY_PRINCIPAL, MANAGED], ids=["key", "token", "managed"])
@pytest.mark.parametrize(
    ("name", "model"), [("mini", "gpt-4o-mini"), ("vectors", "text-embedding-3-small")]
)
async def test_a_listed_deployment_is_adopted_and_proved_by_one_call(
    connect: Connect, emulation: Emulation, fields: dict[str, str], name: str, model: str
) -> None:
    async with connect(**fields) as connection:
        plan = await connection.provider.plan_deployment(connection, _adopt(name))
        assert plan.ref == DeploymentRef(provider="azure_openai", resource="contoso", name=name)
        assert model_calls(emulation.log) == []
        adopted = await wait(connection, plan)
    assert (adopted.ref, adopted.state, adopted.created) == (plan.ref, State.READY, False)
    assert (adopted.model.name, adopted.verified) == (model, True)
    assert len(model_calls(emulation.log)) == 1


async def test_without_a_listing_a_call_proves_the_name_and_tells_the_model(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.legacy_listing = False
    async with connect() as connection:
        plan = await connection.provider.plan_deployment(connection, _adopt("mini"))
        assert "one short chat call" in plan.warnings[-1]
        adopted = await connection.provider.deploy(connection, plan)
    assert (adopted.model.name, adopted.model.version) == ("gpt-4o-mini", "2024-07-18")
    assert adopted.model.price_key == "azure/gpt-4o-mini-2024-07-18"
    assert len(model_calls(emulation.log)) == 1


async def test_a_name_that_is_not_there_is_told_with_the_likeliest_one(
    connection: Connection,
) -> None:
    with pytest.raises(DeploymentNotFound) as refusal:
        await connection.provider.plan_deployment(connection, _adopt("minni"))
    assert "Did you mean mini?" in refusal.value.hint


async def test_an_unlisted_name_that_does_not_answer_is_not_adopted(
    connect: Connect, account: Account
) -> None:
    account.legacy_listing = False
    async with connect() as connection:
        plan = await connection.provider.plan_deployment(connection, _adopt("nobody"))
        with pytest.raises(DeploymentNotFound):
            await connection.provider.deploy(connection, plan)


async def test_a_partners_deployment_is_left_to_foundry(connect: Connect) -> None:
    async with connect(**{**BY_KEY, "endpoint": UPGRADED}) as connection:
        with pytest.raises(InvalidRequest, match="DeepSeek"):
            await connection.provider.plan_deployment(connection, _adopt("partner"))


async def test_what_cannot_be_proved_is_not_adopted(connection: Connection) -> None:
    with pytest.raises(InvalidRequest, match="image"):
        await connection.provider.plan_deployment(connection, _adopt("x", "image"))


async def test_the_state_is_read_from_the_listing(
    connect: Connect, account: Account, emulation: Emulation
) -> None:
    account.add(Deployment(name="slow", model="gpt-4o", status="running"))
    async with connect() as connection:
        states = [
            (await connection.provider.get_deployment(connection, _ref(name))).state
            for name in ("mini", "slow", "nobody")
        ]
    assert states == [State.READY, State.PROVISIONING, State.ABSENT]
    assert model_calls(emulation.log) == []


async def test_without_a_listing_nobody_guesses_a_state(connect: Connect, account: Account) -> None:
    account.legacy_listing = False
    async with connect() as connection:
        with pytest.raises(CapabilityUnavailable, match="cannot be read"):
            await connection.provider.get_deployment(connection, REF)


@pytest.mark.parametrize("change", [{"resource": "upgraded"}, {"provider": "azure_foundry"}])
async def test_what_belongs_to_another_connection_is_refused(
    connection: Connection, change: dict[str, str]
) -> None:
    foreign = REF.model_copy(update=change)
    with pytest.raises(InvalidRequest, match="not to this connection"):
        await connection.provider.get_deployment(connection, foreign)
    plan = await connection.provider.plan_deployment(connection, _adopt("mini"))
    forged = plan.model_copy(update={"ref": foreign}).sealed()
    with pytest.raises(InvalidRequest, match="not to this connection"):
        await connection.provider.deploy(connection, forged)


def _ref(name: str) -> DeploymentRef:
    return REF.model_copy(update={"name": name})
