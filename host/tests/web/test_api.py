"""The whole way by the API: connect, list, plan, deploy with events, ask, delete, remove."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bonito_emulators.azure.scenario import scenario
from host.tests.web.serving import Site

FOUNDRY = scenario.connections[0]
FIELDS = {**FOUNDRY.fields, **FOUNDRY.management}


@pytest.fixture(scope="module")
def api(site: Site) -> Iterator[httpx.Client]:
    with site.programme() as client:
        yield client


@pytest.fixture
def prod(api: httpx.Client) -> Iterator[str]:
    """A connection that may deploy."""
    body = {"cloud": "azure", "fields": FIELDS, "id": "prod"}
    assert api.post("/api/connections", json=body).status_code == 201
    yield "prod"
    api.delete("/api/connections/prod", params={"forget": True})


def plan(api: httpx.Client, **request: Any) -> Any:
    body = {"connection": "prod", "request": request}
    made = api.post("/api/plans", json=body)
    assert made.status_code == 201, made.text
    return made.json()


def events(api: httpx.Client, path: str) -> list[tuple[str, Any]]:
    """Read server-sent events to their end."""
    with api.stream("GET", path) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        text = "".join(answer.iter_text())
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if "data:" in block]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in blocks
    ]


def test_what_the_service_refuses_is_reported_and_not_stored(api: httpx.Client) -> None:
    body = {"cloud": "azure", "fields": FOUNDRY.wrong_fields, "id": "refused"}
    answer = api.post("/api/connections", json=body)
    assert answer.status_code == 422
    verdicts = {item["name"]: item["verdict"] for item in answer.json()["report"]["items"]}
    assert verdicts["authenticate"] == "failed"
    assert answer.json()["saved"] is False
    assert api.get("/api/connections/refused").status_code == 404
    assert FOUNDRY.wrong_fields["api_key"] not in answer.text


def test_a_connection_lists_deploys_answers_and_goes(api: httpx.Client, prod: str) -> None:
    models = api.get(f"/api/connections/{prod}/models").json()
    assert any(each["name"] == "gpt-4o" for each in models["items"])

    made = plan(api, model="gpt-4o", name="deployed-by-api")
    assert made["plan"]["sku"] == "GlobalStandard"
    begun = api.post(f"/api/plans/{made['id']}/deploy")
    assert begun.status_code == 202
    assert begun.json()["status"] == "started"
    told = events(api, f"/api/connections/{prod}/progress/deployed-by-api")
    assert told[-1][0] == "end"
    assert told[-2][1]["state"] == "ready"
    assert told[-2][1]["ended"] is True
    assert api.get(f"/api/plans/{made['id']}").json()["status"] == "done"

    place = f"/api/connections/{prod}/deployments/deployed-by-api"
    standing = api.get(place).json()
    assert standing["route"] == "prod/deployed-by-api"
    assert standing["deployment"]["owned"] is True

    asked = f"/api/connections/{prod}/try/deployed-by-api"
    with api.stream("POST", asked, json={"prompt": "Are you there?"}) as answer:
        assert answer.status_code == 200
        pieces = [piece for piece in answer.iter_text() if piece]
    assert "Are you there?" in "".join(pieces)
    [call] = [
        each for each in api.get("/api/gateway/calls").json() if each["model"] == standing["route"]
    ]
    assert (call["caller"], call["status"], call["streamed"]) == ("page", 200, True)

    assert api.delete(place).status_code == 202
    told = events(api, f"/api/connections/{prod}/progress/deployed-by-api")
    assert told[-2][1]["state"] == "absent"
    assert api.get(place).status_code == 404


def test_a_plan_is_carried_out_once(api: httpx.Client, prod: str) -> None:
    made = plan(api, model="gpt-4o", name="once")
    for _ in range(3):
        assert api.post(f"/api/plans/{made['id']}/deploy").status_code == 202
    events(api, f"/api/connections/{prod}/progress/once")
    again = api.post(f"/api/plans/{made['id']}/deploy")
    assert again.status_code == 409
    assert again.json()["error"]["class"] == "PlanRefused"
    api.delete(f"/api/connections/{prod}/deployments/once")
    events(api, f"/api/connections/{prod}/progress/once")


def test_credentials_that_cannot_deploy_say_what_is_missing(api: httpx.Client) -> None:
    body = {"cloud": "azure", "fields": FOUNDRY.fields, "id": "narrow"}
    assert api.post("/api/connections", json=body).json()["saved"] is True
    body = {"connection": "narrow", "request": {"model": "gpt-4o"}}
    answer = api.post("/api/plans", json=body)
    assert answer.status_code == 409
    assert answer.json()["error"]["class"] == "CapabilityUnavailable"
    assert "tenant_id" in answer.json()["error"]["hint"]
    api.delete("/api/connections/narrow")


def test_a_stored_secret_is_not_sent_to_another_address(api: httpx.Client, prod: str) -> None:
    fields = {"endpoint": "https://elsewhere.services.ai.azure.com"}
    answer = api.put(f"/api/connections/{prod}", json={"fields": fields})
    assert answer.status_code == 422
    assert "api_key" in answer.json()["error"]["problems"]


def test_a_secret_left_out_stays_and_an_emptied_group_goes(api: httpx.Client, prod: str) -> None:
    # The same address, written as people paste it.
    fields = {"endpoint": FOUNDRY.fields["endpoint"]}
    answer = api.put(f"/api/connections/{prod}", json={"fields": fields})
    assert answer.status_code == 200, answer.text
    assert answer.json()["saved"] is True
    assert "deploy" in answer.json()["capabilities"]["missing"]


def test_a_key_made_here_opens_the_gateway_until_it_is_revoked(
    site: Site, api: httpx.Client
) -> None:
    made = api.post("/api/gateway/keys", json={"name": "a test"}).json()
    bearer = {"authorization": f"Bearer {made['key']}"}
    assert httpx.get(f"{site.address}/v1/models", headers=bearer).status_code == 200
    assert made["key"] not in api.get("/api/gateway/keys").text
    assert api.delete(f"/api/gateway/keys/{made['caller']['id']}").status_code == 204
    assert httpx.get(f"{site.address}/v1/models", headers=bearer).status_code == 401


def test_no_answer_holds_a_secret(api: httpx.Client, site: Site, prod: str) -> None:
    secrets = {FIELDS["api_key"], FIELDS["client_secret"]}
    browser = site.browser()
    paths = (
        "/api/connections",
        f"/api/connections/{prod}",
        "/api/deployments",
        "/api/gateway",
        "/api/gateway/calls",
        "/connections",
        f"/connections/{prod}",
        f"/connections/{prod}/edit",
        "/deployments",
        "/gateway",
        "/metrics",
    )
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert not [each for each in secrets if each in answer.text], path
    log = site.log.read_text()
    assert not [each for each in (*secrets, site.token) if each in log]
