"""What a plan chooses, what it asks for, and that it writes nothing."""

from __future__ import annotations

import pytest

from bonito_aviary.emulator import AviaryService
from bonito_emulators import Emulation
from bonito_providers import ActionKind, Connection, State
from bonito_providers.errors import InvalidRequest, ModelNotFound
from tests.third_party.aviary.tests.resources import deployed, planned, writes

pytestmark = pytest.mark.anyio


async def test_a_plan_chooses_and_says_why_without_writing(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await planned(connection, model="finch-2")
    assert (plan.ref.name, plan.model.version, plan.sku, plan.capacity) == (
        "finch-2",
        "2",
        "shared",
        10,
    )
    assert plan.quota is not None
    assert (plan.quota.limit, plan.quota.used, plan.quota.requested) == (100, 0, 10)
    assert plan.actions == ()
    assert writes(emulation) == 0


async def test_what_deploy_sends_is_what_the_plan_shows(
    connection: Connection, emulation: Emulation
) -> None:
    plan = await planned(connection, model="owl-1", consents=["aviary_terms"])
    made = await connection.provider.deploy(connection, plan)
    (sent,) = emulation.log.select(method="PUT")
    assert sent.json() == plan.preview["body"]
    assert (made.ref, made.state, made.created) == (plan.ref, State.PROVISIONING, True)


async def test_the_newest_version_is_taken_where_none_is_default(connection: Connection) -> None:
    assert (await planned(connection, model="lark-4")).model.version == "10"
    assert (await planned(connection, model="lark-4@9")).model.version == "9"


@pytest.mark.parametrize(
    ("asked", "kind", "told"),
    [
        ({"model": "dodo-1"}, ActionKind.ENABLE_IN_CONSOLE, "retired"),
        ({"model": "kiwi-1"}, ActionKind.ENABLE_IN_CONSOLE, "no SKU is offered"),
        ({"model": "owl-1"}, ActionKind.ACCEPT_TERMS, "aviary_terms"),
        ({"model": "condor-xl"}, ActionKind.ACCEPT_TERMS, "hourly_billing"),
        ({"model": "wren-1"}, ActionKind.REQUEST_QUOTA, "1 needed, 0 of 0"),
        ({"model": "finch-2", "capacity": 101}, ActionKind.ENABLE_IN_CONSOLE, "from 1 to 100"),
        ({"model": "finch-embed", "capacity": 7}, ActionKind.ENABLE_IN_CONSOLE, "steps of 5"),
        ({"model": "finch-embed", "capacity": 45}, ActionKind.REQUEST_QUOTA, "45 needed"),
        ({"model": "finch-embed", "sku": "dedicated"}, ActionKind.ENABLE_IN_CONSOLE, "as shared"),
    ],
)
async def test_what_stands_in_the_way_is_an_action_and_nothing_is_written(
    connection: Connection,
    emulation: Emulation,
    asked: dict[str, object],
    kind: ActionKind,
    told: str,
) -> None:
    plan = await planned(connection, **asked)
    assert [action.kind for action in plan.actions] == [kind]
    assert told in plan.actions[0].instruction
    found = await connection.provider.deploy(connection, plan)
    assert (found.state, found.actions, found.created) == (
        State.NEEDS_ACTION,
        plan.actions,
        False,
    )
    assert writes(emulation) == 0


async def test_what_is_billed_by_the_hour_is_deployed_with_consent(
    connection: Connection, service: AviaryService
) -> None:
    made = await deployed(connection, model="condor-xl", consents=["hourly_billing"])
    assert (made.sku, made.state) == ("dedicated", State.PROVISIONING)
    assert [(each.what, each.sku) for each in service.bill] == [("created", "dedicated")]


async def test_an_unknown_offer_is_tried_with_a_warning(connection: Connection) -> None:
    plan = await planned(connection, model="swift-9")
    assert (plan.sku, plan.capacity, plan.actions) == ("shared", 1, ())
    assert "does not tell how" in plan.warnings[0]
    assert (await connection.provider.deploy(connection, plan)).created


async def test_what_is_billed_by_use_comes_first_wherever_it_is_listed(
    connection: Connection, service: AviaryService
) -> None:
    service.catalogue[0]["skus"].reverse()
    assert (await planned(connection, model="finch-2")).sku == "shared"


async def test_a_change_counts_only_what_it_adds_to_quota(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("bird", "finch-2", capacity=90)
    plan = await planned(connection, model="finch-2", name="bird", capacity=95, update=True)
    assert plan.actions == ()
    assert plan.quota is not None
    assert (plan.quota.used, plan.quota.requested) == (0, 95)


async def test_another_sku_brings_its_own_capacity(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("bird", "finch-2", capacity=50)
    asked = {"model": "finch-2", "name": "bird", "sku": "dedicated", "update": True}
    plan = await planned(connection, **asked, consents=["hourly_billing"])
    assert (plan.capacity, plan.actions) == (1, ())
    assert plan.changes == ("SKU shared to dedicated", "capacity 50 to 1")


async def test_what_stands_as_asked_needs_no_consent_and_no_quota(
    connection: Connection, service: AviaryService, emulation: Emulation
) -> None:
    service.put_outside("bird", "condor-xl", sku="dedicated")
    service.accounts[0].quota["dedicated.units"] = 0
    found = await deployed(connection, model="condor-xl", name="bird")
    assert (found.state, found.created) == (State.READY, False)
    assert writes(emulation) == 0


async def test_terms_are_accepted_only_with_consent(connection: Connection) -> None:
    without = await planned(connection, model="owl-1")
    given = await planned(connection, model="owl-1", consents=["aviary_terms"])
    assert "accept_terms" not in str(without.preview)
    assert "'accept_terms': True" in str(given.preview)


async def test_a_model_is_retired_by_word_as_by_date(
    connection: Connection, service: AviaryService
) -> None:
    service.catalogue[0]["lifecycle"] = "retired"
    assert "retired" in (await planned(connection, model="finch-2")).actions[0].instruction


async def test_capacity_shrinks_to_quota_and_step_with_the_numbers(
    connection: Connection, service: AviaryService
) -> None:
    service.accounts[0].used_elsewhere["shared.embed"] = 29
    plan = await planned(connection, model="finch-embed")
    assert plan.capacity == 10
    assert "Uses 10 of 42 for shared.embed, 29 in use." in plan.warnings
    assert "The usual capacity is 20; the quota leaves 10." in plan.warnings


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"model": "phoenix-1"}, ModelNotFound),
        ({"model": "finch-2", "version": "7"}, ModelNotFound),
        ({"model": "finch-2", "name": "Not A Name"}, InvalidRequest),
        ({"model": "finch-2", "fields": {"colour": "red"}}, InvalidRequest),
    ],
)
async def test_a_request_that_means_nothing_raises(
    connection: Connection, asked: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await planned(connection, **asked)


async def test_a_version_that_stands_may_be_on_offer_no_more(
    connection: Connection, service: AviaryService
) -> None:
    service.put_outside("bird", "finch-2").version = "0"
    plan = await planned(connection, model="finch-2", name="bird")
    assert (plan.model.version, plan.changes) == ("0", ())
    with pytest.raises(ModelNotFound, match="no version 0"):
        await planned(connection, model="finch-2", version="0")
