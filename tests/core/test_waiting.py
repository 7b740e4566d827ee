"""Waiting for a deployment on a virtual clock, and proving it by one call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bonito_providers import (
    Connection,
    DeployedModel,
    Deployment,
    DeploymentPlan,
    DeploymentRef,
    Invocation,
    InvocationRequest,
    State,
    verify,
    wait,
)
from bonito_providers.errors import (
    ContentFiltered,
    CredentialsRejected,
    DeadlineExceeded,
    DeploymentNotFound,
    RateLimited,
    ServiceUnavailable,
)
from bonito_providers.waiting import LONGEST_PAUSE, SETTLING
from tests.core.calls import PLAN
from tests.core.plugins import READY, connected
from tests.virtual_time import VirtualClock

pytestmark = pytest.mark.anyio

GONE = DeploymentNotFound("no such deployment", code="DeploymentNotFound")
ANSWER = Invocation(text="pong", model="bird-1", surface="v1")


def at(state: State, **changes: Any) -> Deployment:
    return READY.model_copy(update={"state": state, **changes})


@dataclass
class Cloud:
    """Gives the scripted answers one after the other, the last one for ever."""

    deploys: Sequence[Deployment | Exception] = (READY,)
    looks: Sequence[Deployment | Exception] = (READY,)
    answers: Sequence[Invocation | Exception] = (ANSWER,)
    calls: list[str] = field(default_factory=list)
    asked: list[InvocationRequest] = field(default_factory=list)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    def _next(self, name: str, script: Sequence[Any]) -> Any:
        answer = script[min(self.calls.count(name), len(script) - 1)]
        self.calls.append(name)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def connected(self, clock: VirtualClock) -> Any:
        async def deploy(connection: Connection, plan: DeploymentPlan) -> Any:
            return self._next("deploy", self.deploys)

        async def get_deployment(connection: Connection, ref: DeploymentRef) -> Any:
            self.looked.set()
            return self._next("get", self.looks)

        async def invoke_model(
            connection: Connection, deployment: Deployment, request: InvocationRequest
        ) -> Any:
            self.asked.append(request)
            return self._next("invoke", self.answers)

        return connected(
            clock=clock, deploy=deploy, get_deployment=get_deployment, invoke_model=invoke_model
        )


async def waited(cloud: Cloud, clock: VirtualClock, **options: Any) -> Deployment:
    async with cloud.connected(clock) as connection:
        return await wait(connection, PLAN, **options)


async def test_what_is_queued_is_sent_again_and_what_is_provisioned_looked_at(
    clock: VirtualClock,
) -> None:
    queued, building = at(State.QUEUED), at(State.PROVISIONING)
    cloud = Cloud(deploys=(queued, queued, building), looks=(building, READY))
    seen: list[State] = []
    found = await waited(cloud, clock, progress=lambda each: seen.append(each.state))
    assert cloud.calls == ["deploy", "deploy", "deploy", "get", "get", "invoke"]
    assert seen == [State.QUEUED] * 2 + [State.PROVISIONING] * 2 + [State.READY]
    assert (found.verified, found.verified_reason) == (True, "answered by bird-1")


@pytest.mark.parametrize("state", [State.NEEDS_ACTION, State.FAILED, State.ABSENT, State.DELETING])
async def test_a_state_that_waiting_does_not_change_ends_it_unproved(
    state: State, clock: VirtualClock
) -> None:
    cloud = Cloud(deploys=(at(State.PROVISIONING),), looks=(at(state),))
    found = await waited(cloud, clock)
    assert (found.state, found.verified) == (state, None)
    assert "invoke" not in cloud.calls


async def test_who_created_it_is_remembered_over_all_looks(clock: VirtualClock) -> None:
    created = at(State.PROVISIONING, created=True)
    found = await waited(Cloud(deploys=(created,), looks=(READY,)), clock)
    assert found.created is True


async def test_pauses_grow_and_stay_bounded(clock: VirtualClock) -> None:
    cloud = Cloud(deploys=(at(State.PROVISIONING),), looks=(*[at(State.PROVISIONING)] * 30, READY))
    await waited(cloud, clock)
    assert clock.slept[0] <= 2
    assert max(clock.slept) <= LONGEST_PAUSE
    assert min(clock.slept[-5:]) >= LONGEST_PAUSE * 0.75


@pytest.mark.parametrize(("asked", "slept"), [(7, 7), (0, 0.1), (3600, LONGEST_PAUSE)])
async def test_what_the_service_asks_to_wait_is_honoured_within_bounds(
    asked: float, slept: float, clock: VirtualClock
) -> None:
    cloud = Cloud(deploys=(at(State.QUEUED, retry_after=asked), READY))
    await waited(cloud, clock)
    assert clock.slept == [slept]


async def test_what_is_not_ready_in_time_goes_on_in_the_cloud(clock: VirtualClock) -> None:
    with pytest.raises(DeadlineExceeded, match="bird is not ready yet") as caught:
        await waited(Cloud(deploys=(at(State.PROVISIONING),), looks=(at(State.PROVISIONING),)),
                     clock, timeout=300)  # fmt: skip
    assert 250 < clock.elapsed <= 300
    assert (caught.value.provider, caught.value.operation) == ("acme", "wait")


async def test_proving_counts_towards_the_time_there_is(clock: VirtualClock) -> None:
    cloud = Cloud(deploys=(at(State.READY, created=True),), answers=(GONE,))
    found = await waited(cloud, clock, timeout=60)
    assert found.verified is False
    assert clock.elapsed <= 60


@pytest.mark.parametrize(
    "trouble", [RateLimited("slow down", retry_after=5), ServiceUnavailable("oops")]
)
async def test_passing_trouble_while_looking_does_not_end_the_waiting(
    trouble: Exception, clock: VirtualClock
) -> None:
    building = at(State.PROVISIONING)
    cloud = Cloud(deploys=(building,), looks=(trouble, building, trouble, READY))
    assert (await waited(cloud, clock)).verified is True
    assert cloud.calls.count("deploy") == 1


async def test_passing_trouble_that_does_not_pass_is_what_the_caller_hears(
    clock: VirtualClock,
) -> None:
    cloud = Cloud(deploys=(at(State.PROVISIONING),), looks=(ServiceUnavailable("oops"),))
    with pytest.raises(DeadlineExceeded):
        await waited(cloud, clock, timeout=300)
    assert clock.elapsed <= 300


async def test_lasting_trouble_ends_the_waiting_at_once(clock: VirtualClock) -> None:
    cloud = Cloud(deploys=(at(State.PROVISIONING),), looks=(CredentialsRejected("no"),))
    with pytest.raises(CredentialsRejected):
        await waited(cloud, clock)
    assert cloud.calls == ["deploy", "get"]


async def test_waiting_can_be_cancelled_and_taken_up_again(clock: VirtualClock) -> None:
    building = at(State.PROVISIONING, created=True)
    cloud = Cloud(deploys=(building, at(State.PROVISIONING, created=False)), looks=(building,))
    async with cloud.connected(clock) as connection:
        waiting = asyncio.create_task(wait(connection, PLAN))
        await cloud.looked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        cloud.looks = (READY,)
        found = await wait(connection, PLAN)
    assert (found.state, found.verified) == (State.READY, True)


@pytest.mark.parametrize(
    "trouble", [GONE, RateLimited("slow down", retry_after=9), ServiceUnavailable("oops")]
)
async def test_a_new_deployment_may_need_time_to_answer(
    trouble: Exception, clock: VirtualClock
) -> None:
    cloud = Cloud(deploys=(at(State.READY, created=True),), answers=(trouble, trouble, ANSWER))
    found = await waited(cloud, clock)
    assert found.verified is True
    assert len(clock.slept) == 2


async def test_a_deployment_another_process_started_gets_the_same_time(
    clock: VirtualClock,
) -> None:
    resumed = at(State.PROVISIONING, created=False)
    cloud = Cloud(deploys=(resumed,), looks=(READY,), answers=(GONE, ANSWER))
    assert (await waited(cloud, clock)).verified is True


async def test_a_new_deployment_that_never_answers_is_not_called_proved(
    clock: VirtualClock,
) -> None:
    cloud = Cloud(deploys=(at(State.READY, created=True),), answers=(GONE,))
    found = await waited(cloud, clock)
    assert found.verified is False
    assert found.verified_reason == "no such deployment [DeploymentNotFound]"
    assert SETTLING / 2 < clock.elapsed <= SETTLING


async def test_a_deployment_that_stood_before_is_called_once(clock: VirtualClock) -> None:
    cloud = Cloud(deploys=(at(State.READY, created=False),), answers=(GONE, ANSWER))
    assert (await waited(cloud, clock)).verified is False
    assert clock.slept == []


async def test_an_answer_that_settles_the_matter_is_not_asked_for_twice(
    clock: VirtualClock,
) -> None:
    trouble = ContentFiltered("not said", code="content_filter", hint="Ask something else.")
    cloud = Cloud(deploys=(at(State.READY, created=True),), answers=(trouble, ANSWER))
    found = await waited(cloud, clock)
    assert found.verified is False
    assert found.verified_reason == "not said [content_filter] Ask something else."


@pytest.mark.parametrize(
    ("kind", "asked"), [("chat", "chat"), ("embedding", "embedding"), (None, "chat")]
)
async def test_the_kind_of_model_decides_what_it_is_asked(
    kind: str | None, asked: str, clock: VirtualClock
) -> None:
    cloud = Cloud()
    deployment = at(State.READY, model=DeployedModel(kind=kind))
    async with cloud.connected(clock) as connection:
        found = await verify(connection, deployment)
    assert found.verified is True
    assert [each.kind for each in cloud.asked] == [asked]


@pytest.mark.parametrize("kind", ["image", "audio", "something new"])
async def test_a_kind_that_no_short_call_proves_stays_unknown_with_the_reason(
    kind: str, clock: VirtualClock
) -> None:
    cloud = Cloud()
    async with cloud.connected(clock) as connection:
        found = await verify(connection, at(State.READY, model=DeployedModel(kind=kind)))
    assert found.verified is None
    assert kind in found.verified_reason
    assert cloud.calls == []
