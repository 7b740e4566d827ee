"""The commands about failover groups, with three emulated clouds and a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are not in the lock

from host.tests.forks import Forks
from host.tests.three_clouds import (
    EAST,
    MODEL,
    NORTH,
    OTHER,
    UNROUTED,
    WEST,
    ThreeClouds,
    three_clouds,
)


@pytest.fixture
def clouds(tmp_path: Path, forks: Forks) -> Iterator[ThreeClouds]:
    with three_clouds(tmp_path, forks) as started:
        started.connect("east", "west", "north")
        yield started


def accept(clouds: ThreeClouds, *members: str, name: str = MODEL, replace: bool = False) -> int:
    more = ["--replace"] if replace else []
    done = clouds.bonito.run("gateway", "accept", name, "--order", ",".join(members), *more)
    assert done.code == 0, done.stderr
    return done.code


def test_one_model_in_two_clouds_is_proposed_with_everything_side_by_side(
    clouds: ThreeClouds,
) -> None:
    told = clouds.bonito.run("gateway", "groups")
    assert told.code == 0, told.stderr
    rows = [line.split() for line in told.stdout.splitlines()]
    (east,) = (row for row in rows if EAST in row)
    (west,) = (row for row in rows if WEST in row)
    assert "contoso" in east
    assert "arn:aws:bedrock:eu-west-1:111122223333" in west
    assert "on_demand" in west
    assert east[-2:] == ["0.15", "0.6"]
    assert ["bonito", "gateway", "accept", MODEL, "--order", f"{EAST},{WEST}"] in rows
    document = clouds.bonito.run("gateway", "groups", "--json").document
    (proposed,) = document["proposed"]
    assert [each["route"] for each in proposed["members"]] == [EAST, WEST]
    assert document["accepted"] == []
    assert not any(secret in told.stdout + told.stderr for secret in clouds.secrets)


@pytest.mark.nightly
def test_what_only_a_call_proves_is_proposed_once_it_was_taken_over(clouds: ThreeClouds) -> None:
    taken = clouds.bonito.run("deploy", "north", "--adopt", NORTH.partition("/")[2])
    assert taken.code == 0, taken.stderr
    (proposed,) = clouds.bonito.run("gateway", "groups", "--json").document["proposed"]
    assert {each["route"] for each in proposed["members"]} == {EAST, WEST, NORTH}


def test_an_accepted_group_is_kept_exported_and_proposed_no_more(clouds: ThreeClouds) -> None:
    accept(clouds, WEST, EAST)
    document = clouds.bonito.run("gateway", "groups", "--json").document
    assert document["proposed"] == []
    (accepted,) = document["accepted"]
    assert [each["route"] for each in accepted["members"]] == [WEST, EAST]
    exported = clouds.bonito.run("gateway", "export", "--all")
    assert exported.code == 0, exported.stderr
    models = yaml.safe_load(exported.stdout)["model_list"]
    members = [each for each in models if each["model_name"] == MODEL]
    assert [each["litellm_params"]["order"] for each in members] == [1, 2]
    assert members[0]["litellm_params"]["model"].startswith("bedrock/")
    assert {EAST, WEST, OTHER} <= {each["model_name"] for each in models}
    assert len({each["model_info"]["id"] for each in models}) == len(models)
    assert not any(secret in exported.stdout + exported.stderr for secret in clouds.secrets)


def test_a_group_takes_a_short_name_over_and_says_what_it_meant(clouds: ThreeClouds) -> None:
    done = clouds.bonito.run("gateway", "accept", "gpt-oss", "--order", f"{EAST},{WEST}")
    assert done.code == 0
    assert f"gpt-oss led to {EAST} alone so far." in done.stderr


@pytest.mark.nightly
def test_withdrawing_leaves_the_routes_and_proposes_the_group_again(clouds: ThreeClouds) -> None:
    accept(clouds, EAST, WEST)
    done = clouds.bonito.run("gateway", "withdraw", MODEL)
    assert done.code == 0
    document = clouds.bonito.run("gateway", "groups", "--json").document
    assert document["accepted"] == []
    assert [each["name"] for each in document["proposed"]] == [MODEL]
    assert clouds.bonito.run("gateway", "withdraw", MODEL).code == 4


@pytest.mark.nightly
def test_a_taken_name_is_refused_before_anybody_is_asked(clouds: ThreeClouds) -> None:
    accept(clouds, EAST, WEST)
    clouds.log.clear()
    refused = clouds.bonito.run("gateway", "accept", MODEL, "--order", f"{WEST},{EAST}")
    assert refused.code == 7
    assert "NAME" in refused.stderr
    assert "--replace" in refused.stderr
    assert clouds.log.requests == []
    accept(clouds, WEST, EAST, replace=True)
    assert clouds.store.groups.all()[0].members == (WEST, EAST)


@pytest.mark.nightly
def test_a_wrong_order_is_refused_and_nothing_is_kept(clouds: ThreeClouds) -> None:
    for order, words in (
        (f"east/gpt-os,{WEST}", f"Did you mean {EAST}"),
        (f"{EAST},{UNROUTED}", f"LiteLLM cannot route {UNROUTED}"),
        (f"{EAST},{OTHER}", "these are not one model"),
    ):
        refused = clouds.bonito.run("gateway", "accept", MODEL, "--order", order)
        assert refused.code == 2
        assert "error: --order: " in refused.stderr
        assert words in refused.stderr
    assert clouds.store.groups.all() == []


def test_a_broken_connection_is_named_and_stops_no_other(clouds: ThreeClouds) -> None:
    accept(clouds, EAST, WEST)
    clouds.connect("west", secret_access_key="canary/Wrong+Secret/0123456789/0123456789")
    told = clouds.bonito.run("gateway", "groups")
    assert told.code == 0
    assert "west cannot be asked: " in told.stderr
    (west,) = (line for line in told.stdout.splitlines() if WEST in line)
    assert "not routed now" in west
    exported = clouds.bonito.run("gateway", "export", "--all")
    assert exported.code == 0
    assert f"the failover group {MODEL} names it, but it is not routed" in exported.stderr


@pytest.mark.nightly
def test_a_member_that_leads_to_another_model_is_not_called_and_told_of(
    clouds: ThreeClouds,
) -> None:
    clouds.store.groups.save(MODEL, [WEST, OTHER], model=MODEL)
    told = clouds.bonito.run("gateway", "groups")
    reason = f"the failover group {MODEL} is for {MODEL}, and this leads to gpt-4o-mini now"
    assert f"{OTHER} is not called: {reason}" in told.stdout
    exported = clouds.bonito.run("gateway", "export", "--all")
    models = yaml.safe_load(exported.stdout)["model_list"]
    [member] = [each for each in models if each["model_name"] == MODEL]
    assert member["litellm_params"]["model"].startswith("bedrock/")
    assert reason in exported.stderr


def test_all_connections_and_one_are_not_exported_together(clouds: ThreeClouds) -> None:
    refused = clouds.bonito.run("gateway", "export", "--all", "--connection", "east")
    assert refused.code == 2
    assert "--all" in refused.stderr


def test_nothing_in_common_says_how_to_begin(clouds: ThreeClouds) -> None:
    clouds.store.connections.remove("west")
    told = clouds.bonito.run("gateway", "groups")
    assert told.code == 0
    assert told.stdout == ""
    assert "bonito connect" in told.stderr


@pytest.mark.slow
def test_a_group_is_called_by_its_name_and_the_first_answers(clouds: ThreeClouds) -> None:
    accept(clouds, WEST, EAST)
    clouds.log.clear()
    asked = clouds.bonito.run("gateway", "chat", MODEL, "Say hello.")
    assert asked.code == 0, asked.stderr
    assert "Say hello." in asked.stdout
    posts = [each.host for each in clouds.log.select(method="POST") if each.status == 200]
    assert posts[-1] == "bedrock-runtime.eu-west-1.amazonaws.com"
    unknown = clouds.bonito.run("gateway", "chat", "gpt-oss-12b", "Say hello.")
    assert unknown.code == 4
    assert MODEL in unknown.stderr
