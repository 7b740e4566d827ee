"""What the policy refuses is shown by the plan, and nothing of it reaches the cloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from bonito_aviary.emulator import AviaryService
from bonito_emulators import Emulation
from bonito_policy import Policy, policy
from bonito_providers import (
    ActionKind,
    Call,
    Connection,
    DeploymentPlan,
    DeploymentRequest,
    State,
    wait,
)
from bonito_providers.registry import RegistrySettings, load_wrappers
from tests.core.calls import CALLS, PLAN
from tests.core.plugins import CANARY, READY, connected, returning
from tests.third_party.aviary.tests.resources import deployed, planned, writes
from wrappers.policy.tests.conftest import Write

pytestmark = pytest.mark.anyio

NO_DEDICATED = """
[[deny]]
reason = "Dedicated units are bought by the platform team."
sku = "dedicated"
"""
ELSEWHERE = '[[deny]]\nreason = "Not here."\nprovider = "elsewhere"\n'
ALLOWED = {"model": "finch-2"}
REFUSED = {"model": "finch-2", "sku": "dedicated", "consents": ["hourly_billing"]}


async def test_what_no_rule_names_is_deployed(
    connection: Connection, service: AviaryService, write: Write
) -> None:
    write(NO_DEDICATED)
    assert (await planned(connection, **ALLOWED)).actions == ()
    assert (await deployed(connection, **ALLOWED)).created
    assert [each.what for each in service.bill] == ["created"]


async def test_a_refused_plan_can_be_read_and_says_why(
    connection: Connection, write: Write
) -> None:
    write(NO_DEDICATED)
    plan = await planned(connection, **REFUSED)
    assert (plan.sku, plan.model.name) == ("dedicated", "finch-2")
    [action] = plan.actions
    assert action.kind is ActionKind.GRANT_PERMISSION
    assert action.instruction == "Dedicated units are bought by the platform team."


async def test_what_is_refused_is_never_written(
    connection: Connection, service: AviaryService, emulation: Emulation, write: Write
) -> None:
    write(NO_DEDICATED)
    plan = await planned(connection, **REFUSED)
    before = len(emulation.log.requests)
    for deployment in (
        await connection.provider.deploy(connection, plan),
        await wait(connection, plan),
    ):
        assert deployment.state is State.NEEDS_ACTION
        assert deployment.created is False
        assert (deployment.ref, deployment.actions) == (plan.ref, plan.actions)
    assert len(emulation.log.requests) == before
    assert writes(emulation) == 0
    assert service.bill == []


async def test_a_plan_made_before_the_rule_is_refused_too(
    connection: Connection, service: AviaryService, write: Write
) -> None:
    write(ELSEWHERE)
    plan = await planned(connection, **REFUSED)
    assert plan.actions == ()
    write(NO_DEDICATED)
    assert (await connection.provider.deploy(connection, plan)).state is State.NEEDS_ACTION
    assert service.bill == []


async def test_a_rule_that_is_taken_away_refuses_no_more(
    connection: Connection, service: AviaryService, write: Write
) -> None:
    write(NO_DEDICATED)
    assert (await planned(connection, **REFUSED)).actions != ()
    write(ELSEWHERE)
    assert (await deployed(connection, **REFUSED)).created


async def test_refusals_stand_before_what_the_provider_asks_for(
    connection: Connection, write: Write
) -> None:
    write(NO_DEDICATED)
    plan = await planned(connection, model="finch-2", sku="dedicated")
    kinds = [action.kind for action in plan.actions]
    assert kinds[0] is ActionKind.GRANT_PERMISSION
    assert len(kinds) > 1


async def test_every_rule_that_applies_gives_its_reason(
    connection: Connection, write: Write
) -> None:
    write(f'{NO_DEDICATED}\n[[deny]]\nreason = "No finches."\nmodel = "FINCH-*"\n')
    told = [action.instruction for action in (await planned(connection, **REFUSED)).actions]
    assert told == ["Dedicated units are bought by the platform team.", "No finches."]


@pytest.mark.parametrize(
    "rule",
    [
        'publisher = "finch labs"',
        'model = ["heron-*", "finch-?"]',
        "capacity_above = 9",
        'consent = "aviary_*"',
        'connection = "acme"',
        'provider = "aviary"',
        "adopt = false",
        "",
    ],
)
async def test_each_condition_is_read_from_a_real_plan(
    rule: str, connection: Connection, emulation: Emulation, write: Write
) -> None:
    write(f'[[deny]]\nreason = "No."\n{rule}\n')
    found = await deployed(connection, model="finch-2", consents=["aviary_terms"], capacity=10)
    assert found.state is State.NEEDS_ACTION
    assert writes(emulation) == 0


@pytest.mark.parametrize(
    "rule",
    ['publisher = "Heron"', "capacity_above = 10", 'consent = "*hourly*"', "adopt = true"],
)
async def test_each_condition_lets_pass_what_it_does_not_name(
    rule: str, connection: Connection, write: Write
) -> None:
    write(f'[[deny]]\nreason = "No."\n{rule}\n')
    assert (await deployed(connection, model="finch-2", capacity=10)).created


async def test_what_a_plan_does_not_tell_counts_as_forbidden_and_is_named(
    connection: Connection, write: Write
) -> None:
    write('[[deny]]\nreason = "EU only."\n[deny.except]\nregion = "eu-*"\n')
    [action] = (await planned(connection, **ALLOWED)).actions
    assert action.instruction.startswith("EU only. (The plan does not tell its region,")


async def test_taking_over_what_stands_is_judged_too(
    connection: Connection, service: AviaryService, write: Write
) -> None:
    service.put_outside("team-chat", "finch-2")
    write('[[deny]]\nreason = "No finches."\nmodel = "finch-*"\n')
    taken = await deployed(connection, adopt=True, name="team-chat", model="owl-1")
    assert taken.state is State.NEEDS_ACTION


@pytest.mark.parametrize("sku", [None, "GlobalStandard", "On demand"])
async def test_what_is_taken_over_without_a_word_on_its_size_may_be_above_any_limit(
    sku: str | None, path: Path, write: Write
) -> None:
    write('[[deny]]\nreason = "At most 100."\ncapacity_above = 100\n')
    request = DeploymentRequest(name="bird", adopt=True)
    [instruction] = await instructions(path, request=request, sku=sku, capacity=None)
    assert instruction.startswith("At most 100. (The plan does not tell its capacity,")


async def test_a_sku_whose_capacity_nobody_is_told_can_be_excepted(
    path: Path, write: Write
) -> None:
    write(
        '[[deny]]\nreason = "At most 100."\ncapacity_above = 100\n'
        '[deny.except]\nsku = "on demand"\n'
    )
    request = DeploymentRequest(name="bird", adopt=True)
    assert await instructions(path, request=request, sku="On demand", capacity=None) == []
    assert await instructions(path, request=request, sku="GlobalStandard", capacity=None) != []


@pytest.mark.parametrize("sku", [None, "On demand"])
async def test_what_is_created_without_a_capacity_is_above_nothing(
    sku: str | None, path: Path, write: Write
) -> None:
    write('[[deny]]\nreason = "At most 100."\ncapacity_above = 100\n')
    assert await instructions(path, sku=sku, capacity=None) == []


async def instructions(path: Path, **changes: object) -> list[str]:
    """Return what the policy says of a plan with these changes."""
    hook = returning("plan_deployment", PLAN.model_copy(update=changes))
    async with connected(wrappers=(Policy(path),), plan_deployment=hook) as connection:
        plan = await CALLS["plan_deployment"](connection)
    assert isinstance(plan, DeploymentPlan)
    return [action.instruction for action in plan.actions]


BROKEN = {
    "missing": None,
    "no TOML": "[[deny]\n",
    "half written": "",
    "unknown field": '[[deny]]\nreason = "No."\nregoin = "eu-*"\n',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_without_a_readable_policy_nothing_is_deployed_and_the_rest_goes_on(
    content: str | None, connection: Connection, emulation: Emulation, write: Write
) -> None:
    write(ELSEWHERE)
    plan = await planned(connection, **ALLOWED)
    write(content)
    [action] = (await planned(connection, **ALLOWED)).actions
    assert action.title == "The policy cannot be read"
    assert "policy.toml" in action.instruction
    refused = await connection.provider.deploy(connection, plan)
    assert (refused.state, refused.actions) == (State.NEEDS_ACTION, (action,))
    assert writes(emulation) == 0
    assert (await connection.provider.list_models(connection)).items
    assert (await connection.provider.check_credentials(connection)).usable


async def test_what_was_deployed_before_a_rule_can_be_removed(
    connection: Connection, write: Write
) -> None:
    write(ELSEWHERE)
    made = await deployed(connection, **ALLOWED)
    write('[[deny]]\nreason = "Nothing."\n')
    gone = await connection.provider.delete_deployment(connection, made.ref)
    assert gone.state in {State.DELETING, State.ABSENT}


@pytest.mark.parametrize("named", [None, "", "absent"])
async def test_a_policy_that_is_wanted_and_not_named_refuses(
    named: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(policy.VARIABLE, raising=False)
    if named is not None:
        monkeypatch.setenv(policy.VARIABLE, named and str(tmp_path / named))
    asked: list[str] = []

    async def proceed() -> object:
        asked.append("deploy")
        return None

    call = Call(provider="acme", hook="deploy", connection="here", arguments={"plan": PLAN})
    refused = await policy.around_call(call, proceed)
    assert getattr(refused, "state", None) is State.NEEDS_ACTION
    assert asked == []


async def test_an_operator_names_it_and_its_file(
    path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    [wrapper] = load_wrappers(RegistrySettings(wrappers=("policy",)))
    write('[[deny]]\nreason = "Not here."\nprovider = "elsewhere"\n')
    monkeypatch.setenv(policy.VARIABLE, str(path))

    async def proceed() -> object:
        return READY

    call = Call(provider="acme", hook="deploy", connection="here", arguments={"plan": PLAN})
    assert await wrapper.around_call(call, proceed) is READY


@pytest.mark.parametrize(("region", "allowed"), [("eu-north", True), ("us-east", False)])
async def test_a_region_that_the_plan_tells_is_judged_by_its_name(
    region: str, *, allowed: bool, path: Path, write: Write
) -> None:
    write('[[deny]]\nreason = "EU only."\n[deny.except]\nregion = "eu-*"\n')
    hook = returning("plan_deployment", PLAN.model_copy(update={"region": region}))
    async with connected(wrappers=(Policy(path),), plan_deployment=hook) as connection:
        plan = await CALLS["plan_deployment"](connection)
    assert isinstance(plan, DeploymentPlan)
    assert (plan.actions == ()) is allowed
    assert plan.intact


@pytest.mark.parametrize("condition", ["sku", "region", "consent"])
async def test_a_key_that_is_a_word_of_the_plan_hides_nothing_from_a_rule(
    condition: str, path: Path, write: Write
) -> None:
    write(f'[[deny]]\nreason = "No."\n{condition} = "{CANARY}"\n')
    request = PLAN.request.model_copy(update={"consents": frozenset({CANARY})})
    told = {"request": request, "sku": CANARY, "region": CANARY}
    plan = PLAN.model_copy(update=told).sealed()
    async with connected(wrappers=(Policy(path),)) as connection:
        refused = await connection.provider.deploy(connection, plan)
    assert [action.kind for action in refused.actions] == [ActionKind.GRANT_PERMISSION]
