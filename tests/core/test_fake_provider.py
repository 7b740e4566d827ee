"""The contract, from end to end, against the toy service over real TLS."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation
from bonito_providers import (
    Connection,
    DeploymentRequest,
    InvocationRequest,
    NetworkSettings,
    Provider,
    State,
    wait,
)
from bonito_providers.errors import CapabilityUnavailable, Conflict, CredentialsRejected
from tests.conftest import FIELDS
from tests.toy_service import KEY, Standing, ToyService
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio


async def test_good_credentials_are_usable(connection: Connection) -> None:
    report = await connection.provider.check_credentials(connection)
    assert report.usable
    assert report.failures == ()


async def test_a_wrong_key_fails_the_check_and_is_no_exception(
    provider: Provider, network: NetworkSettings
) -> None:
    async with provider.connect({**FIELDS, "api_key": "wrong-key-0"}, network=network) as wrong:
        report = await provider.check_credentials(wrong)
    assert not report.usable
    assert [item.error for item in report.failures] == ["CredentialsRejected"]


async def test_a_wrong_key_raises_where_something_was_asked_for(
    provider: Provider, network: NetworkSettings
) -> None:
    async with provider.connect({**FIELDS, "api_key": "wrong-key-0"}, network=network) as wrong:
        with pytest.raises(CredentialsRejected) as caught:
            await provider.list_models(wrong)
    error = caught.value
    assert (error.provider, error.operation, error.status) == ("toy", "list_models", 401)
    assert (error.code, error.request_id) == ("bad_key", "toy-1")


async def test_listing_follows_the_pages_the_service_names(
    connection: Connection, toy: ToyService
) -> None:
    listing = await connection.provider.list_models(connection)
    assert tuple(model.id for model in listing.items) == toy.models
    assert listing.complete


async def test_a_model_is_deployed_waited_for_called_and_removed(
    connection: Connection, toy: ToyService, clock: VirtualClock
) -> None:
    provider = connection.provider
    toy.busy, toy.slowness, toy.settling = 2, 3, 2
    plan = await provider.plan_deployment(connection, DeploymentRequest(model="raven-1"))
    assert toy.deployments == {}
    seen: list[State] = []
    deployment = await wait(connection, plan, progress=lambda each: seen.append(each.state))
    assert seen == [State.QUEUED] * 2 + [State.PROVISIONING] * 3 + [State.READY]
    assert (deployment.created, deployment.verified, deployment.ref) == (True, True, plan.ref)
    answer = await provider.invoke_model(connection, deployment, InvocationRequest(prompt="hi"))
    assert answer.text == "raven-1 heard hi"
    removed = await provider.delete_deployment(connection, plan.ref)
    assert removed.state is State.ABSENT
    assert toy.deployments == {}
    assert clock.slept


async def test_the_same_plan_twice_makes_one_deployment(
    connection: Connection, toy: ToyService
) -> None:
    provider = connection.provider
    plan = await provider.plan_deployment(connection, DeploymentRequest(model="raven-1"))
    first = await provider.deploy(connection, plan)
    second = await provider.deploy(connection, plan)
    assert (first.created, second.created) == (True, False)
    assert first.ref == second.ref == plan.ref
    assert len(toy.deployments) == 1


async def test_with_a_key_alone_what_stands_is_adopted_and_called(
    key_only: Connection, toy: ToyService
) -> None:
    toy.deployments["bird"] = Standing("parrot-2", owner="somebody")
    provider = key_only.provider
    request = DeploymentRequest(name="bird", adopt=True)
    plan = await provider.plan_deployment(key_only, request)
    deployment = await wait(key_only, plan)
    assert (deployment.verified, deployment.owned) == (True, False)
    entry = provider.build_gateway_entry(key_only.credentials, deployment)
    assert entry.to_litellm()["litellm_params"]["api_key"] == KEY


async def test_with_a_key_alone_deploying_names_the_fields_that_are_missing(
    key_only: Connection, emulation: Emulation
) -> None:
    with pytest.raises(CapabilityUnavailable) as caught:
        await key_only.provider.plan_deployment(key_only, DeploymentRequest(model="raven-1"))
    assert caught.value.missing == ("manager_id", "manager_secret")
    assert "manager_id, manager_secret" in caught.value.hint
    assert emulation.log.requests == []


async def test_what_somebody_else_created_is_removed_only_on_demand(
    connection: Connection, toy: ToyService
) -> None:
    toy.deployments["bird"] = Standing("parrot-2", owner="somebody")
    provider = connection.provider
    [found] = (await provider.list_deployments(connection)).items
    with pytest.raises(Conflict):
        await provider.delete_deployment(connection, found.ref)
    assert "bird" in toy.deployments
    await provider.delete_deployment(connection, found.ref, include_unowned=True)
    assert toy.deployments == {}
    again = await provider.delete_deployment(connection, found.ref)
    assert again.state is State.ABSENT
