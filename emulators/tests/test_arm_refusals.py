from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonito_emulators.azure import DEFAULT_SUBSCRIPTION, AzureCloud, Creation, Deployment, Pace
from emulators.tests.management import (
    ACCOUNT,
    PREVIEW,
    PROVIDER_DATA,
    Arm,
    error,
    order,
)

if TYPE_CHECKING:
    from bonito_emulators import Emulation
    from bonito_emulators.azure import QuotaRow

pytestmark = pytest.mark.slow

GPT_4O = "OpenAI/gpt-4o/2024-11-20"
CLAUDE = "Anthropic/claude-sonnet-4-5/2"
TEN_YEARS = 10 * 365 * 86_400.0


def row(cloud: AzureCloud, name: str) -> QuotaRow:
    return cloud.subscription(DEFAULT_SUBSCRIPTION).quota("swedencentral")[name]


@pytest.mark.parametrize(
    ("model", "code", "words"),
    [
        ("OpenAI/babbage/1", "DeploymentModelNotSupported", "by the model 'babbage'. This is"),
        ("OpenAI/gpt-9/1", "DeploymentModelNotSupported", "'Format:OpenAI,Name:gpt-9,Version:1'"),
        ("OpenAI/DeepSeek-V3.1/1", "DeploymentModelNotSupported", "is not supported."),
        ("DeepSeek/DeepSeek-V3.1/", "DeploymentModelNotSupported", "Version:'"),
        ("AI21 Labs/AI21-Jamba-1.5-Mini/1", "DeploymentModelNotSupported", "AI21-Jamba"),
        ("xAI/grok-4-fast-reasoning/1", "ServiceModelDeprecating", "in deprecating state"),
        ("OpenAI/gpt-image-1/2025-04-15", "ServiceModelDeprecated", "since 01/31/2026 00:00:00."),
    ],
)
def test_models_that_cannot_be_deployed(
    arm: Arm, cloud: AzureCloud, model: str, code: str, words: str
) -> None:
    cloud.advance(TEN_YEARS)  # past every date of retirement but those of 2099
    arm.sign_in()
    refused = arm.put("new", order(model))
    assert error(refused) == (400, code)
    assert words in refused.json()["error"]["message"]
    assert arm.deployment("new").status_code == 404


def test_a_model_that_retires_far_away_can_be_deployed(arm: Arm, cloud: AzureCloud) -> None:
    cloud.advance(TEN_YEARS)
    arm.sign_in()
    assert arm.put("new", order("Microsoft/Phi-4/7")).status_code == 201


def test_without_a_version_the_default_one_is_taken(arm: Arm) -> None:
    answer = arm.put("new", order("OpenAI/gpt-4o/"))
    assert answer.json()["properties"]["model"]["version"] == "2024-11-20"


@pytest.mark.parametrize(
    ("model", "sku", "words"),
    [
        (GPT_4O, "S0", "The deployment sku name 'S0' is invalid."),
        (GPT_4O, None, "The deployment sku name 'S0' is invalid."),
        (
            GPT_4O,
            "DataZoneStandard",
            "for model 'gpt-4o 2024-11-20' is not supported in this region 'swedencentral'.",
        ),
        (
            "OpenAI/gpt-4o/2024-08-06",
            "GlobalBatch",
            "is not supported by the model 'gpt-4o' version: '2024-08-06'.",
        ),
    ],
)
def test_skus_that_are_not_to_be_had(arm: Arm, model: str, sku: str | None, words: str) -> None:
    refused = arm.put("new", order(model, sku=sku))
    assert error(refused) == (400, "InvalidResourceProperties")
    assert refused.json()["error"]["message"].endswith(words)


def test_a_sku_within_the_properties_is_not_seen(arm: Arm, emulation: Emulation) -> None:
    body = order(GPT_4O)
    body["properties"]["sku"] = body.pop("sku")
    assert error(arm.put("new", body)) == (400, "InvalidRequestContent")
    assert "properties.sku" in emulation.log.violations[0]


@pytest.mark.parametrize("capacity", [0, -1, 1_000_001, None, "5", 1.5, True])
def test_a_capacity_out_of_range_is_refused_with_the_range(arm: Arm, capacity: object) -> None:
    refused = arm.put("new", order(GPT_4O, capacity=capacity))
    assert error(refused) == (400, "InvalidCapacity")
    words = "of account deployment should be at least 1 and no more than 1000000."
    assert refused.json()["error"]["message"].endswith(words)


@pytest.mark.parametrize(("capacity", "words"), [(99, "at least 100"), (150, "a multiple of 100")])
def test_minimum_and_step_of_a_sku_hold(
    arm: Arm, cloud: AzureCloud, capacity: int, words: str
) -> None:
    row(cloud, "OpenAI.GlobalProvisionedManaged").limit = 1000
    sku = "GlobalProvisionedManaged"
    refused = arm.put("new", order("Microsoft/MAI-DS-R1/1", sku=sku, capacity=capacity))
    assert error(refused) == (400, "InvalidCapacity")
    assert words in refused.json()["error"]["message"]
    right = order("Microsoft/MAI-DS-R1/1", sku=sku, capacity=200)
    assert arm.put("new", right).status_code == 201


