"""The traps of the real catalogue are in the bundled one, and a recorded one can replace it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bonito_emulators.azure import DEFAULT_SUBSCRIPTION, Account, AzureCloud, Deployment
from bonito_emulators.azure.arm_catalogue import bundled_entries
from bonito_emulators.azure.quota import bundled_quota
from emulators.tests.management import ACCOUNT, PROVIDER, SCOPE, Arm, error, order

ENTRIES = bundled_entries()
RECORDED = Path(__file__).parents[3] / "shared" / "reference" / "azure-data" / "recorded"
recording = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the recordings lie beside the project and are not here"
)


def of(name: str, version: str = "1") -> Any:
    return next(each for each in ENTRIES if (each.name, each.version) == (name, version))


def test_there_are_many_entries_of_many_publishers() -> None:
    assert len(ENTRIES) >= 60
    assert len({each.format for each in ENTRIES}) >= 12
    assert {" " in each.format for each in ENTRIES} == {True, False}


def test_models_are_repeated_for_each_kind_of_account() -> None:
    kinds = {
        name: {e.kind for e in ENTRIES if e.name == name}
        for name in ("gpt-4o", "DeepSeek-V3.1", "AI21-Jamba-1.5-Mini")
    }
    assert kinds == {
        "gpt-4o": {"OpenAI", "AIServices"},
        "DeepSeek-V3.1": {"AIServices", "MaaS"},
        "AI21-Jamba-1.5-Mini": {"MaaS"},
    }


def test_no_version_of_a_partner_is_the_default_one() -> None:
    partners = [each for each in ENTRIES if each.format != "OpenAI"]
    assert not any(each.model["isDefaultVersion"] for each in partners)


def test_the_quota_of_a_model_can_change_with_its_version() -> None:
    rows = [
        of("Llama-3.3-70B-Instruct", version).sku("GlobalStandard")["usageName"]
        for version in ("4", "5")
    ]
    assert rows == [
        "AIServices.GlobalStandard.MaaS",
        "AIServices.GlobalStandard.Llama-3.3-70B-Instruct",
    ]


def test_there_are_entries_without_skus_and_with_internal_ones_only() -> None:
    assert of("babbage").model["skus"] == []
    names = {sku["name"] for sku in of("gpt-4.1", "2025-04-14-text").model["skus"]}
    assert names == {"Provisioned"}


@pytest.mark.parametrize("name", ["DeepSeek-R1", "MAI-DS-R1"])
def test_a_default_capacity_can_be_more_than_the_limit(name: str) -> None:
    sku = of(name).sku("GlobalStandard")
    assert sku["capacity"]["default"] == 5000
    assert bundled_quota()[sku["usageName"]].limit == 1000


def test_capacities_lack_bounds_and_rows_lack_entries() -> None:
    skus = [sku for each in ENTRIES for sku in each.model["skus"]]
    for bound in ("minimum", "step", "default"):
        assert {bound in sku["capacity"] for sku in skus} == {True, False}
    listed = {sku["usageName"] in bundled_quota() for sku in skus}
    assert listed == {True, False}


def test_the_spelling_of_rows_is_irregular() -> None:
    usages = {sku["usageName"] for sku in of("gpt-4.1", "2025-04-14").model["skus"]}
    assert {"OpenAI.GlobalStandard.gpt4.1", "OpenAI.GlobalBatch.gpt-4.1"} <= usages


def test_capabilities_can_be_empty_hidden_or_false() -> None:
    assert of("embed-v-4-0").model["capabilities"] == {}
    assert "_H_serverless-base-model-id" in of("Stable-Image-Core").model["capabilities"]
    assert of("mistral-document-ai-2505").model["capabilities"]["chatCompletion"] == "false"


def test_images_are_limited_by_requests() -> None:
    limits = of("FLUX-1.1-pro").sku("GlobalStandard")["rateLimits"]
    assert [limit["key"] for limit in limits] == ["request"]
    row = bundled_quota()["AIServices.GlobalStandard.FLUX-1.1-pro"]
    assert row.title.startswith("Requests Per Minute")


def test_all_lifecycles_occur() -> None:
    found = {each.lifecycle for each in ENTRIES}
    assert found == {"Preview", "GenerallyAvailable", "Stable", "Deprecating", "Deprecated"}


def test_what_is_sold_by_a_partner_is_not_on_the_wire() -> None:
    assert {each.marketplace for each in ENTRIES} == {True, False}
    assert "marketplace" not in json.dumps([dict(each.model) for each in ENTRIES])


def test_every_entry_is_served_as_the_data_planes_list_it() -> None:
    for entry in ENTRIES:
        served = entry.served_model()
        assert (served.name, served.version) == (entry.name, entry.version)
    assert of("text-embedding-3-small").served_model().kind == "embeddings"
    assert of("embed-v-4-0").served_model().kind == "embeddings"
    assert of("o3", "2025-04-16").served_model().reasoning


@recording
def test_a_recorded_region_is_listed_deployed_and_called(
    arm: Arm, cloud: AzureCloud, key: str
) -> None:
    acme = cloud.account("acme")
    acme.region, acme.deployments = "westeurope", []
    assert cloud.load_recorded(RECORDED / "models.json", RECORDED / "usages.json") == "westeurope"
    location = f"{SCOPE}{PROVIDER}/locations/westeurope"
    recorded = json.loads((RECORDED / "models.json").read_text())["value"]
    listed = arm("GET", f"{location}/models").json()["value"]
    zeros = "00000000-0000-0000-0000-000000000000"
    assert json.dumps(listed).replace(DEFAULT_SUBSCRIPTION, zeros) == json.dumps(recorded)
    quota = json.loads((RECORDED / "usages.json").read_text())
    assert arm("GET", f"{location}/usages").json() == quota
    assert arm.put("grok", order("xAI/grok-3/1", capacity=10)).status_code == 201
    assert error(arm.put("mai", order("Microsoft/MAI-DS-R1/1", capacity=5000)))[0] == 400
    body = {"model": "grok", "messages": [{"role": "user", "content": "hi"}]}
    url = "https://acme.services.ai.azure.com/openai/v1/chat/completions"
    answers = [arm.client.post(url, json=body, headers={"api-key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [404, 200]
    assert arm("DELETE", f"{ACCOUNT}/deployments/grok").status_code == 200


@recording
def test_entries_that_both_have_are_alike() -> None:
    recorded = json.loads((RECORDED / "models.json").read_text())["value"]
    for row in recorded:
        model = row["model"]
        entry = next(
            each
            for each in ENTRIES
            if (each.kind, each.name, each.version)
            == (row["kind"], model["name"], model["version"])
        )
        assert entry.model.keys() <= model.keys()
        assert entry.model["isDefaultVersion"] == model["isDefaultVersion"]
        assert entry.lifecycle == model["lifecycleStatus"]
        assert entry.model["modelCatalogAssetId"] == model["modelCatalogAssetId"]
        assert entry.model["capabilities"].items() <= model["capabilities"].items()
        theirs = {sku["name"]: sku for sku in model["skus"]}
        for sku in entry.model["skus"]:
            assert sku["usageName"] == theirs[sku["name"]]["usageName"]
            assert sku["capacity"] == theirs[sku["name"]]["capacity"]
            assert sku.get("rateLimits") in (None, theirs[sku["name"]].get("rateLimits"))


def test_a_cloud_that_offers_little_keeps_what_stands() -> None:
    standing = Deployment(name="mini", model="gpt-4o-mini")
    account = Account(name="contoso", keys=("k" * 32, "l" * 32), deployments=[standing])
    cloud = AzureCloud([account])
    cloud.offer_only(("gpt-4o",))
    assert {entry.name for entry in cloud.entries("swedencentral")} == {"gpt-4o"}
    assert {model.name for model in account.catalogue} == {"gpt-4o", "gpt-4o-mini"}
