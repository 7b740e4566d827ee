"""The routing table: a change here and there comes to the same as everything built anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bonito_host.accepted_groups import AcceptedGroup, built
from bonito_host.gateway.table import RoutingTable, identity
from bonito_providers.gateway import (
    ConfigDiff,
    FailoverGroup,
    GatewayConfig,
    GatewayEntry,
    RoutableDeployment,
)

CONNECTIONS = ("a", "b", "c")
NAMES = ("x", "y", "z")
GROUPS = (
    FailoverGroup(name="fast", members=("a/x", "b/x")),
    AcceptedGroup(name="safe", members=("c/z", "a/x", "b/y"), model="bird"),
    AcceptedGroup(name="older", members=("b/y", "c/z")),
)


def candidate(
    connection: str,
    name: str,
    *,
    key: str = "key",
    route: str = "",
    supported: bool = True,
    model: str | None = None,
) -> RoutableDeployment:
    entry = GatewayEntry(
        model_name=route or name,
        litellm_params={"model": f"m/{name}", "api_key": SecretStr(key)},
        surface="chat",
        supported=supported,
    )
    return RoutableDeployment(
        connection=connection, deployment=name, entry=entry, canonical_name=model
    )


CANDIDATES = st.builds(
    candidate,
    st.just(""),
    st.sampled_from(NAMES),
    key=st.sampled_from(("one", "two")),
    route=st.sampled_from(("", "x", "shared")),
    supported=st.booleans(),
    model=st.sampled_from((None, "bird", "fish")),
)
ACCOUNTS = st.lists(CANDIDATES, max_size=3, unique_by=lambda each: each.deployment)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("replace"), st.sampled_from(CONNECTIONS), ACCOUNTS),
        st.tuples(st.just("put"), st.sampled_from(CONNECTIONS), CANDIDATES),
        st.tuples(st.just("drop"), st.sampled_from(CONNECTIONS), st.sampled_from(NAMES)),
        st.tuples(st.just("regroup"), st.just(""), st.sets(st.sampled_from(GROUPS))),
    ),
    max_size=8,
)


def at(connection: str, each: RoutableDeployment) -> RoutableDeployment:
    return each.model_copy(update={"connection": connection})


def change(table: RoutingTable, kind: str, connection: str, what: object) -> ConfigDiff:
    moves: dict[str, Callable[..., ConfigDiff]] = {
        "replace": lambda: table.replace(connection, [at(connection, each) for each in what]),  # type: ignore[attr-defined] # drawn so
        "put": lambda: table.put(at(connection, what)),  # type: ignore[arg-type] # drawn so
        "drop": lambda: table.drop(connection, what),  # type: ignore[arg-type] # drawn so
        "regroup": lambda: table.regroup(sorted(what, key=lambda each: each.name)),  # type: ignore[call-overload] # drawn so
    }
    return moves[kind]()


def whole(table: RoutingTable) -> GatewayConfig:
    routes, groups = table.everything()
    return built(routes, groups)


def params(route: RoutableDeployment) -> tuple[str, object, object]:
    written = route.entry.to_litellm()
    return route.entry.model_name, written["litellm_params"], written["model_info"]


@given(CHANGES)
def test_changes_one_by_one_come_to_what_a_whole_build_gives(
    changes: list[tuple[str, str, object]],
) -> None:
    table = RoutingTable()
    mirror: dict[str, RoutableDeployment] = {}
    for kind, connection, what in changes:
        found = change(table, kind, connection, what)
        for route in found.removed:
            del mirror[identity(route)]
        for route in (*found.changed, *found.added):
            assert (identity(route) in mirror) is (route in found.changed)
            mirror[identity(route)] = route
    candidates, groups = table.everything()
    whole = built(candidates, groups)
    expected = {identity(route): params(route) for route in whole.routes}
    # What a router was told to do, and what the table answers, are both the whole truth.
    assert {id: params(route) for id, route in mirror.items()} == expected
    for name in {route.entry.model_name for route in whole.routes}:
        answered = {identity(route): params(route) for route in table.routes(name)}
        assert answered == {id: each for id, each in expected.items() if each[0] == name}


@given(CHANGES)
def test_loading_at_once_answers_like_changing_step_by_step(
    changes: list[tuple[str, str, object]],
) -> None:
    table = RoutingTable()
    for each in changes:
        change(table, *each)
    loaded = RoutingTable()
    loaded.load(*table.everything())
    table.config = loaded.config
    assert loaded.names() == table.names()
    for name in loaded.names():
        assert {*map(identity, loaded.routes(name))} == {*map(identity, table.routes(name))}


def test_an_alias_leads_on_until_its_route_is_gone() -> None:
    table = RoutingTable()
    table.load([candidate("a", "x")])
    assert [each.deployment for each in table.routes("x")] == ["x"]
    table.drop("a", "x")
    assert table.routes("x") == ()
    assert table.names() == []


def test_a_name_that_two_claim_is_nobodys_alias_but_both_have_their_own() -> None:
    table = RoutingTable()
    table.load([candidate("a", "x"), candidate("b", "x")])
    assert table.routes("x") == ()
    assert table.names() == ["a/x", "b/x"]


@pytest.mark.parametrize("model", ["bird", None])
def test_a_member_that_became_another_model_falls_out_and_comes_back(model: str | None) -> None:
    def members() -> list[str]:
        return [f"{each.connection}/{each.deployment}" for each in table.routes("safe")]

    table = RoutingTable()
    table.load(
        [candidate("a", "x", model="bird"), candidate("b", "y", model="bird")],
        [AcceptedGroup(name="safe", members=("a/x", "b/y"), model=model)],
    )
    assert members() == ["a/x", "b/y"]
    for became, told in (("fish", "leads to fish now"), (None, "a model that is not known")):
        table.put(candidate("b", "y", model=became))
        assert members() == ["a/x"]
        assert [each.deployment for each in table.routes("b/y")] == ["y"]
        [left_out] = [each for each in whole(table).left_out if "safe" in each.reason]
        assert (left_out.connection, left_out.deployment) == ("b", "y")
        assert f"is for bird, and this leads to {told.removeprefix('leads to ')}" in left_out.reason
    table.put(candidate("b", "y", model="bird"))
    assert members() == ["a/x", "b/y"]


def test_nothing_changes_where_nothing_is_different() -> None:
    table = RoutingTable()
    table.replace("a", [candidate("a", "x")])
    table.regroup(GROUPS)
    version = table.version
    for found in (table.replace("a", [candidate("a", "x")]), table.regroup(GROUPS)):
        assert (found.added, found.removed, found.changed) == ((), (), ())
    # A whole configuration that is being built meanwhile stays the newest.
    assert table.version == version


@given(CHANGES)
def test_a_whole_configuration_holds_until_the_version_grows(
    changes: list[tuple[str, str, object]],
) -> None:
    table = RoutingTable()
    for each in changes:
        before, version = whole(table), table.version
        change(table, *each)
        assert table.version != version or whole(table) == before