def test_the_quota_is_refused_with_the_numbers(arm: Arm) -> None:
    assert arm.put("first", order(GPT_4O, capacity=400)).status_code == 201
    refused = arm.put("second", order(GPT_4O, capacity=31))
    assert error(refused) == (400, "InsufficientQuota")
    title = "Tokens Per Minute (thousands) - gpt-4o - GlobalStandard"
    assert refused.json()["error"]["message"] == (
        f"This operation require 31 new capacity in quota {title}, which is bigger than the"
        " current available capacity 30. The current quota usage is 420 and the quota limit is"
        f" 450 for quota {title}."
    )
    assert arm.put("second", order(GPT_4O, capacity=30)).status_code == 201


def test_a_default_can_be_more_than_the_quota(arm: Arm) -> None:
    refused = arm.put("new", order("DeepSeek/DeepSeek-R1/1", capacity=5000))
    assert error(refused) == (400, "InsufficientQuota")
    assert "available capacity 1000." in refused.json()["error"]["message"]


def test_a_limit_of_zero_leaves_nothing(arm: Arm) -> None:
    refused = arm.put("new", order("OpenAI/gpt-5.5/2026-04-24"))
    assert error(refused) == (400, "InsufficientQuota")
    assert "the quota limit is 0" in refused.json()["error"]["message"]


def test_a_sku_without_a_row_leaves_nothing(arm: Arm) -> None:
    refused = arm.put("new", order("xAI/grok-3-mini/1"))
    assert error(refused) == (400, "InsufficientQuota")


def test_partners_share_one_row(arm: Arm, cloud: AzureCloud) -> None:
    row(cloud, "AIServices.GlobalStandard.MaaS").limit = 1
    assert arm.put("phi", order("Microsoft/Phi-4/7")).status_code == 201
    refused = arm.put("llama", order("Meta/Llama-3.3-70B-Instruct/1"))
    assert error(refused) == (400, "InsufficientQuota")
    assert "Default Quota for Model-as-a-Service" in refused.json()["error"]["message"]
    own = order("Meta/Llama-3.3-70B-Instruct/5", capacity=10)
    assert arm.put("llama", own).status_code == 201


def test_a_change_needs_only_the_difference(arm: Arm, cloud: AzureCloud) -> None:
    arm.put("new", order(GPT_4O, capacity=400))
    assert arm.put("new", order(GPT_4O, capacity=430)).status_code == 200
    refused = arm.put("new", order(GPT_4O, capacity=440))
    assert "require 10 new capacity" in refused.json()["error"]["message"]
    row(cloud, "OpenAI.GlobalStandard.gpt-4o").limit = 100
    assert arm.put("new", order(GPT_4O, capacity=200)).status_code == 200


def test_what_is_under_way_counts_and_what_is_deleted_does_not(arm: Arm, cloud: AzureCloud) -> None:
    cloud.account("acme").creations["first"] = Creation(shape="body", pace=Pace(looks=1))
    arm.put("first", order(GPT_4O, capacity=430))
    arm.deployment("first")
    arm.deployment("first")
    assert error(arm.put("second", order(GPT_4O))) == (400, "InsufficientQuota")
    arm("DELETE", f"{ACCOUNT}/deployments/first")
    assert arm.put("second", order(GPT_4O)).status_code == 201


@pytest.mark.parametrize(
    ("data", "version", "words"),
    [
        (None, PREVIEW, "Please provide all required fields: industry, organizationName, and"),
        (PROVIDER_DATA, "2025-09-01", "was not provided"),
        (PROVIDER_DATA | {"countryCode": "Sweden"}, PREVIEW, "countryCode"),
        (PROVIDER_DATA | {"industry": ""}, PREVIEW, "industry"),
    ],
)
def test_claude_needs_to_know_its_customer(
    arm: Arm, data: dict[str, str] | None, version: str, words: str
) -> None:
    more: dict[str, Any] = {} if data is None else {"modelProviderData": data}
    refused = arm.put("claude", order(CLAUDE, **more), version=version)
    assert error(refused) == (400, "InvalidModelProviderData")
    assert words in refused.json()["error"]["message"]


def test_claude_is_deployed_with_its_customers_data(arm: Arm) -> None:
    body = order(CLAUDE, modelProviderData=PROVIDER_DATA)
    assert arm.put("claude", body, version=PREVIEW).status_code == 201


