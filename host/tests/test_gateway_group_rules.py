"""What may be accepted as a failover group, and what is proposed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_host.gateway_groups import (
    HEAD,
    members_of,
    open_proposals,
    require_acceptable,
)
from bonito_host.gateway_places import Place
from bonito_providers import (
    DeployedModel,
    Deployment,
    DeploymentRef,
    FailoverGroup,
    GatewayConfig,
    GatewayEntry,
    RoutableDeployment,
    State,
)
from bonito_providers.errors import InvalidRequest


def place(
    route: str, canonical_name: str | None = "bird", *, reason: str = "", price_key: str = ""
) -> Place:
    connection, _, name = route.partition("/")
    deployment = Deployment(
        ref=DeploymentRef(provider="acme", resource=f"home of {connection}", name=name),
        model=DeployedModel(
            name="m", version="7", canonical_name=canonical_name, price_key=price_key or None
        ),
        state=State.READY,
        sku="Standard",
        observed_at=datetime.now(UTC),
    )
    entry = GatewayEntry(model_name=name, surface="chat", supported=not reason, reason=reason)
    routable = RoutableDeployment(
        connection=connection, deployment=name, entry=entry, canonical_name=canonical_name
    )
    return Place(routable, deployment, "Acme")


NORTH = [f"north/{number}" for number in range(6)]
PLACES = [
    place("east/bird"),
    place("west/bird"),
    place("east/fish", "fish"),
    place("east/stray", None),
    place("west/mute", reason="no surface works"),
    *(place(route) for route in NORTH),
]
ROUTES = [each.route for each in PLACES]


@pytest.mark.parametrize(
    ("members", "words", "fix"),
    [
        ("east/brid west/bird", "there is no route 'east/brid'", "Did you mean east/bird"),
        ("east/bird zzzzzzzz", "there is no route 'zzzzzzzz'", "proposed"),
        ("east/bird west/bird east/bird", "east/bird is named 2 times", "once"),
        ("east/bird", "two members or more, not 1", "two routes"),
        ("", "two members or more, not 0", "two routes"),
        ("east/bird east/fish", "not one model: east/bird is bird, east/fish is fish", "each"),
        ("east/bird east/stray", "which model east/stray is elsewhere is not known", "Leave"),
        ("east/bird west/mute", "LiteLLM cannot route west/mute: no surface works", "Leave"),
    ],
)
def test_a_wrong_order_is_refused_naming_the_field_and_the_fix(
    members: str, words: str, fix: str
) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        require_acceptable("bird", members.split(), ROUTES)
    assert refusal.value.message.startswith("order: ")
    assert words in refusal.value.message
    assert fix in refusal.value.hint


@pytest.mark.parametrize("name", ["east/bird", "", "a b", "-x", "é", "a\n", "x" * 129])
def test_a_name_that_could_be_a_routes_or_cannot_be_typed_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="name: "):
        require_acceptable(name, ["east/bird", "west/bird"], ROUTES)


@given(st.permutations(NORTH))
def test_what_is_accepted_is_routed_under_the_name_in_the_order(members: list[str]) -> None:
    assert require_acceptable("bird", members, ROUTES) == "bird"
    group = FailoverGroup(name="bird", members=tuple(members))
    config = GatewayConfig.build((each.route for each in PLACES), groups=[group])
    routed = [each for each in config.routes if each.entry.model_name == "bird"]
    assert [f"{each.connection}/{each.deployment}" for each in routed] == members
    assert [each.entry.litellm_params["order"] for each in routed] == [*range(1, len(members) + 1)]


def test_a_proposal_stays_open_until_every_place_of_it_is_in_a_group() -> None:
    config = GatewayConfig.build(each.route for each in PLACES[:2])
    assert [each.name for each in open_proposals(config, [])] == ["bird"]
    whole = FailoverGroup(name="any", members=("west/bird", "east/bird", "gone/bird"))
    assert open_proposals(config, [whole]) == []
    half = FailoverGroup(name="any", members=("west/bird", "gone/bird"))
    assert [each.name for each in open_proposals(config, [half])] == ["bird"]


def test_a_member_shows_its_price_or_that_nobody_knows_it() -> None:
    group = FailoverGroup(name="g", members=("a/1", "b/1", "gone/1"))
    priced = place("a/1", price_key="azure_ai/gpt-oss-120b")
    known, unknown, gone = members_of(group, [priced, place("b/1")])
    row = dict(zip(HEAD, known.row(1), strict=True))
    assert row["ORDER"] == 1
    assert row["WHERE"] == "home of a"
    assert (row["VERSION"], row["SKU"]) == ("7", "Standard")
    assert (row["$/1M IN"], row["$/1M OUT"]) == ("0.15", "0.6")
    assert unknown.row(2)[-2:] == (None, None)
    assert gone.row(3)[:3] == (3, "gone/1", "not routed now")
    assert [each.document()["routed"] for each in (known, unknown, gone)] == [True, True, False]
