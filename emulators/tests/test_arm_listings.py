from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from bonito_emulators.azure import (
    DEFAULT_SUBSCRIPTION,
    Account,
    AzureCloud,
    Deployment,
    QuotaRow,
)
from emulators.tests.conftest import KEYS
from emulators.tests.management import ACCOUNT, GROUP, LOCATION, PROVIDER, SCOPE, Arm, error

if TYPE_CHECKING:
    from bonito_emulators import Emulation


def values(arm: Arm, path: str) -> list[dict[str, Any]]:
    """Everything a listing gives, by following its links."""
    answer = arm("GET", path)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["value"]
    while link := answer.json().get("nextLink"):
        answer = arm.follow(link)
        items += answer.json()["value"]
    return items


@pytest.mark.parametrize("path", [f"{SCOPE}{PROVIDER}/accounts", f"{GROUP}{PROVIDER}/accounts"])
def test_accounts_are_listed(arm: Arm, path: str) -> None:
    assert [each["name"] for each in values(arm, path)] == ["acme", "legacy"]


def test_an_account_of_foundry_names_its_hosts(arm: Arm) -> None:
    account = arm("GET", ACCOUNT).json()
    properties = account["properties"]
    assert (account["kind"], account["location"]) == ("AIServices", "swedencentral")
    assert properties["endpoint"] == "https://acme.cognitiveservices.azure.com/"
    endpoints = properties["endpoints"]
    assert endpoints["AI Foundry API"] == "https://acme.services.ai.azure.com/"
    assert endpoints["Azure AI Model Inference API"] == "https://acme.services.ai.azure.com/"
    moniker = "Azure OpenAI Legacy API - Latest moniker"
    assert endpoints[moniker] == "https://acme.openai.azure.com/"
    assert properties["customSubDomainName"] == "acme"
    assert properties["defaultProject"] == "team"


def test_an_account_of_openai_has_no_foundry(arm: Arm) -> None:
    account = arm("GET", ACCOUNT.replace("acme", "legacy")).json()
    assert account["kind"] == "OpenAI"
    assert account["properties"]["endpoint"] == "https://legacy.openai.azure.com/"
    assert "AI Foundry API" not in account["properties"]["endpoints"]
    assert "allowProjectManagement" not in account["properties"]


def test_without_a_subdomain_the_endpoint_is_the_regions(arm: Arm, cloud: AzureCloud) -> None:
    acme = cloud.account("acme")
    acme.custom_subdomain = None
    properties = arm("GET", ACCOUNT).json()["properties"]
    assert properties["endpoint"] == "https://swedencentral.api.cognitive.microsoft.com/"
    assert "customSubDomainName" not in properties
    services = "acme.services.ai.azure.com"
    assert properties["endpoints"]["AI Foundry API"] == f"https://{services}/"
    assert cloud.knows(services)
    assert not cloud.knows("acme.openai.azure.com")


def test_a_subdomain_of_another_name_is_where_the_account_answers(cloud: AzureCloud) -> None:
    account = Account(name="Contoso-AI", keys=KEYS, custom_subdomain="Friendly")
    named = AzureCloud([account])
    assert named.knows("friendly.openai.azure.com")
    assert not named.knows("contoso-ai.openai.azure.com")


def test_keys_are_listed_unless_they_are_disabled(arm: Arm, cloud: AzureCloud) -> None:
    listed = arm("POST", f"{ACCOUNT}/listKeys")
    assert listed.json() == {"key1": KEYS[0], "key2": KEYS[1]}
    cloud.account("acme").local_auth_disabled = True
    refused = arm("POST", f"{ACCOUNT}/listKeys")
    assert error(refused) == (400, "BadRequest")
    message = "Failed to list key. disableLocalAuth is set to be true"
    assert refused.json()["error"]["message"] == message
    assert arm("GET", ACCOUNT).json()["properties"]["disableLocalAuth"] is True


def test_a_locations_models_come_in_one_big_page_and_wrapped(arm: Arm) -> None:
    answer = arm("GET", f"{LOCATION}/models").json()
    assert answer.keys() == {"value"}
    assert len(answer["value"]) >= 60
    item = answer["value"][0]
    assert item["skuName"] == "S0"
    assert item["location"] == "SwedenCentral"
    assert item["id"].endswith(f"/locations/SwedenCentral/models/{item['name']}")
    assert {"format", "name", "version", "skus", "capabilities"} <= item["model"].keys()


