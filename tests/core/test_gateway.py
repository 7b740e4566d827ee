"""A gateway's routes: a stable order, no name shadowed, nothing left out in silence."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bonito_providers import (
    FailoverGroup,
    GatewayConfig,
    GatewayEntry,
    LeftOut,
    Price,
    RoutableDeployment,
    diff,
)
from bonito_providers.gateway import NO_KEY

CANARY = "canary-key-0123456789abcdef"


def route(connection: str, deployment: str, **changes: Any) -> RoutableDeployment:
    """Return a route with these fields of its entry changed."""
    given = {
        "model_name": deployment,
        "litellm_params": {"model": f"openai/{deployment}", "api_key": SecretStr(CANARY)},
        "surface": "v1",
    }
    canonical_name = changes.pop("canonical_name", None)
    return RoutableDeployment(
        connection=connection,
        deployment=deployment,
        entry=GatewayEntry.model_validate(given | changes),
        canonical_name=canonical_name,
    )


def build(*routes: RoutableDeployment, groups: tuple[FailoverGroup, ...] = ()) -> GatewayConfig:
    return GatewayConfig.build(routes, groups=groups, price=lambda _: None)


def names(config: GatewayConfig) -> list[str]:
    return [each.entry.model_name for each in config.routes]


identities = st.text(st.sampled_from("ab/\n-"), min_size=1, max_size=4)
places = st.lists(st.tuples(identities, identities), unique=True, max_size=8)


@given(places, st.randoms(use_true_random=False))
def test_the_order_candidates_come_in_does_not_matter(
    places: list[tuple[str, str]], shuffler: random.Random
) -> None:
    candidates = [route(*place) for place in places]
    shuffled = list(candidates)
    shuffler.shuffle(shuffled)
    assert build(*candidates) == build(*shuffled)


@given(places)
def test_every_candidate_is_routed_or_left_out_with_a_reason(places: list[tuple[str, str]]) -> None:
    config = build(*(route(*place, aliases=("alias",)) for place in places))
    seen = [(each.connection, each.deployment) for each in config.routes]
    seen += [
        (each.connection, each.deployment) for each in config.left_out if "alias" not in each.reason
    ]
    assert sorted(seen) == sorted(places)
    assert all(each.reason for each in config.left_out)


@given(places)
@example([("a", "\nb"), ("a\n", "b")])
@example([("a/b", "c"), ("a", "b/c")])
def test_no_two_routes_share_a_name_or_an_id(places: list[tuple[str, str]]) -> None:
    candidates = [route(*place) for place in places]
    config = build(*candidates)
    assert len(set(names(config))) == len(names(config))
    assert len({each.id for each in candidates}) == len(candidates)


@given(places)
def test_an_alias_leads_to_a_route_and_never_hides_one(places: list[tuple[str, str]]) -> None:
    config = build(*(route(*place, aliases=("a", "a/b")) for place in places))
    assert set(config.aliases.values()) <= set(names(config))
    assert not set(config.aliases) & set(names(config))


def test_a_bare_name_is_given_where_one_route_claims_it() -> None:
    config = build(route("north", "bird"), route("south", "fish", aliases=("swimmer",)))
    assert config.aliases == {
        "bird": "north/bird",
        "fish": "south/fish",
        "swimmer": "south/fish",
    }
    assert config.left_out == ()


def test_a_name_two_routes_claim_is_given_to_neither() -> None:
    config = build(route("north", "bird"), route("south", "bird"))
    assert names(config) == ["north/bird", "south/bird"]
    assert config.aliases == {}
    assert [each.reason for each in config.left_out] == ["2 routes claim the alias bird"] * 2


def test_a_route_litellm_cannot_take_is_left_out_with_its_reason() -> None:
    dead = route("north", "bird", supported=False, reason="no surface works")
    config = build(dead)
    assert config.routes == ()
    assert config.left_out == (
        LeftOut(connection="north", deployment="bird", reason="no surface works"),
    )


def test_a_route_litellm_cannot_take_is_left_out_also_where_nobody_says_why() -> None:
    config = build(route("north", "bird", supported=False))
    assert config.routes == ()
    assert config.left_out[0].reason


def test_two_deployments_under_one_name_are_one_route_and_one_reason() -> None:
    config = build(
        route("north", "one", model_name="bird"), route("north", "two", model_name="bird")
    )
    assert [each.deployment for each in config.routes] == ["one"]
    assert [each.deployment for each in config.left_out] == ["two"]
    assert "north/bird" in config.left_out[0].reason


def test_routes_to_one_model_are_proposed_as_a_group_and_not_joined() -> None:
    config = build(
        route("north", "bird", canonical_name="acme/bird-1"),
        route("south", "bird", canonical_name="acme/bird-1"),
        route("south", "fish", canonical_name="acme/fish-1"),
    )
    assert config.proposals == (
        FailoverGroup(name="acme/bird-1", members=("north/bird", "south/bird")),
    )
    assert "acme/bird-1" not in names(config)


def test_an_accepted_group_keeps_the_operators_order() -> None:
    group = FailoverGroup(name="bird", members=("south/bird", "north/bird", "gone/bird"))
    config = build(route("north", "bird"), route("south", "bird"), groups=(group,))
    members = [each for each in config.to_litellm() if each["model_name"] == "bird"]
    assert [each["litellm_params"]["order"] for each in members] == [1, 2]
    ids = {each.entry.model_info["id"] for each in config.routes}
    assert len(ids) == 4
    assert [each.connection for each in config.routes[2:]] == ["south", "north"]


def test_a_group_takes_precedence_over_an_alias_and_says_so() -> None:
    group = FailoverGroup(name="bird", members=("north/bird",))
    config = build(route("north", "bird"), groups=(group,))
    assert config.aliases == {}
    assert [each.reason for each in config.left_out] == [
        "the alias bird is the name of another route"
    ]


def test_a_group_cannot_take_the_name_of_a_route() -> None:
    group = FailoverGroup(name="north/bird", members=("north/bird",))
    with pytest.raises(ValueError, match="has the name of a route"):
        build(route("north", "bird"), groups=(group,))


def test_prices_come_from_the_base_model_unless_the_plugin_states_its_own() -> None:
    def price(key: str | None) -> Price | None:
        known = {"key": key, "input_per_million": 2, "output_per_million": 4, "source": "a test"}
        return Price.model_validate(known) if key == "bird-1" else None

    stated = {"base_model": "bird-1", "input_cost_per_token": 1.0}
    config = GatewayConfig.build(
        [
            route("north", "own", model_info=stated),
            route("north", "unknown", model_info={"base_model": "fish-1"}),
        ],
        price=price,
    )
    own, unknown = (each.entry.model_info for each in config.routes)
    assert (own["input_cost_per_token"], own["output_cost_per_token"]) == (1.0, 4e-6)
    assert not [name for name in unknown if "cost" in name]


def test_nothing_changed_is_no_difference() -> None:
    config = build(route("north", "bird"))
    difference = diff(config, build(route("north", "bird")))
    assert (difference.added, difference.removed, difference.changed) == ((), (), ())


def test_a_difference_says_what_came_what_went_and_what_changed() -> None:
    old = build(route("north", "bird"), route("north", "fish"))
    key = {"model": "openai/fish", "api_key": SecretStr("another-key-0123")}
    new = build(route("north", "fish", litellm_params=key), route("north", "whale"))
    difference = diff(old, new)
    assert [each.deployment for each in difference.added] == ["whale"]
    assert [each.deployment for each in difference.removed] == ["bird"]
    assert [each.deployment for each in difference.changed] == ["fish"]


def test_a_new_connection_changes_no_route_that_was_there() -> None:
    old = build(route("north", "bird"))
    difference = diff(old, build(route("north", "bird"), route("south", "bird")))
    assert [each.connection for each in difference.added] == ["south"]
    assert (difference.removed, difference.changed) == ((), ())


def test_secrets_are_shown_to_litellm_alone() -> None:
    config = build(route("north", "bird"))
    difference = diff(build(), config)
    [entry] = [each.entry for each in config.routes]
    exported = entry.to_export(lambda name: f"os.environ/NORTH_{name.upper()}")
    assert exported["litellm_params"]["api_key"] == "os.environ/NORTH_API_KEY"
    assert config.to_litellm()[0]["litellm_params"]["api_key"] == CANARY
    shown = f"{config} {config!r} {config.model_dump()} {config.model_dump_json()} {difference!r}"
    assert CANARY not in shown + json.dumps(exported)


def test_an_empty_key_is_no_secret_and_is_exported_as_it_is() -> None:
    params = {"model": "x/bird", "api_key": ""}
    entry = GatewayEntry(model_name="bird", litellm_params=params, surface="x")
    assert entry.to_litellm()["litellm_params"] == params
    assert entry.to_export(lambda name: name.upper())["litellm_params"] == params


def test_what_stands_for_no_key_is_exported_as_it_is_and_asks_for_no_variable() -> None:
    params = {"model": "x/a", "api_key": NO_KEY}
    exported = route("north", "a", litellm_params=params).entry.to_export(lambda _: "a reference")
    assert exported["litellm_params"] == {"model": "x/a", "api_key": "none"}


def test_an_entry_refuses_a_key_in_clear_without_repeating_it() -> None:
    with pytest.raises(ValidationError, match="api_key must be a SecretStr") as caught:
        route("north", "bird", litellm_params={"model": "m", "api_key": CANARY})
    assert CANARY not in str(caught.value)


def test_a_group_member_that_is_not_routed_is_named() -> None:
    group = FailoverGroup(name="everywhere", members=("gone/chat",))
    config = GatewayConfig.build((), groups=(group,))
    [left_out] = config.left_out
    assert (left_out.connection, left_out.deployment) == ("gone", "chat")
    assert "everywhere" in left_out.reason