def test_partner_models_need_a_subscription_that_may_buy(arm: Arm, cloud: AzureCloud) -> None:
    reason = "Cannot complete purchase as your enrollment is not enabled."
    cloud.subscription(DEFAULT_SUBSCRIPTION).marketplace_refusal = reason
    bought = order("Mistral AI/mistral-medium-2505/1")
    refused = arm.put("medium", bought)
    assert error(refused) == (400, "MarketplacePurchaseEligibilityFailed")
    assert refused.json()["error"]["message"].endswith(f"error message [{reason}]")
    assert arm.put("deepseek", order("DeepSeek/DeepSeek-V3.1/1")).status_code == 201
    cloud.subscription(DEFAULT_SUBSCRIPTION).marketplace_refusal = None
    assert arm.put("medium", bought).status_code == 201


def test_some_subscriptions_may_not_deploy_in_accounts_of_openai(
    arm: Arm, cloud: AzureCloud
) -> None:
    cloud.subscription(DEFAULT_SUBSCRIPTION).blocked_kinds = frozenset({"OpenAI"})
    path = f"{ACCOUNT.replace('acme', 'legacy')}/deployments/new"
    refused = arm("PUT", path, json=order(GPT_4O))
    assert error(refused) == (400, "SpecialFeatureOrQuotaIdRequired")
    assert arm.put("new", order(GPT_4O)).status_code == 201


def test_an_account_of_openai_deploys_no_partner_model(arm: Arm) -> None:
    path = f"{ACCOUNT.replace('acme', 'legacy')}/deployments/new"
    refused = arm("PUT", path, json=order("DeepSeek/DeepSeek-V3.1/1"))
    assert error(refused) == (400, "DeploymentModelNotSupported")
    standard = order("OpenAI/gpt-4o-mini/2024-07-18", sku="Standard", capacity=10)
    assert arm("PUT", path, json=standard).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {**order(GPT_4O), "unknown": 1},
        order(GPT_4O, unknown=1),
        {**order(GPT_4O), "sku": {"name": "GlobalStandard", "capcity": 1}},
        {**order(GPT_4O), "properties": {"model": {"format": "OpenAI", "nam": "gpt-4o"}}},
    ],
)
def test_keys_that_the_service_does_not_know_are_violations(
    arm: Arm, emulation: Emulation, body: dict[str, Any]
) -> None:
    assert error(arm.put("new", body)) == (400, "InvalidRequestContent")
    assert "unknown keys" in emulation.log.violations[0]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**order(GPT_4O), "tags": {"a": 1}}, "InvalidRequestContent"),
        ({**order(GPT_4O), "tags": []}, "InvalidRequestContent"),
        ({**order(GPT_4O), "tags": {"bonito/owner": "x"}}, "InvalidTagNameCharacters"),
        ({**order(GPT_4O), "sku": "GlobalStandard"}, "InvalidRequestContent"),
        (order(GPT_4O, versionUpgradeOption="Never"), "InvalidRequestContent"),
        ({}, "DeploymentModelNotSupported"),
    ],
)
def test_bodies_of_the_wrong_form_are_refused(arm: Arm, body: dict[str, Any], code: str) -> None:
    assert error(arm.put("new", body)) == (400, code)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"[]", "headers": {"content-type": "application/json"}}, 400),
        ({"data": {"a": "b"}}, 415),
    ],
)
def test_what_is_no_json_is_a_violation(
    arm: Arm, emulation: Emulation, given: dict[str, Any], status: int
) -> None:
    assert arm("PUT", f"{ACCOUNT}/deployments/new", **given).status_code == status
    assert len(emulation.log.violations) == 1


@pytest.mark.parametrize("name", ["-a", ".a", "a" * 65, "a%20b", "ä"])
def test_names_no_deployment_can_have_are_refused(arm: Arm, name: str) -> None:
    assert error(arm.put(name, order(GPT_4O))) == (400, "InvalidResourceName")


def test_a_deployment_is_made_exactly_when_it_fits_the_quota(arm: Arm, cloud: AzureCloud) -> None:
    quota, account = row(cloud, "OpenAI.GlobalStandard.gpt-4o"), cloud.account("acme")

    @given(
        limit=st.integers(0, 1000),
        elsewhere=st.integers(0, 1000),
        standing=st.lists(st.integers(1, 300), max_size=4),
        capacity=st.integers(1, 1200),
    )
    def fits_or_is_refused(limit: int, elsewhere: int, standing: list[int], capacity: int) -> None:
        quota.limit, quota.elsewhere = limit, elsewhere
        account.deployments = [
            Deployment(name=f"d{index}", model="gpt-4o", capacity=each)
            for index, each in enumerate(standing)
        ]
        fits = capacity <= limit - elsewhere - sum(standing)
        answer = arm.put("new", order(GPT_4O, capacity=capacity))
        assert answer.status_code == (201 if fits else 400)
        assert (account.deployment("new") is not None) is fits

    fits_or_is_refused()