def test_an_accounts_models_are_flat_and_of_its_kind(arm: Arm) -> None:
    foundry = values(arm, f"{ACCOUNT}/models")
    openai = values(arm, f"{ACCOUNT.replace('acme', 'legacy')}/models")
    assert {item["format"] for item in openai} == {"OpenAI"}
    assert len({item["format"] for item in foundry}) >= 10
    assert "AI21-Jamba-1.5-Mini" not in {item["name"] for item in foundry}


@pytest.mark.parametrize(
    "path", [f"{LOCATION}/models", f"{ACCOUNT}/models", f"{ACCOUNT}/deployments"]
)
def test_pages_add_up_to_the_whole_listing(arm: Arm, cloud: AzureCloud, path: str) -> None:
    whole = values(arm, path)
    cloud.page_size = 2
    first = arm("GET", path).json()
    assert len(first["value"]) == 2
    assert first["nextLink"].startswith(f"https://management.azure.com{path}?")
    assert values(arm, path) == whole


def test_a_link_that_was_changed_is_refused(
    arm: Arm, cloud: AzureCloud, emulation: Emulation
) -> None:
    cloud.page_size = 2
    link = arm("GET", f"{ACCOUNT}/models").json()["nextLink"]
    query = urlsplit(link).query
    assert error(arm.follow(f"{ACCOUNT}/deployments?{query}")) == (400, "InvalidSkipToken")
    assert error(arm.follow(f"{link}x")) == (400, "InvalidSkipToken")
    assert len(emulation.log.violations) == 2


def rows(arm: Arm, path: str = f"{LOCATION}/usages") -> dict[str, tuple[int, int]]:
    items = values(arm, path)
    return {row["name"]["value"]: (row["currentValue"], row["limit"]) for row in items}


def test_usages_count_what_stands_and_what_is_used_elsewhere(arm: Arm, cloud: AzureCloud) -> None:
    name = "OpenAI.GlobalStandard.gpt-4o"
    assert rows(arm)[name] == (20, 450)
    cloud.account("acme").add(Deployment(name="big", model="gpt-4o", capacity=30))
    assert rows(arm)[name] == (50, 450)
    assert rows(arm, f"{ACCOUNT}/usages")[name] == (50, 450)
    failed = Deployment(name="big", model="gpt-4o", capacity=30, provisioning_state="Failed")
    cloud.account("acme").add(failed)
    assert rows(arm)[name] == (20, 450)


def test_models_that_share_a_row_use_it_together(arm: Arm, cloud: AzureCloud) -> None:
    acme = cloud.account("acme")
    acme.add(Deployment(name="phi", model="Phi-4", capacity=1))
    acme.add(Deployment(name="llama", model="Llama-3.3-70B-Instruct", version="1", capacity=1))
    assert rows(arm)["AIServices.GlobalStandard.MaaS"] == (2, 600)


def test_deployments_of_another_region_use_their_own_quota(arm: Arm, cloud: AzureCloud) -> None:
    cloud.account("acme").region = "westeurope"
    before = rows(arm)["AIServices.GlobalStandard.DeepSeek-V3.1"]
    assert before == (0, 1000)
    elsewhere = rows(arm, f"{SCOPE}{PROVIDER}/locations/westeurope/usages")
    assert elsewhere["AIServices.GlobalStandard.DeepSeek-V3.1"] == (50, 1000)


def test_a_new_subscription_lists_no_usages_though_it_has_limits(
    arm: Arm, cloud: AzureCloud
) -> None:
    cloud.subscription(DEFAULT_SUBSCRIPTION).usages_listed = False
    assert arm("GET", f"{LOCATION}/usages").json() == {"value": []}


def test_a_row_may_have_no_localised_name(arm: Arm, cloud: AzureCloud) -> None:
    quota = cloud.subscription(DEFAULT_SUBSCRIPTION).quota("swedencentral")
    quota["bare"] = QuotaRow(name="bare", limit=1)
    found = next(r for r in values(arm, f"{LOCATION}/usages") if r["name"]["value"] == "bare")
    assert found["name"] == {"value": "bare"}
    assert found["unit"] == "Count"
