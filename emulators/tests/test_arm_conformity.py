"""ARM's answers against Azure's own types and official examples, where they lie at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bonito_emulators.azure import Creation, Pace
from emulators.tests.arm_types import Types
from emulators.tests.management import ACCOUNT, GROUP, LOCATION, PREVIEW, PROVIDER, SCOPE, order

if TYPE_CHECKING:
    from bonito_emulators.azure import AzureCloud
    from emulators.tests.management import Arm

FACTS = Path(__file__).parents[3] / "shared" / "reference" / "azure-data"
TYPES = FACTS / "bicep-types-az" / "2025-09-01" / "types.json"
EXAMPLES = FACTS / "azure-rest-api-specs-examples"
pytestmark = pytest.mark.skipif(
    not FACTS.is_dir(), reason="Azure's types and examples lie beside the project and are not here"
)
SERVICE = "Microsoft.CognitiveServices"


@pytest.fixture(scope="module")
def types() -> Types:
    return Types(TYPES)


def conforms(types: Types, resource: str, value: object) -> None:
    assert list(types.faults(types.resource(f"{SERVICE}/{resource}"), value)) == []


@pytest.mark.parametrize(
    "planted",
    [
        {"surplus": 1},
        {"properties": {"provisioningState": 1}},
        {"properties": {"restore": True}},
        {"sku": {}},
        {"type": "Microsoft.CognitiveServices/other"},
        {"name": "-"},
        {"tags": {"a": 1}},
    ],
)
def test_the_judge_sees_what_is_wrong(types: Types, arm: Arm, planted: dict[str, Any]) -> None:
    account = arm("GET", ACCOUNT).json()
    conforms(types, "accounts", account)
    kind = types.resource(f"{SERVICE}/accounts")
    assert len(list(types.faults(kind, account | planted))) == 1


def test_accounts_conform(types: Types, arm: Arm, cloud: AzureCloud) -> None:
    for bare in (False, True):
        if bare:
            cloud.account("acme").custom_subdomain = None
        accounts = arm("GET", f"{SCOPE}{PROVIDER}/accounts").json()["value"]
        assert len(accounts) == 2
        for account in accounts:
            conforms(types, "accounts", account)


def test_deployments_conform_in_every_state(types: Types, arm: Arm, cloud: AzureCloud) -> None:
    body = order("OpenAI/gpt-4o-mini/2024-07-18", tags={"a": "b"}, raiPolicyName="Default")
    answers = [arm.put("at-once", body).json()]
    for state in ("Accepted", "Creating"):
        creation = Creation(shape="body", pending_state=state, pace=Pace(looks=0))
        cloud.account("acme").creation = creation
        answers.append(arm.put(state, body).json())
        answers.append(arm.deployment(state).json())
    answers += arm("GET", f"{ACCOUNT}/deployments").json()["value"]
    patched = arm("PATCH", f"{ACCOUNT}/deployments/mini", json={"tags": {"c": "d"}})
    answers.append(patched.json())
    seen = {each["properties"]["provisioningState"] for each in answers}
    assert seen == {"Accepted", "Creating", "Succeeded"}
    for answer in answers:
        conforms(types, "accounts/deployments", answer)


def test_keys_conform(types: Types, arm: Arm) -> None:
    keys = arm("POST", f"{ACCOUNT}/listKeys").json()
    assert list(types.faults(types.named("ApiKeys"), keys)) == []


def test_the_rate_limits_of_models_conform(types: Types, arm: Arm) -> None:
    kind = types.named("ThrottlingRule")
    limits = [
        limit
        for item in arm("GET", f"{ACCOUNT}/models").json()["value"]
        for sku in item["skus"]
        for limit in sku.get("rateLimits", [])
    ]
    assert len(limits) > 10
    assert [fault for limit in limits for fault in types.faults(kind, limit)] == []


# What the examples have and these answers need not: old kinds of account, optional fields.
OPTIONAL = {
    "value[].model.finetuneCapabilities",
    "value[].model.deprecation.fineTune",
    "value[].baseModel",
    "value[].baseModel.format",
    "value[].baseModel.name",
    "value[].baseModel.version",
    "value[].deprecation.fineTune",
    "value[].status",
    "value[].nextResetTime",
    "value[].quotaPeriod",
}
# Free keys: only that both are objects is compared.
FREE = {"capabilities", "finetuneCapabilities", "tags", "endpoints"}


def shape(value: object, where: str = "") -> dict[str, str]:
    """The path of everything in a value, with its JSON type; items of lists together."""
    if isinstance(value, dict):
        found = {where: "object"}
        for key, inner in value.items():
            if where.rpartition(".")[2] not in FREE:
                found |= shape(inner, f"{where}.{key}".removeprefix("."))
        return found
    if isinstance(value, list):
        found = {where: "list"}
        for inner in value:
            found |= shape(inner, f"{where}[]")
        return found
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {where: "number" if number else type(value).__name__}


@pytest.mark.parametrize(
    ("example", "method", "path", "version"),
    [
        ("preview-2023-10-01-preview__ListUsages", "GET", f"{LOCATION}/usages", "2025-09-01"),
        ("preview-2025-04-01-preview__ListAccountModels", "GET", f"{ACCOUNT}/models", "2025-09-01"),
        (
            "preview-2025-10-01-preview__GetDeployment",
            "GET",
            f"{ACCOUNT}/deployments/mini",
            PREVIEW,
        ),
        ("preview-2025-10-01-preview__ListKeys", "POST", f"{ACCOUNT}/listKeys", PREVIEW),
        ("stable-2025-06-01__GetAccount", "GET", ACCOUNT, "2025-09-01"),
        ("stable-2025-06-01__ListLocationModels", "GET", f"{LOCATION}/models", "2025-09-01"),
        ("stable-2025-09-01__GetUsages", "GET", f"{ACCOUNT}/usages", "2025-09-01"),
        (
            "stable-2025-09-01__ListAccountsBySubscription",
            "GET",
            f"{SCOPE}{PROVIDER}/accounts",
            "2025-09-01",
        ),
        ("stable-2025-09-01__ListDeployments", "GET", f"{ACCOUNT}/deployments", "2025-09-01"),
    ],
)
def test_answers_have_what_the_official_examples_have(
    arm: Arm, *, example: str, method: str, path: str, version: str
) -> None:
    expected = json.loads((EXAMPLES / f"{example}.json").read_text())["responses"]["200"]["body"]
    theirs, ours = shape(expected), shape(arm(method, path, version=version).json())
    missing = theirs.keys() - ours.keys()
    assert missing <= OPTIONAL
    assert {where: ours[where] for where in theirs.keys() - missing} == {
        where: kind for where, kind in theirs.items() if where not in missing
    }


@pytest.mark.parametrize("shape_of_creation", ["immediate", "body"])
def test_the_body_of_the_official_example_is_taken_and_answered_alike(
    arm: Arm, cloud: AzureCloud, shape_of_creation: Any
) -> None:
    file = json.loads((EXAMPLES / "stable-2025-06-01__PutDeployment.json").read_text())
    body = file["parameters"]["deployment"]
    body["properties"]["model"] |= {"name": "gpt-4o-mini", "version": "2024-07-18"}
    cloud.account("acme").creation = Creation(shape=shape_of_creation, pending_state="Accepted")
    created = arm.put("new", body)
    example = file["responses"]["201"]["body"]
    assert created.status_code == 201
    assert shape(example).items() <= shape(created.json()).items()
    if shape_of_creation == "body":
        state = example["properties"]["provisioningState"]
        assert created.json()["properties"]["provisioningState"] == state


def test_deleting_answers_with_the_codes_of_the_official_example(arm: Arm) -> None:
    file = json.loads((EXAMPLES / "stable-2025-06-01__DeleteDeployment.json").read_text())
    path = f"{GROUP}{PROVIDER}/accounts/acme/deployments/mini"
    codes = [arm("DELETE", path).status_code for _ in range(2)]
    assert codes == [200, 204]
    assert {str(code) for code in codes} <= file["responses"].keys()
