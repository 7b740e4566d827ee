"""Failover groups by page and API: proposed, accepted with an order, replaced, withdrawn."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bonito_host.gateway_groups import GroupRefused
from bonito_host.web.pages.failover import order_of
from host.tests.forks import Forks
from host.tests.running import PATIENCE
from host.tests.three_clouds import EAST, MODEL, OTHER, WEST, ThreeClouds, three_clouds
from host.tests.web.serving import Browser, Site, serving

GROUPS = "/api/gateway/groups"
ROUTED = re.compile(r"<h3[^>]*><code>([^<]+)</code>")


@pytest.fixture(scope="module")
def clouds(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> Iterator[ThreeClouds]:
    with three_clouds(tmp_path_factory.mktemp("clouds"), forks) as started:
        started.connect("east", "west")
        yield started


@pytest.fixture(scope="module")
def own(clouds: ThreeClouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    variables = {
        **clouds.emulation.environment(),
        "BONITO_STORE": str(clouds.path),
        "BONITO_PROXY": clouds.emulation.proxy_url,
    }
    with serving(tmp_path_factory.mktemp("own"), variables=variables) as started:
        yield started


@pytest.fixture(scope="module")
def visitor(own: Site) -> Browser:
    return own.browser()


@pytest.fixture
def api(own: Site) -> Iterator[httpx.Client]:
    """The API of a host that knows what its clouds hold, and of no accepted group."""
    with own.programme() as client:
        seen(client)
        yield client
        for each in client.get(GROUPS).json()["accepted"]:
            assert client.delete(f"{GROUPS}/{each['name']}").status_code == 204


def seen(client: httpx.Client) -> None:
    """Wait until the gateway has asked the clouds: asking them is what it begins with."""
    for _ in range(int(PATIENCE * 100)):
        if client.get("/api/gateway").json()["proposals"]:
            return
        client.get("/api/deployments")
    message = "the gateway never proposes a group"
    raise AssertionError(message)


def accepted(client: httpx.Client) -> dict[str, list[str]]:
    found = client.get(GROUPS).json()["accepted"]
    return {each["name"]: [member["route"] for member in each["members"]] for each in found}


def answered_by(own: Site, api: httpx.Client, clouds: ThreeClouds, model: str) -> tuple[int, str]:
    """Ask through the gateway, and return the status and the last host that was asked."""
    made = api.post("/api/gateway/keys", json={"name": "a test"}).json()
    clouds.log.clear()
    body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"authorization": f"Bearer {made['key']}"}
    address = f"{own.address}/v1/chat/completions"
    answer = httpx.post(address, json=body, headers=headers, timeout=PATIENCE)
    posts = [each.host for each in clouds.log.select(method="POST") if each.status == 200]
    return answer.status_code, posts[-1] if posts else ""


def places(**given: str) -> dict[str, Any]:
    names = {"east": EAST, "west": WEST, "other": OTHER}
    return {f"order.{names[name]}": place for name, place in given.items()}


def words(answer: httpx.Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_proposal_shows_places_versions_and_prices_side_by_side(
    api: httpx.Client, visitor: Browser
) -> None:
    [proposed] = api.get(GROUPS).json()["proposed"]
    east, west = proposed["members"]
    assert (proposed["name"], east["route"], west["route"]) == (MODEL, EAST, WEST)
    assert "eu-west-1" in west["resource"]
    assert (east["sku"], west["sku"]) == (None, "on_demand")
    assert east["price"]["input_per_million"] == "0.15"
    text = words(visitor.get("/gateway"))
    for each in (EAST, WEST, "arn:aws:bedrock:eu-west-1:111122223333", "$0.15", "on_demand"):
        assert each in text


def test_an_accepted_order_is_routed_at_once_replaced_and_withdrawn(
    own: Site, api: httpx.Client, clouds: ThreeClouds
) -> None:
    body = {"name": MODEL, "order": [WEST, EAST]}
    made = api.post(GROUPS, json=body)
    assert made.status_code == 201, made.text
    assert [each["routed"] for each in made.json()["members"]] == [True, True]
    assert MODEL in api.get("/api/gateway").json()["names"]
    assert "bedrock" in answered_by(own, api, clouds, MODEL)[1]
    assert api.get(GROUPS).json()["proposed"] == []

    again = api.post(GROUPS, json=body)
    assert again.status_code == 409
    replaced = api.put(f"{GROUPS}/{MODEL}", json={"order": [EAST, WEST]})
    assert replaced.status_code == 200
    assert accepted(api) == {MODEL: [EAST, WEST]}
    assert "contoso" in answered_by(own, api, clouds, MODEL)[1]

    assert api.delete(f"{GROUPS}/{MODEL}").status_code == 204
    assert accepted(api) == {}
    assert MODEL not in api.get("/api/gateway").json()["names"]
    assert answered_by(own, api, clouds, MODEL)[0] == 404
    assert answered_by(own, api, clouds, EAST)[0] == 200
    assert api.delete(f"{GROUPS}/{MODEL}").status_code == 404


@pytest.mark.parametrize(
    ("name", "order", "told"),
    [
        (MODEL, [EAST], "order: a group has two members or more"),
        (MODEL, [EAST, "east/gpt-os"], "order: there is no route 'east/gpt-os'"),
        (MODEL, [EAST, OTHER], "order: these are not one model"),
        (MODEL, [EAST, EAST], f"order: {EAST} is named 2 times"),
        ("a/b", [EAST, WEST], "name: 'a/b' cannot name a group"),
    ],
)
def test_a_group_that_cannot_work_is_refused_and_not_kept(
    api: httpx.Client, name: str, order: list[str], told: str
) -> None:
    refused = api.post(GROUPS, json={"name": name, "order": order})
    assert refused.status_code == 422
    assert told in refused.json()["error"]["message"]
    assert "--" not in refused.text
    assert accepted(api) == {}


def test_the_page_accepts_reorders_and_withdraws_without_scripts(
    api: httpx.Client, visitor: Browser
) -> None:
    answer = visitor.post(
        "/gateway/groups", proposal=MODEL, name=MODEL, **places(east="2", west="1")
    )
    assert (answer.status_code, answer.url.path) == (200, "/gateway")
    assert ROUTED.findall(answer.text) == [MODEL]
    assert accepted(api) == {MODEL: [WEST, EAST]}

    visitor.post(f"/gateway/groups/{MODEL}", **places(east="1", west="5"))
    assert accepted(api) == {MODEL: [EAST, WEST]}

    gone = visitor.post(f"/gateway/groups/{MODEL}/withdraw")
    assert ROUTED.findall(gone.text) == []
    assert accepted(api) == {}
    assert visitor.post(f"/gateway/groups/{MODEL}/withdraw").status_code == 404


def test_a_refused_order_is_explained_beside_what_was_typed(
    api: httpx.Client, visitor: Browser
) -> None:
    for given, told in (
        (places(east="1", west=""), "a group has two members or more, not 1"),
        (places(east="1", west="1"), f"{EAST} and {WEST} have the same place"),
        (places(east="1", west="second"), f"{WEST} has no whole number for its place"),
    ):
        answer = visitor.post("/gateway/groups", proposal=MODEL, name="my-name", **given)
        assert answer.status_code == 422
        assert told in words(answer)
        assert 'value="my-name"' in answer.text
        assert "<title>Error: Gateway" in answer.text
    answer = visitor.post("/gateway/groups", proposal="", name="<b>", **places(east="1", west="2"))
    assert "'<b>' cannot name a group" in words(answer)
    assert "<b>" not in answer.text
    assert accepted(api) == {}


def test_a_taken_name_is_told_and_what_stands_stays(api: httpx.Client, visitor: Browser) -> None:
    body = {"name": MODEL, "order": [WEST, EAST]}
    assert api.post(GROUPS, json=body).status_code == 201
    answer = visitor.post("/gateway/groups", name=MODEL, **places(east="1", west="2"))
    assert answer.status_code == 409
    assert f"{MODEL} is an accepted group already" in words(answer)
    assert accepted(api) == {MODEL: [WEST, EAST]}


def test_a_member_whose_connection_is_gone_says_so(
    api: httpx.Client, visitor: Browser, clouds: ThreeClouds
) -> None:
    body = {"name": MODEL, "order": [EAST, WEST]}
    assert api.post(GROUPS, json=body).status_code == 201
    clouds.store.groups.save(MODEL, [EAST, "gone/gpt-oss"], replace=True)
    [group] = api.get(GROUPS).json()["accepted"]
    assert [each["routed"] for each in group["members"]] == [True, False]
    assert [each["route"] for each in group["others"]] == [WEST]
    assert "not routed now" in words(visitor.get("/gateway"))


def test_a_member_that_leads_to_another_model_says_so(
    api: httpx.Client, visitor: Browser, clouds: ThreeClouds
) -> None:
    body = {"name": MODEL, "order": [EAST, WEST]}
    assert api.post(GROUPS, json=body).status_code == 201
    clouds.store.groups.save(MODEL, [EAST, OTHER], model=MODEL, replace=True)
    [group] = api.get(GROUPS).json()["accepted"]
    assert [each["routed"] for each in group["members"]] == [True, False]
    reason = f"is for {MODEL}, and this leads to gpt-4o-mini now"
    assert reason in group["members"][1]["reason"]
    assert [each["route"] for each in group["others"]] == [WEST]
    assert reason in words(visitor.get("/gateway"))


def test_places_are_read_in_their_order_whatever_the_numbers_are() -> None:
    assert order_of({"order.b": "20", "order.a": " 3 ", "order.c": "", "name": "1"}) == ["a", "b"]
    for text in ("-1", "1.5", "²", "x"):
        with pytest.raises(GroupRefused, match="order: a has no whole number"):
            order_of({"order.a": text})
