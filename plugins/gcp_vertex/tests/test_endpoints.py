"""Endpoints: only when asked for, once, and deleted to the last resource."""

from __future__ import annotations

import pytest

from bonito_emulators import Emulation, Fault, Respond
from bonito_emulators.gcp import Failure, GoogleCloud
from bonito_providers import (
    ActionKind,
    Connection,
    DeploymentRequest,
    Provider,
    State,
    verify,
    wait,
)
from bonito_providers.errors import (
    Conflict,
    DeploymentNotFound,
    InvalidRequest,
    PlanRefused,
    ProviderError,
)
from plugins.gcp_vertex.tests.resources import PAID, REGION, WEIGHTS, Connect
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio
LLAMA = DeploymentRequest(model="meta/llama3-3@llama-3.3-70b-instruct", name="llama", consents=PAID)


async def test_nothing_billed_by_the_hour_without_consent(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    request = WEIGHTS.model_copy(update={"consents": frozenset()})
    plan = await provider.plan_deployment(connection, request)
    found = await provider.deploy(connection, plan)
    assert found.state is State.NEEDS_ACTION
    assert "hourly_billing" in found.actions[0].instruction
    assert cloud.project.bill == []


async def test_a_licence_is_asked_for_where_it_is_not_accepted(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    plan = await provider.plan_deployment(connection, LLAMA)
    assert [each.kind for each in plan.actions] == [ActionKind.ACCEPT_TERMS]
    cloud.project.licences.add("publishers/meta/models/llama3-3")
    assert (await provider.plan_deployment(connection, LLAMA)).actions == ()


async def test_a_licence_is_accepted_by_consent_alone(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    request = LLAMA.model_copy(update={"consents": PAID | {"model_licence"}})
    plan = await provider.plan_deployment(connection, request)
    found = await wait(connection, plan)
    assert (found.state, found.verified, found.owned) == (State.READY, True, True)


async def test_an_endpoint_is_deployed_once_and_deleted_to_the_last_resource(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    before = (set(cloud.project.endpoints), set(cloud.project.uploaded))
    plan = await provider.plan_deployment(connection, WEIGHTS)
    for created in (True, False):
        found = await provider.deploy(connection, plan)
        assert found.created is created
    assert [each.what for each in cloud.project.bill] == ["created"]
    gone = await provider.delete_deployment(connection, plan.ref)
    assert gone.state is State.ABSENT
    assert (set(cloud.project.endpoints), set(cloud.project.uploaded)) == before


@pytest.mark.parametrize("broken", [":undeployModel", "/endpoints/mine", "/models/bonito-mine"])
async def test_a_deletion_that_broke_off_is_taken_up_again(
    provider: Provider,
    connection: Connection,
    cloud: GoogleCloud,
    broken: str,
) -> None:
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    path = f"/v1beta1/projects/acme-prod/locations/{REGION}"
    method = "POST" if broken.startswith(":") else "DELETE"
    whole = f"{path}/endpoints/mine{broken}" if broken.startswith(":") else f"{path}{broken}"
    cloud.faults.add(Fault(action=Respond(403, body={}), method=method, path_prefix=whole, times=1))
    with pytest.raises(ProviderError):
        await provider.delete_deployment(connection, plan.ref)
    assert (REGION, "bonito-mine") in cloud.project.uploaded
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT
    assert (REGION, "bonito-mine") not in cloud.project.uploaded
    assert (REGION, "mine") not in cloud.project.endpoints


async def test_a_slow_deletion_is_followed_step_by_step(
    provider: Provider, connection: Connection, cloud: GoogleCloud, clock: VirtualClock
) -> None:
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    cloud.removal_looks = 2
    found = await provider.delete_deployment(connection, plan.ref)
    assert found.state is State.ABSENT
    assert sum(clock.slept) > 0
    assert (REGION, "bonito-mine") not in cloud.project.uploaded


async def test_a_deletion_that_takes_very_long_is_told_as_under_way_and_taken_up_again(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    cloud.removal_looks = 1000
    found = await provider.delete_deployment(connection, plan.ref)
    assert (found.state, bool(found.retry_after)) == (State.DELETING, True)
    cloud.finish()
    cloud.removal_looks = 0
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT
    assert (REGION, "bonito-mine") not in cloud.project.uploaded


async def test_a_failure_in_the_end_is_told_with_its_reason(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.deploy_failure, cloud.deploy_looks = Failure("INTERNAL", "The container crashed."), 5
    plan = await provider.plan_deployment(connection, WEIGHTS)
    found = await wait(connection, plan)
    assert found.state is State.FAILED
    assert "The container crashed." in (found.error or "")
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT


async def test_machines_that_are_used_up_are_a_matter_of_quota(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.deploy_failure = Failure("RESOURCE_EXHAUSTED", "Quota NvidiaL4Gpus exceeded.")
    cloud.deploy_looks = 5
    found = await wait(connection, await provider.plan_deployment(connection, WEIGHTS))
    assert [each.kind for each in found.actions] == [ActionKind.REQUEST_QUOTA]


async def test_what_is_being_built_is_deleted_later(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.deploy_looks = 50
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    found = await provider.delete_deployment(connection, plan.ref)
    assert (found.state, bool(found.retry_after)) == (State.QUEUED, True)
    cloud.finish()
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT


async def test_what_is_not_even_listed_yet_is_deleted_later(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    cloud.deploy_looks = 50
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    # Neither the endpoint nor its model is there; the operation that makes them runs.
    del cloud.project.uploaded[REGION, "bonito-mine"]
    error = {"code": 404, "status": "NOT_FOUND", "message": "The Endpoint does not exist."}
    path = f"/v1beta1/projects/acme-prod/locations/{REGION}/endpoints/mine"
    unseen = Fault(action=Respond(404, body={"error": error}), path_prefix=path, times=2)
    cloud.faults.add(unseen)
    found = await provider.delete_deployment(connection, plan.ref)
    assert (found.state, bool(found.retry_after)) == (State.QUEUED, True)
    cloud.finish()
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT
    assert (REGION, "mine") not in cloud.project.endpoints


async def test_an_endpoint_that_is_used_again_meanwhile_is_deleted_later(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    error = {"code": 400, "status": "FAILED_PRECONDITION", "message": "It has DeployedModels."}
    path = f"/v1beta1/projects/acme-prod/locations/{REGION}/endpoints/mine"
    busy = Fault(action=Respond(400, body={"error": error}), method="DELETE", path_prefix=path)
    cloud.faults.add(busy)
    found = await provider.delete_deployment(connection, plan.ref)
    assert (found.state, bool(found.retry_after)) == (State.QUEUED, True)
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT


async def test_another_machine_is_shown_and_never_taken_for_the_one_that_stands(
    provider: Provider, connection: Connection
) -> None:
    small = DeploymentRequest(
        model="google/gemma3@gemma-3-27b-it",
        name="big",
        sku="g2-standard-12:1xNVIDIA_L4",
        consents=PAID,
    )
    await provider.deploy(connection, await provider.plan_deployment(connection, small))
    plan = await provider.plan_deployment(connection, small.model_copy(update={"sku": None}))
    assert plan.changes
    with pytest.raises(PlanRefused, match="would change"):
        await provider.deploy(connection, plan)


async def test_another_model_under_the_name_is_a_conflict(
    provider: Provider, connection: Connection
) -> None:
    request = LLAMA.model_copy(update={"name": "team-gemma"})
    with pytest.raises(Conflict, match="gemma3"):
        await provider.plan_deployment(connection, request)


async def test_an_uploaded_model_that_is_left_over_is_told_and_removed(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    plan = await provider.plan_deployment(connection, WEIGHTS)
    await provider.deploy(connection, plan)
    del cloud.project.endpoints[REGION, "mine"]
    with pytest.raises(Conflict, match="bonito-mine is left over"):
        await provider.deploy(connection, plan)
    assert (await provider.delete_deployment(connection, plan.ref)).state is State.ABSENT
    assert (await provider.deploy(connection, plan)).created is True


async def test_an_endpoint_of_others_is_kept_and_an_uploaded_model_of_others_too(
    provider: Provider, connection: Connection, cloud: GoogleCloud
) -> None:
    listing = await provider.list_deployments(connection)
    theirs = next(each for each in listing.items if each.ref.name == "team-gemma")
    assert theirs.owned is False
    with pytest.raises(Conflict):
        await provider.delete_deployment(connection, theirs.ref)
    models = dict(cloud.project.uploaded)
    gone = await provider.delete_deployment(connection, theirs.ref, include_unowned=True)
    assert gone.state is State.ABSENT
    assert cloud.project.uploaded == models


async def test_an_endpoint_is_called_and_proved(
    provider: Provider, connection: Connection, emulation: Emulation
) -> None:
    listing = await provider.list_deployments(connection)
    theirs = next(each for each in listing.items if each.ref.name == "team-gemma")
    assert (await verify(connection, theirs)).verified is True
    assert emulation.log.requests[-1].host == f"{REGION}-aiplatform.googleapis.com"


async def test_without_a_region_weights_are_refused_and_no_endpoint_is_found(
    provider: Provider, connect: Connect
) -> None:
    async with connect(endpoint_region=None) as connection:
        with pytest.raises(InvalidRequest, match="region"):
            await provider.plan_deployment(connection, WEIGHTS)
        listing = await provider.list_deployments(connection)
        assert all("/" in each.ref.name for each in listing.items)
        request = DeploymentRequest(name="team-gemma", adopt=True)
        with pytest.raises(DeploymentNotFound):
            await provider.plan_deployment(connection, request)
