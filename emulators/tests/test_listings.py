"""The four listings, and what each can and cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bonito_emulators.azure import Account, Deployment, bundled_catalogue

if TYPE_CHECKING:
    from bonito_emulators import Emulation

LISTING = "/openai/deployments?api-version=2023-03-15-preview"
PROJECT = "/api/projects/team/deployments?api-version=v1"


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def pages(client: httpx.Client, url: str, key: str) -> list[list[Any]]:
    """Follows `nextLink` as it is given."""
    found = []
    while url:
        page = client.get(url, headers=bearer(key)).json()
        found.append(page["value"])
        url = page.get("nextLink", "")
    return found


def test_v1_models_are_the_regions_base_models_and_not_the_deployments(
    client: httpx.Client, key: str
) -> None:
    answer = client.get("/openai/v1/models", headers={"api-key": key}).json()
    assert answer["object"] == "list"
    models = {item["id"]: item for item in answer["data"]}
    assert {"gpt-4o-2024-11-20", "DeepSeek-V3.1", "text-embedding-3-small"} <= models.keys()
    assert {"mini", "partner", "reasoner", "vectors"} & models.keys() == set()
    assert models["babbage"]["lifecycle_status"] == "deprecated"
    assert models["babbage"]["deprecation"] == {"inference": 1718323200}
    assert models["grok-3"]["lifecycle_status"] == "preview"
    assert models["text-embedding-3-small"]["capabilities"]["embeddings"] is True
    assert models["gpt-4o-2024-11-20"]["capabilities"]["chat_completion"] is True
    assert {item["object"] for item in answer["data"]} == {"model"}


def test_classic_models_are_the_same_in_the_classic_shape(client: httpx.Client, key: str) -> None:
    client.headers["api-key"] = key
    classic = client.get("/openai/models?api-version=2024-10-21").json()["data"]
    v1 = client.get("/openai/v1/models").json()["data"]
    assert [item["id"] for item in classic] == [item["id"] for item in v1]
    assert classic[0]["status"] == "succeeded"
    assert "created_at" in classic[0]
    assert "created" not in classic[0]
    assert client.get("/openai/models").status_code == 404


@pytest.mark.parametrize("header", ["api-key", "authorization"])
def test_the_old_listing_gives_what_stands(client: httpx.Client, key: str, header: str) -> None:
    headers = {header: f"Bearer {key}" if header == "authorization" else key}
    data = client.get(LISTING, headers=headers).json()["data"]
    assert [(item["id"], item["model"], item["status"]) for item in data] == [
        ("mini", "gpt-4o-mini", "succeeded"),
        ("partner", "DeepSeek-V3.1", "succeeded"),
        ("reasoner", "gpt-5-mini", "succeeded"),
        ("sonnet", "claude-sonnet-4-5", "succeeded"),
        ("vectors", "text-embedding-3-small", "succeeded"),
    ]


@pytest.mark.parametrize("query", ["", "?api-version=2024-10-21", "?api-version=2023-05-15"])
def test_later_versions_do_not_serve_the_old_listing(
    emulation: Emulation, client: httpx.Client, key: str, query: str
) -> None:
    answer = client.get(f"/openai/deployments{query}", headers={"api-key": key})
    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "404", "message": "Resource not found"}}
    assert emulation.log.violations == []


def test_the_old_listing_can_vanish(client: httpx.Client, key: str, account: Account) -> None:
    account.legacy_listing = False
    assert client.get(LISTING, headers={"api-key": key}).status_code == 404


def test_changes_in_the_account_show_at_once(
    client: httpx.Client, key: str, account: Account
) -> None:
    account.remove("mini")
    account.add(Deployment(name="partner", model="grok-3"))
    account.add(Deployment(name="new", model="gpt-4o", version="2024-08-06"))
    data = client.get(LISTING, headers={"api-key": key}).json()["data"]
    listed = {item["id"]: item["model"] for item in data}
    assert listed.keys() == {"partner", "reasoner", "sonnet", "vectors", "new"}
    assert (listed["partner"], listed["new"]) == ("grok-3", "gpt-4o")


def test_the_project_listing_comes_in_pages(
    emulation: Emulation, client: httpx.Client, key: str
) -> None:
    found = pages(client, PROJECT, key)
    assert [len(page) for page in found] == [2, 2, 1]
    assert found[1][1] == {
        "name": "sonnet",
        "type": "ModelDeployment",
        "modelName": "claude-sonnet-4-5",
        "modelVersion": "20250929",
        "modelPublisher": "Anthropic",
        "capabilities": {"chat_completion": "true"},
        "sku": {"name": "GlobalStandard", "capacity": 50},
    }
    assert emulation.log.violations == []


def test_the_project_listing_filters(client: httpx.Client, key: str) -> None:
    found = pages(client, f"{PROJECT}&modelPublisher=OpenAI", key)
    names = [item["name"] for page in found for item in page]
    assert names == ["mini", "reasoner", "vectors"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (PROJECT.replace("team", "other"), 404),
        (PROJECT.replace("=v1", "=2024-10-21"), 400),
        (PROJECT.partition("?")[0], 400),
        (f"https://acme.openai.azure.com{PROJECT}", 404),
    ],
)
def test_the_project_listing_is_strict(
    client: httpx.Client, key: str, url: str, status: int
) -> None:
    assert client.get(url, headers=bearer(key)).status_code == status


def test_the_project_listing_takes_a_key_as_bearer_only_and_may_take_none(
    client: httpx.Client, key: str, account: Account
) -> None:
    assert client.get(PROJECT, headers={"api-key": key}).status_code == 401
    assert client.get(PROJECT, headers={"api-key": key, **bearer(key)}).status_code == 200
    account.project_listing_accepts_key = False
    assert client.get(PROJECT, headers=bearer(key)).status_code == 401


def test_the_catalogue_is_broad_and_names_its_sources() -> None:
    catalogue = bundled_catalogue()
    assert len({(model.format, model.name) for model in catalogue}) >= 40
    assert len({model.format for model in catalogue}) >= 10
    assert len({model.id for model in catalogue}) == len(catalogue)


def test_a_deployment_of_a_model_that_is_not_in_the_catalogue_cannot_be_made(
    account: Account,
) -> None:
    with pytest.raises(LookupError, match="no model 'gpt-9'"):
        account.add(Deployment(name="x", model="gpt-9"))
    with pytest.raises(LookupError, match="'o3' in version 1999"):
        Account(
            name="a",
            keys=("1", "2"),
            deployments=[Deployment(name="x", model="o3", version="1999")],
        )
